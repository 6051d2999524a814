// The peer connection on which the own media go to the forwarding server.

import type { ForwardWorld, KIT } from "./forward";
import type { Gauge, Gauged } from "./gauge";
import type { Mailbox } from "./mailbox";
import type { Entered, Pair, SignalDown, Word } from "./messages";
import type { Negotiation } from "./negotiation";
import type { Kind } from "./peer";
import type { Circle } from "./seal/circle";

const RESTART_MS = 3000;
const HOPELESS_MS = 12_000;

export class Upward {
  readonly mail: Mailbox;
  epoch = 0;
  private pc: RTCPeerConnection | undefined;
  private negotiation: Negotiation | undefined;
  gauge: Gauge | undefined;
  /** Since when it is not connected, and whether that was tried to be mended. */
  private broken = Infinity;
  private restarted = false;
  /** Whether its frames can be sealed: it was made when that could be done. */
  private sealing = false;

  constructor(
    private readonly world: ForwardWorld,
    private readonly kit: typeof KIT,
    private readonly circle: Circle,
  ) {
    const { signal, onError } = world.options;
    const [Box] = kit;
    this.mail = new Box(
      (body) => signal.send("signal", { ...body, to: "up" }),
      (code, detail) => onError?.(new Error(`signal ${code}: ${detail}`)),
    );
  }

  get word(): Exclude<Word, "reconnecting"> {
    return this.gauge?.word ?? "good";
  }

  seated({ epoch, since }: Pair, entered: Entered): void {
    if (epoch !== this.epoch) {
      this.build(epoch, entered);
      this.mail.resume(0);
      this.negotiation?.start();
    } else if (since !== undefined) {
      this.pc?.setConfiguration(this.kit[2](entered));
      this.mail.resume(since);
    }
  }

  receive(body: SignalDown): void {
    if (this.mail.take(body)) void this.negotiation?.receive(body);
  }

  /** Sends what the owner's tracks are now, once it is settled whether they are sealed. */
  put(): void {
    const { sent } = this.world.own;
    for (const { sender, receiver } of this.pc?.getTransceivers() ?? []) {
      const kind = receiver.track.kind as Kind;
      this.circle.dress(sender, { kind });
      const track = this.may ? sent[kind] : null;
      if (sender.track !== track) void sender.replaceTrack(track).catch(this.world.options.onError);
    }
  }

  async look(measuring: boolean): Promise<void> {
    const now = this.world.now();
    const { pc } = this;
    if (!pc) return;
    if (pc.iceConnectionState === "connected" || pc.iceConnectionState === "completed") {
      this.broken = Infinity;
      this.restarted = false;
      await this.measure(pc, measuring);
      return;
    }
    this.broken = Math.min(this.broken, now);
    if (this.restarted || now - this.broken < RESTART_MS || pc.signalingState !== "stable") return;
    this.restarted = true;
    pc.restartIce();
  }

  /** Whether a new one must be asked for: this one is broken, or goes past what seals. */
  hopeless(): boolean {
    const broken = this.world.now() - this.broken >= HOPELESS_MS;
    if (!this.pc || (!broken && this.sealing === this.circle.able)) return false;
    this.close();
    return true;
  }

  close(): void {
    this.epoch = 0;
    this.negotiation?.close();
    this.pc?.close();
    this.pc = this.negotiation = this.gauge = undefined;
  }

  private build(epoch: number, entered: Entered): void {
    const { options, now } = this.world;
    const [, Negotiating, configuration] = this.kit;
    this.close();
    this.epoch = epoch;
    this.broken = now();
    this.restarted = false;
    this.mail.begin(epoch);
    const create = options.create ?? ((how) => new RTCPeerConnection(how));
    const pc = (this.pc = create(configuration(entered)));
    this.sealing = this.circle.able;
    this.negotiation = new Negotiating({
      peer: pc,
      polite: false,
      send: (what) => this.mail.post(what),
      onError: (error) => options.onError?.(error),
    });
    for (const kind of ["audio", "video"] as const) pc.addTransceiver(kind, { direction: "sendonly" });
    this.put();
  }

  /** Nothing goes up in clear that is said to be sealed. */
  private get may(): boolean {
    return this.circle.may && (this.sealing || !this.circle.able);
  }

  private async measure(pc: RTCPeerConnection, measuring: boolean): Promise<void> {
    if (!this.gauge) {
      const { Gauge } = await import("./gauge");
      if (pc !== this.pc) return;
      this.gauge ??= new Gauge(this.gauged(pc));
    }
    await this.gauge.look(this.world.now(), measuring);
  }

  /** Begins with as much picture as went directly. How the voice is packed is between browsers alone. */
  private gauged(pc: RTCPeerConnection): Gauged {
    const { beside, options } = this.world;
    const [, , , tune, RUNGS] = this.kit;
    const [direct] = beside.peers.values();
    return {
      rung: direct?.rung ?? RUNGS[0],
      stats: async () => (await pc.getStats()) as ReadonlyMap<string, never>,
      limit: (rung) => tune(pc.getTransceivers(), rung, options.fastest ?? 30),
      speak: () => Promise.resolve(true),
    };
  }
}
