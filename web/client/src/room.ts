// One consultation room as a page sees it: enter, the other side's stream, the roster, one word about the line, leave.
//
// Losing the socket never touches the peer connection: media goes on between the browsers, and the room is entered again
// with the epoch it had. Only another epoch (somebody reloaded) makes a new peer connection.

import { Gauge } from "./gauge";
import { Mailbox } from "./mailbox";
import { enter, quality, type Entered, type Member, type Refusal, type Roster, type Word } from "./messages";
import type { RoomOptions } from "./room-options";
import { Own } from "./own";
import { Path } from "./path";
import { Pulse } from "./pulse";
import { Peer, type Kind, type Tracks } from "./peer";
import type { Signal } from "./signal";
import { Judge, type State } from "./state";
import { browserTriggers } from "./triggers";

export type { RoomOptions, State };

const TICK_MS = 500;
const TICKS_PER_SAMPLE = 4;
const REPEATABLE = ["too-fast", "unavailable"];
const REPEAT_MS = 1000;
const TOLD_TO_OTHERS: readonly State[] = ["good", "fair", "poor", "audio-only", "reconnecting"];

export class Room {
  private readonly signal: Signal;
  private readonly own = new Own();
  private readonly mail: Mailbox;
  private readonly path: Path;
  private readonly pulse: Pulse;
  private readonly now: () => number;
  private readonly ends: (() => void)[] = [];
  private peer: Peer | undefined;
  private entered: Entered | undefined;
  private members: readonly Member[] = [];
  private epoch = 0;
  private turn = 0;
  private ticks = 0;
  private gauge: Gauge | undefined;
  private state: State = "entering";
  private judge: Judge;
  private over = false;
  private told = false;
  /** Before admission nothing is sent, shown or told. */
  private prepared = false;
  private early: MediaStream | undefined;

  constructor(private readonly options: RoomOptions) {
    const { signal } = options;
    this.signal = signal;
    this.now = options.now ?? (() => performance.now());
    this.judge = new Judge(this.now());
    this.pulse = new Pulse(signal);
    this.mail = new Mailbox(
      (body) => signal.send("signal", body),
      (code, detail) => options.onError?.(new Error(`signal ${code}: ${detail}`)),
    );
    this.path = new Path({
      now: this.now,
      up: () => signal.up,
      probe: () => signal.probe(),
      renew: () => signal.renew(),
      restartIce: () => this.peer?.restartIce(),
    });
  }

  get usable(): boolean {
    return !this.over;
  }

  get muted(): boolean {
    return this.own.isOff("audio");
  }

  get hidden(): boolean {
    return this.own.isOff("video");
  }

  /** Enters the room and stays in it through lost sockets until leave(), close() or the server's word. */
  enter(): void {
    if (this.over) return;
    if (this.prepared) this.admitted();
    if (this.ends.length === 0) this.listen();
    this.signal.open();
    if (this.signal.up) void this.join();
  }

  /**
   * Gets the connection ready before admission. `use()` and `enter()` make a call of it; whatever goes wrong before
   * ends it without a word: the call is then made as usual.
   */
  prepare(): void {
    this.prepared = true;
    this.listen();
    void this.join();
  }

  /** The tracks to send from now on: call before enter(), and again after turning the camera or reopening devices. */
  use(tracks: Partial<Tracks>): void {
    for (const kind of ["audio", "video"] as const) {
      const track = tracks[kind];
      if (track === undefined) continue;
      this.own.put(kind, track);
      this.send(kind);
    }
  }

  /** Sends silence; the microphone stays open. */
  mute(on: boolean): void {
    this.own.turn("audio", on);
    this.send("audio");
  }

  /** Sends no picture: not one byte. The camera stays open; its owner may stop it and use() another track later. */
  hide(on: boolean): void {
    this.own.turn("video", on);
    this.send("video");
  }

  /** Tells the other side that this page is hidden behind another app, or is seen again. */
  away(yes: boolean): void {
    if (this.own.away === yes) return;
    this.own.away = yes;
    this.announce();
  }

  /** Leaves on purpose, also after close(): the other side is told at once. The signal connection stays. */
  async leave(): Promise<void> {
    this.finish("left");
    if (this.state !== "left" || this.told) return;
    this.told = true;
    await this.signal.send("leave", {}, 2000);
  }

  /** Ends everything here without telling anyone, e.g. because the page goes away: the seat keeps its grace. */
  close(): void {
    this.finish("left");
  }

  private listen(): void {
    const { signal } = this;
    this.ends.push(
      signal.on("up", () => void this.join()),
      signal.on("roster", (roster) => this.seated(roster)),
      signal.on("signal", (body) => {
        if (this.mail.take(body)) void this.peer?.receive(body);
      }),
      signal.on("prepare", ({ visit, on }) => {
        if (this.prepared && !on && visit === (this.options.visit ?? visit)) this.close();
      }),
      signal.on("ended", ({ visit, reason }) => {
        if (visit === (this.options.visit ?? visit)) this.finish("ended", reason);
      }),
      signal.on("stopped", (why) => this.finish(why === "closed" ? "left" : why)),
      (this.options.triggers ?? browserTriggers)((what) => {
        if (what === "hidden") return;
        signal.hurry();
        void this.path.suspect();
      }),
    );
    const timer = setInterval(() => void this.tick(), TICK_MS);
    this.ends.push(() => clearInterval(timer));
  }

  /** From now on an ordinary call, over the connection that stands. */
  private admitted(): void {
    this.prepared = false;
    this.judge = new Judge(this.now());
    const { early } = this;
    if (early) this.options.onRemoteStream(early);
  }

  /** Enters; `anew` asks for a new epoch even though there is a peer connection. */
  private async join(anew = false): Promise<void> {
    const turn = ++this.turn;
    this.mail.pause();
    const epoch = anew ? 0 : this.epoch;
    const body = enter(epoch, epoch && this.mail.since, this.options.visit);
    const { prepared } = this;
    const ack = await this.signal.send("enter", prepared ? { ...body, prepared } : body);
    if (this.over || turn !== this.turn) return;
    if (!ack.ok) return prepared ? this.close() : this.refused(ack);
    this.entered = ack;
    const kept = ack.epoch === epoch && this.peer !== undefined;
    if (kept && !ack.resumed && !this.peer?.settled) return this.join(true);
    if (kept) this.peer?.refresh(ack);
    else this.build(ack.epoch);
    this.mail.resume(ack.since);
    if (prepared) return this.peer?.start(); // no roster tells that the other side is there
    this.announce();
    this.seated({ epoch: ack.epoch, members: ack.roster });
    if (kept) this.path.rejoined();
  }

  private refused(ack: Refusal): void {
    if (ack.code === "offline") return; // the next "up" comes by itself
    if (ack.code === "timeout") return this.signal.renew();
    if (REPEATABLE.includes(ack.code)) return void setTimeout(() => this.enter(), REPEAT_MS);
    this.peer?.close();
    this.peer = undefined;
    this.entered = undefined;
    this.epoch = 0;
    this.say("refused", ack.code);
  }

  private build(epoch: number): void {
    const entered = this.entered as Entered;
    this.peer?.close();
    this.epoch = epoch;
    this.mail.begin(epoch);
    this.path.begin();
    this.peer = new Peer({
      entered,
      tracks: this.own.sent,
      send: (what) => this.mail.post(what),
      onStream: (stream) => {
        if (this.prepared) this.early = stream;
        else this.options.onRemoteStream(stream);
      },
      onIce: (state) => this.path.iceChanged(state),
      onError: (error) => this.options.onError?.(error),
      create: this.options.create ?? ((configuration) => new RTCPeerConnection(configuration)),
      newStream: this.options.newStream ?? (() => new MediaStream()),
    });
    this.gauge = new Gauge(this.peer);
  }

  private seated({ epoch, members }: Roster): void {
    const entered = this.entered;
    if (!entered) return; // it comes again after the answer to `enter`
    if (epoch !== this.epoch) {
      this.build(epoch);
      this.mail.resume(0);
    }
    this.members = members;
    this.options.onRoster(members, entered.you);
    if (this.other?.here) this.peer?.start();
    this.conclude();
  }

  private get other(): Member | undefined {
    return this.members.find((one) => one.id !== this.entered?.you);
  }

  private send(kind: Kind): void {
    void this.peer?.put(kind, this.own.sent[kind]);
    this.announce();
  }

  private announce(): void {
    if (this.entered && this.signal.up && !this.prepared) void this.signal.send("media", this.own.told);
  }

  private async tick(): Promise<void> {
    const { peer } = this;
    this.ticks += 1;
    if (this.entered && !this.prepared) void this.pulse.tick();
    try {
      if (peer) {
        const flow = await peer.flow();
        if (peer === this.peer && !this.over) this.path.look(flow);
        if (this.ticks % TICKS_PER_SAMPLE === 0 && this.path.connected) await this.gauge?.look(this.now());
      }
    } catch (error) {
      this.options.onError?.(error);
    }
    this.conclude();
  }

  private conclude(): void {
    if (this.over || this.prepared || (this.state === "refused" && !this.entered)) return;
    const { entered, signal, path, judge } = this;
    const now = this.now();
    const word = this.gauge?.word ?? "good";
    const { connected, stalled } = path;
    const facts = { now, entered: !!entered, up: signal.up, other: this.other, connected, stalled, word };
    this.say(judge.state(facts));
    if (signal.up && judge.hopeless(now, entered?.polite ?? true)) void this.join(true);
  }

  private say(state: State, detail?: string): void {
    if (state === this.state && detail === undefined) return;
    this.state = state;
    if (TOLD_TO_OTHERS.includes(state) && this.signal.up) {
      void this.signal.send("quality", quality(state as Word));
    }
    this.options.onState(state, detail);
  }

  private finish(state: State, detail?: string): void {
    if (this.over) return;
    this.over = true;
    for (const end of this.ends.splice(0)) end();
    this.peer?.close();
    this.peer = undefined;
    if (!this.prepared) this.say(state, detail);
  }
}
