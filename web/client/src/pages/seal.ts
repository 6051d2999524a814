// The worker in which sound and picture are sealed and opened: the browser hands each frame to it (WebRTC Encoded Transform).

import type { Bytes } from "../seal/frame";
import type { Order, Way } from "../seal/orders";
import { Workshop } from "../seal/workshop";

/** One frame, of sound or picture. */
interface Frame {
  data: ArrayBuffer;
}

interface Transformer {
  readonly readable: ReadableStream<Frame>;
  readonly writable: WritableStream<Frame>;
  readonly options: Way;
}

/** The part of a worker's world that is used here; the page's own types do not know it. */
interface World {
  postMessage(told: unknown): void;
  onmessage: (event: { readonly data: Order }) => void;
  onrtctransform: (event: { readonly transformer: Transformer }) => void;
}

const world = self as unknown as World;
const workshop = new Workshop((told) => world.postMessage(told));

world.onmessage = ({ data }) => workshop.order(data);
world.onrtctransform = ({ transformer: { readable, writable, options } }) => {
  const transform = async (frame: Frame, out: TransformStreamDefaultController<Frame>) => {
    const made: Bytes | undefined = await workshop.work(options, new Uint8Array(frame.data));
    if (!made) return;
    frame.data = made.buffer;
    out.enqueue(frame);
  };
  void readable
    .pipeThrough(new TransformStream({ transform }))
    .pipeTo(writable)
    .catch(() => undefined);
};
