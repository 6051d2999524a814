// For real browsers: one person of a larger call, with a steady tone and a small picture, who hears when somebody falls
// silent. tests/browser/test_forwarding.py drives it.

import { Room } from "../src/room";
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

class Member {
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
