// One pair of a room: the peer connection to one other member, with everything that keeps it alive.

import { again } from "./again";
import type { Beside } from "./beside";
import type { Gauge } from "./gauge";
import { mark } from "./marks";
import { Mailbox } from "./mailbox";
import type { Draft, Entered, Member, SignalDown, Word } from "./messages";
import type { Own } from "./own";
import { Path } from "./path";
import { Peer } from "./peer";
import type { RoomOptions } from "./room-options";
import { OFF, RUNGS, type Start } from "./rungs";
import { Judge, type State } from "./state";

type Terms = Pick<Entered, "polite" | "ice" | "relayOnly" | "start">;

/** What holds for a draft until the server has answered: it gathers nothing by then. */
const UNKNOWN: Terms = { polite: false, ice: [], relayOnly: true };

/** The first seconds of a call belong to its picture, which begins small: what measures it comes then. */
const GAUGE_AFTER_MS = 2000;

export interface LaneWorld {
  readonly options: RoomOptions;
  readonly own: Own;
  readonly now: () => number;
  readonly beside: Beside;
  /** When the first packet of the other side comes in. */
  readonly onStream: (stream: MediaStream) => void;
}

export class Lane {
  readonly mail: Mailbox;
  readonly path: Path;
  peer: Peer | undefined;
  epoch = 0;
  private judge: Judge;
  gauge: Gauge | undefined;
  /** Whose gauge is on its way, or has come. */
  private fitting: Peer | undefined;
  /** Since when anything comes in over this peer connection. */
  private flowing: number | undefined;
  /** Before admission nothing is sent, so there is nothing to measure. */
  held = false;

  /** `to` names the other one where that is not understood: beyond the first pair. */
  constructor(
    private readonly world: LaneWorld,
    private readonly to?: string,
  ) {
    const { options, now } = world;
    const { signal } = options;
    this.judge = new Judge(now());
    this.mail = new Mailbox(
      (body) => signal.send("signal", to === undefined ? body : { ...body, to }),
      (code, detail) => options.onError?.(new Error(`signal ${code}: ${detail}`)),
    );
    this.path = new Path({
      now,
      up: () => signal.up,
      probe: () => signal.probe(),
      renew: () => signal.renew(),
      revived: () => signal.hurry(),
      restartIce: () => this.peer?.restartIce(),
    });
  }

  /** The word of the line that media take instead of this one. */
  instead: (() => Exclude<Word, "reconnecting">) | undefined;

  get word(): Exclude<Word, "reconnecting"> {
    return this.instead?.() ?? this.gauge?.word ?? (this.dark ? "audio-only" : "good");
  }

  /** Whether it began without a picture, for the line's sake, and there was none yet. */
  get begun(): boolean {
    return !this.instead && (this.gauge?.begun ?? this.dark);
  }

  private get dark(): boolean {
    return this.peer?.rung === RUNGS[OFF];
  }

  get rung(): number {
    return this.gauge?.rung ?? 0;
  }

  /** A new peer connection, for this epoch. */
  build(epoch: number, entered: Terms): void {
    this.epoch = epoch;
    this.mail.begin(epoch);
    // What the last connection has shown of the line counts more than what a check has.
    const start = this.gauge?.next(this.world.now()) ?? entered.start;
    this.connect(entered);
    this.begin(start);
  }

  /** A new peer connection's first offer, to be sent along with `enter`. */
  draft(): Promise<Draft | undefined> {
    return this.connect(UNKNOWN).draft();
  }

  /** The draft was sent as the first message of this epoch. */
  adopt(epoch: number, entered: Terms): void {
    this.epoch = epoch;
    this.mail.begin(epoch, 1);
    this.begin(entered.start);
    void this.peer?.commit(entered);
  }

  /** What measures the line packs the voice, too: here it must be in time for the first answer. */
  private begin(start: Start | undefined): void {
    const { peer } = this;
    if (!start || !peer) return;
    if (!start.picture) void peer.limit(RUNGS[OFF]);
    void this.fit(peer, start.lossy);
  }

  private connect(entered: Terms): Peer {
    const { options, own, onStream, beside } = this.world;
    this.peer?.close();
    this.path.begin();
    this.peer = new Peer({
      entered,
      tracks: own.sent,
      fastest: options.fastest ?? 30,
      standing: () => own.standing,
      send: (what) => {
        if ("sdp" in what) mark(what.kind);
        this.mail.post(what);
      },
      onStream,
      onIce: (state) => this.path.iceChanged(state),
      onError: (error) => options.onError?.(error),
      create: options.create ?? ((configuration) => new RTCPeerConnection(configuration)),
      newStream: options.newStream ?? (() => new MediaStream()),
    });
    this.gauge = this.flowing = undefined;
    beside.made(this.to ?? "", this.peer);
    return this.peer;
  }

  receive(body: SignalDown): void {
    if (!this.mail.take(body)) return;
    if ("sdp" in body) mark(body.kind);
    void this.peer?.receive(body);
  }

  /** A look at what comes in, twice a second; at the quality of it when `measuring`. */
  async look(measuring: boolean): Promise<void> {
    const { peer } = this;
    if (!peer) return;
    const flow = await peer.flow();
    if (peer === this.peer) this.path.look(flow);
    if (!this.path.connected || this.path.idle || this.held) return;
    this.flowing ??= this.world.now();
    if (!this.gauge) {
      if (this.world.now() - this.flowing < GAUGE_AFTER_MS) return;
      return void this.fit(peer);
    }
    await this.gauge.look(this.world.now(), measuring);
  }

  /** Brings what measures the line. Nothing waits for it: while the line is down it does not come. */
  private async fit(peer: Peer, lossy = false): Promise<void> {
    if (this.fitting === peer) return;
    this.fitting = peer;
    const here = () => peer === this.peer;
    const bring = this.world.options.gauges ?? (() => import("./gauge"));
    const part = await again(bring, here);
    if (part && here()) this.gauge = new part.Gauge(peer, this.world.now(), lossy);
  }

  /** Somebody wants the picture that was taken away for the sake of the sound. */
  brighten(): void {
    void this.gauge?.brighten(this.world.now());
  }

  /** What there is to say about this pair now. */
  state(entered: boolean, other: Member | undefined): State {
    const { connected, stalled } = this.path;
    const { up } = this.world.options.signal;
    return this.judge.state({
      now: this.world.now(),
      entered,
      up,
      other,
      connected,
      stalled,
      word: this.word,
    });
  }

  /** Whether it is time for the last resort: to ask for a new epoch. */
  hopeless(polite: boolean): boolean {
    return this.judge.hopeless(this.world.now(), polite);
  }

  /** The room has been entered, perhaps of a server that knows nobody yet. */
  returned(): void {
    this.judge.returned(this.world.now());
  }

  /** Begins to count anew how long nothing came in. */
  judgeAnew(): void {
    this.judge = new Judge(this.world.now());
  }

  close(): void {
    this.peer?.close();
    this.peer = undefined;
  }
}
