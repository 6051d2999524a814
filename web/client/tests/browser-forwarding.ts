// For real browsers: one person of a larger call, with a steady tone and a small picture, who hears when somebody falls
// silent, and can look at what the forwarding server has in its hands. tests/browser/test_forwarding.py drives it.

import { Further } from "../src/further";
import { Room } from "../src/room";
import type { Line } from "../src/seal/circle";
import { imported, isSealed, Opener, type Bytes, type Kind } from "../src/seal/frame";
import { meansOf } from "../src/seal/means";
import type { SideBody } from "../src/side";
import { Signal } from "../src/signal";

const LOOK_MS = 20;
const AUDIBLE = 0.01;
/** Silence counts by looks that came in time: what a page on a busy machine has slept through tells nothing. */
const MOST_OF_ONE_LOOK_MS = 60;
const SILENT_MS = 300;

class Heard {
  private readonly analyser: AnalyserNode;
  private readonly samples = new Float32Array(512);
  private readonly element = new Audio();
  private source: MediaStreamAudioSourceNode | undefined;
  stream: MediaStream | undefined;
  streams = 0;
  private last = 0;
  /** The present silence and the longest one, ms. */
  silence = Infinity;
  gap = 0;

  constructor(private readonly context: AudioContext) {
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = this.samples.length;
    this.element.muted = true;
  }

  take(stream: MediaStream | undefined): void {
    if (!stream || stream === this.stream) return;
    this.stream = stream;
    this.streams += 1;
    this.element.srcObject = stream; // without an element Chromium decodes nothing
    void this.element.play();
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.analyser);
  }

  look(now: number): void {
    this.analyser.getFloatTimeDomainData(this.samples);
    const loud = this.samples.some((one) => Math.abs(one) > AUDIBLE);
    this.silence = loud ? 0 : this.silence + Math.min(now - this.last, MOST_OF_ONE_LOOK_MS);
    this.last = now;
    if (this.silence < Infinity) this.gap = Math.max(this.gap, this.silence);
  }
}

/** Hands every frame to the page as it came, and lets none pass. */
const TAP = `onrtctransform = async ({ transformer: { readable, options } }) => {
  for (const reader = readable.getReader(); ;) {
    const { value } = await reader.read();
    postMessage({ ...options, data: value.data });
  }
}`;

type Transform = new (worker: Worker, options: object) => object;
declare const RTCRtpScriptTransform: Transform;

const started = (text: string) => new Worker(URL.createObjectURL(new Blob([text])));

interface Tapped {
  readonly who: string;
  readonly kind: Kind;
  readonly data: Bytes;
}

interface GivenKey {
  readonly who: string;
  readonly id: number;
  readonly key: string;
}

class Member {
  /** All keys that the others gave. */
  readonly keys: GivenKey[] = [];
  private tapped: Tapped[] = [];
  readonly context = new AudioContext();
  readonly heard = new Map<string, Heard>();
  readonly errors: string[] = [];
  readonly states: string[] = [];
  readonly connections: RTCPeerConnection[] = [];
  present: readonly string[] = [];
  readonly room: Room;

  constructor(
    readonly signal: Signal,
    visit?: string,
  ) {
    this.room = new Room({
      signal,
      ...(visit !== undefined && { visit }),
      onState: (state, detail) => this.states.push(detail ? `${state} ${detail}` : state),
      onRoster: (members) => (this.present = members.map((one) => one.id)),
      onRemoteStream: (stream) => this.hears("first", stream),
      onFurther: (id, stream) => this.hears(id, stream),
      onError: (error) => this.errors.push(String(error)),
      create: (configuration) => {
        const made = new RTCPeerConnection(configuration);
        this.connections.push(made);
        return made;
      },
    });
    const further = Further.of(this.room);
    const { beside } = this.room;
    const { SEAL, LATE } = globalThis as unknown as { SEAL: string; LATE?: boolean };
    const learn = () => {
      // The text of the worker that the pages have, as the test has put it here.
      beside.means = meansOf(
        (to) => this.noting(to || this.room.first, further.side(to)),
        () => started(SEAL),
      );
      beside.onMeans?.();
    };
    if (LATE) Object.assign(globalThis, { learn });
    else learn();
    setInterval(() => {
      for (const one of this.heard.values()) one.look(performance.now());
    }, LOOK_MS);
  }

  enter(picture: boolean): void {
    const tone = this.context.createOscillator();
    const out = this.context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [96, 72];
    const paint = canvas.getContext("2d");
    let turn = 0;
    setInterval(() => {
      if (!paint) return;
      paint.fillStyle = `hsl(${(turn += 40) % 360} 80% 50%)`;
      paint.fillRect(0, 0, 96, 72);
    }, 200);
    this.room.use({
      audio: out.stream.getAudioTracks()[0] ?? null,
      video: picture ? (canvas.captureStream(5).getVideoTracks()[0] ?? null) : null,
    });
    this.room.enter();
  }

  /** Who is heard now, and what the longest silence was. */
  get now(): Record<string, number> {
    const fresh = [...this.heard].filter(([, one]) => one.silence < SILENT_MS);
    return Object.fromEntries(fresh.map(([id, one]) => [id, Math.round(one.gap)]));
  }

  /** Begins to measure silences. */
  listen(): void {
    for (const one of this.heard.values()) one.gap = 0;
  }

  /** Bytes of sound and picture sent so far, on each connection that is open, fewest first. */
  async sent(): Promise<number[]> {
    const open = this.connections.filter((one) => one.connectionState !== "closed");
    const all = open.map(async (one) => {
      let bytes = 0;
      (await one.getStats()).forEach((stat: Record<string, unknown>) => {
        if (stat["type"] === "outbound-rtp") bytes += Number(stat["bytesSent"]);
      });
      return bytes;
    });
    return Promise.all(all);
  }

  /** Whether the page says that something goes unsealed. */
  get unsealed(): boolean {
    return this.room.beside.unsealed;
  }

  private noting(who: string, line: Line): Line {
    const on = (kind: string, handler: (body: SideBody) => void) =>
      line.on(kind, (body) => {
        if (kind === "seal-key") this.keys.push({ who, ...body } as unknown as GivenKey);
        handler(body);
      });
    return { send: (...what) => line.send(...what), onOpen: (handler) => line.onOpen(handler), on };
  }

  /** From now on notes what the forwarding server sends, as it has it; this page gets nothing of it any more. */
  tap(): void {
    const worker = started(TAP);
    worker.onmessage = ({ data }: MessageEvent<Tapped>) =>
      this.tapped.push({ ...data, data: new Uint8Array(data.data) });
    for (const { receiver, who, kind } of this.coming())
      Object.assign(receiver, { transform: new RTCRtpScriptTransform(worker, { who, kind }) });
  }

  /** What comes from the forwarding server, and of whom. */
  private *coming() {
    for (const pc of this.connections) {
      if (pc.connectionState === "closed") continue;
      for (const section of (pc.remoteDescription?.sdp ?? "").split(/^m=/m).slice(1)) {
        const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
        const who = /^a=msid:(\w+)\.\d+\s/m.exec(section)?.[1];
        const receiver = pc.getTransceivers().find((one) => one.mid === mid)?.receiver;
        if (who && receiver) yield { receiver, who, kind: receiver.track.kind };
      }
    }
  }

  /** Of the frames that were tapped: how many, how many sealed, and how many these keys open, by who sent them. */
  async opened(keys: readonly GivenKey[]): Promise<Record<string, number[]>> {
    const found: Record<string, number[]> = {};
    const { tapped } = this;
    for (const who of new Set(tapped.map((one) => one.who))) {
      const opener = new Opener();
      for (const { id, key } of keys.filter((one) => one.who === who)) {
        const bytes = Uint8Array.from(key.match(/../g) ?? [], (byte) => parseInt(byte, 16));
        opener.take(id, await imported(bytes));
      }
      const theirs = tapped.filter((one) => one.who === who);
      let open = 0;
      for (const { kind, data } of theirs) if (await opener.open(kind, data)) open += 1;
      found[who] = [theirs.length, theirs.filter(({ data }) => isSealed(data)).length, open];
    }
    return found;
  }

  /** Pictures shown so far that came from the forwarding server. */
  async pictures(): Promise<number> {
    let frames = 0;
    for (const { receiver } of this.coming())
      (await receiver.getStats()).forEach((stat: Record<string, unknown>) => {
        if (stat["type"] === "inbound-rtp") frames += Number(stat["framesDecoded"] ?? 0);
      });
    return frames;
  }

  /** From now on this page takes what comes from the forwarding server as it comes. */
  takeAsItIs(): void {
    for (const { receiver } of this.coming()) Object.assign(receiver, { transform: null });
  }

  private hears(id: string, stream: MediaStream | undefined): void {
    const one = this.heard.get(id) ?? new Heard(this.context);
    this.heard.set(id, one);
    if (stream) one.take(stream);
    else this.heard.delete(id);
  }
}

Object.assign(globalThis, {
  staff: (visit: string) => new Member(new Signal(), visit),
  patient: (visit: string) => new Member(new Signal({ visit })),
  guest: (guest: string) => new Member(new Signal({ guest })),
});
