// Pictures and documents over data channels: offered by name and size, sent in chunks, gone on with after a broken line.
//
// The sender offers a file over `side`; the receiver answers with how much it has, and says so again with each chunk. The
// bytes travel in a channel of their own, whose label says of which file they are and where they begin: so a mark or a
// word never waits behind a picture. With a new connection the sender offers again, and goes on where the receiver
// stands. How much is on its way at once follows the delay of the answers: what makes a queue on the line would make the
// voice wait, for data channels know nothing of the sound beside them.

import type { Side, SideBody } from "./side";

export type FileType = "image/jpeg" | "image/png" | "application/pdf";

export interface FileFacts {
  readonly id: string;
  readonly name: string;
  readonly type: FileType;
  readonly size: number;
  /** The id of the picture whose first view this is: small, to be looked at until that one is here. */
  readonly of?: string;
}

export type Progress = "sending" | "waiting" | "done" | "refused";

export interface FilesOptions {
  /** How far an own file is, 0 to 1. */
  readonly onSent: (file: FileFacts, share: number, progress: Progress) => void;
  /** How far one of the other side's is. */
  readonly onComing: (file: FileFacts, share: number) => void;
  /** It is all there, and is what it says it is. */
  readonly onArrived: (file: FileFacts, bytes: Uint8Array<ArrayBuffer>) => void;
  /** Whether bytes are what they are said to be. */
  readonly check: (bytes: Uint8Array<ArrayBuffer>, type: FileType) => boolean;
  readonly now?: () => number;
}

export const TYPES: readonly FileType[] = ["image/jpeg", "image/png", "application/pdf"];
/** Bytes of one file. */
export const LARGEST = 6 * 1024 * 1024;
/** Files that one side may send in a call: twenty, and a first view of each. */
const MOST = 40;
const CHUNK = 8192;
const WIDEST = 32 * CHUNK;
/** An answer that comes so much later than the fastest one has waited in a queue, ms. */
const QUEUED_MS = 100;
const NAME_LIMIT = 80;
const ID = /^[0-9a-f-]{36}$/;
const LABEL = /^file:([0-9a-f-]{36}):(\d{1,9})$/;

interface Outgoing {
  readonly file: FileFacts;
  readonly bytes: Uint8Array<ArrayBuffer>;
  channel: RTCDataChannel | undefined;
  /** Sent, and answered for. */
  sent: number;
  had: number;
  width: number;
  fastest: number;
  readonly times: Map<number, number>;
}

interface Incoming {
  readonly file: FileFacts;
  readonly bytes: Uint8Array<ArrayBuffer>;
  had: number;
}

/** What the other side offers, if it can be taken. */
function offered({ id, name, type, size, of }: SideBody): FileFacts | undefined {
  const known = TYPES.find((one) => one === type);
  if (typeof id !== "string" || !ID.test(id) || typeof name !== "string" || !known) return undefined;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > LARGEST) return undefined;
  const first = typeof of === "string" && ID.test(of) ? { of } : {};
  return { id, name: name.slice(0, NAME_LIMIT), type: known, size, ...first };
}

export class Files {
  private readonly outgoing = new Map<string, Outgoing>();
  private readonly incoming = new Map<string, Incoming>();
  private readonly ends: (() => void)[];
  private readonly now: () => number;

  constructor(
    private readonly side: Side,
    private readonly options: FilesOptions,
  ) {
    this.now = options.now ?? (() => performance.now());
    this.ends = [
      side.on("file", (body) => this.asked(body)),
      side.on("file-have", (body) => this.answered(body)),
      side.on("file-no", ({ id }) => this.refused(String(id))),
      side.onChannel("file", (channel) => this.opened(channel)),
      side.onOpen(() => this.again()),
    ];
  }

  end(): void {
    for (const end of this.ends) end();
    for (const { channel } of this.outgoing.values()) channel?.close();
    this.outgoing.clear();
  }

  /** Sends a file as soon as there is a line, however often that breaks. */
  send(file: FileFacts, bytes: Uint8Array<ArrayBuffer>): void {
    const made = { channel: undefined, sent: 0, had: 0, width: 2 * CHUNK, fastest: Infinity };
    this.outgoing.set(file.id, { file, bytes, times: new Map(), ...made });
    this.offer(file);
  }

  private offer(file: FileFacts): void {
    const out = this.side.send("file", { ...file });
    const had = this.outgoing.get(file.id)?.had ?? 0;
    this.options.onSent(file, had / file.size, out ? "sending" : "waiting");
  }

  /** There is another line: what is not through is offered again. */
  private again(): void {
    for (const one of this.outgoing.values()) {
      one.channel = undefined;
      this.offer(one.file);
    }
  }

  private answered({ id, offset }: SideBody): void {
    const one = this.outgoing.get(String(id));
    if (!one || typeof offset !== "number" || !Number.isInteger(offset)) return;
    if (offset < 0 || offset > one.file.size) return;
    const { file } = one;
    one.had = offset;
    if (offset === file.size) {
      this.outgoing.delete(file.id);
      one.channel?.close();
      return this.options.onSent(file, 1, "done");
    }
    this.options.onSent(file, offset / file.size, "sending");
    if (one.channel) this.judge(one, offset);
    else this.begin(one, offset);
    this.pump(one);
  }

  /** Widens what is on its way while answers come at once, and narrows it when they begin to wait. */
  private judge(one: Outgoing, offset: number): void {
    const at = one.times.get(offset);
    one.times.delete(offset);
    if (at === undefined) return;
    const took = this.now() - at;
    one.fastest = Math.min(one.fastest, took);
    const wider = took < one.fastest + QUEUED_MS ? one.width + CHUNK : one.width * 0.7;
    one.width = Math.min(WIDEST, Math.max(CHUNK, wider));
  }

  private begin(one: Outgoing, offset: number): void {
    const channel = this.side.another(`file:${one.file.id}:${offset}`);
    if (!channel) return;
    one.channel = channel;
    one.sent = offset;
    one.times.clear();
    channel.onopen = () => this.pump(one);
  }

  private pump(one: Outgoing): void {
    const { channel, bytes, file } = one;
    if (channel?.readyState !== "open") return;
    while (one.sent < file.size && one.sent - one.had < one.width) {
      const end = Math.min(file.size, one.sent + CHUNK);
      channel.send(bytes.slice(one.sent, end));
      one.sent = end;
      one.times.set(end, this.now());
    }
  }

  private refused(id: string): void {
    const one = this.outgoing.get(id);
    this.outgoing.delete(id);
    one?.channel?.close();
    if (one) this.options.onSent(one.file, 0, "refused");
  }

  private asked(body: SideBody): void {
    const file = offered(body);
    const known = this.incoming.get(file?.id ?? "");
    if (!file || (!known && this.incoming.size >= MOST) || (known && known.file.size !== file.size)) {
      return void this.side.send("file-no", { id: body["id"] });
    }
    const one = known ?? { file, bytes: new Uint8Array(file.size), had: 0 };
    this.incoming.set(file.id, one);
    this.options.onComing(file, one.had / file.size);
    this.side.send("file-have", { id: file.id, offset: one.had });
  }

  private opened(channel: RTCDataChannel): void {
    const [, id = "", offset = ""] = LABEL.exec(channel.label) ?? [];
    const one = this.incoming.get(id);
    if (!one || Number(offset) !== one.had) return channel.close();
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }: { data: unknown }) => this.took(channel, one, data);
  }

  private took(channel: RTCDataChannel, one: Incoming, data: unknown): void {
    const { file, bytes } = one;
    if (!(data instanceof ArrayBuffer) || data.byteLength > file.size - one.had) return channel.close();
    bytes.set(new Uint8Array(data), one.had);
    one.had += data.byteLength;
    if (one.had === file.size && !this.options.check(bytes, file.type)) {
      return void this.side.send("file-no", { id: file.id });
    }
    this.side.send("file-have", { id: file.id, offset: one.had });
    this.options.onComing(file, one.had / file.size);
    if (one.had === file.size) this.options.onArrived(file, bytes);
  }
}
