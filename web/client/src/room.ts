// One consultation room as a page sees it: enter, the other side's stream, the roster, one word about the line, leave.
//
// Losing the socket never touches the peer connection: media goes on between the browsers, and the room is entered again
// with the epoch it had. Only another epoch (somebody reloaded) makes a new peer connection.

import { Beside } from "./beside";
import { Forward } from "./forward";
import type { Gauge } from "./gauge";
import { Lane } from "./lane";
import { Mesh } from "./mesh";
import {
  enter,
  partner,
  partnerId,
  quality,
  type Entered,
  type Member,
  type Refusal,
  type Roster,
  type Word,
} from "./messages";
import type { RoomOptions } from "./room-options";
import { Pulse } from "./pulse";
import { OwnPart } from "./room-own";
import type { Signal } from "./signal";
import type { State } from "./state";
import { browserTriggers } from "./triggers";

export type { RoomOptions, State };

const TICK_MS = 500;
const TICKS_PER_SAMPLE = 4;
const REPEATABLE = ["too-fast", "unavailable"];
const REPEAT_MS = 1000;
const TOLD_TO_OTHERS: readonly State[] = ["good", "fair", "poor", "audio-only", "reconnecting"];

export class Room extends OwnPart {
  private readonly signal: Signal;
  readonly beside = new Beside();
  /** The first pair, and the others of a mesh. */
  private readonly main: Lane;
  private readonly mesh: Mesh;
  private readonly forward: Forward;
  private readonly pulse: Pulse;
  /** What is done when it is over, whatever ends it. */
  readonly ends: (() => void)[] = [];
  private entered: Entered | undefined;
  private members: readonly Member[] = [];
  private turn = 0;
  private ticks = 0;
  private state: State = "entering";
  private over = false;
  private told = false;
  /** Before admission nothing is sent, shown or told. */
  private prepared = false;
  /** The preparing is under way no more. */
  private ready: Promise<void> = Promise.resolve();
  private early: MediaStream | undefined;

  constructor(private readonly options: RoomOptions) {
    super();
    const { signal } = options;
    this.signal = signal;
    const now = options.now ?? (() => performance.now());
    const world = { options, own: this.own, beside: this.beside, now };
    const onStream = (stream: MediaStream) => {
      if (this.prepared) this.early = stream;
      else this.forward.came("", stream);
    };
    this.main = new Lane({ ...world, onStream });
    this.pulse = new Pulse(signal, this.main, options.onError);
    this.mesh = new Mesh(world, (id, stream) => this.forward.came(id, stream));
    this.forward = new Forward({ ...world, lane: (id) => (id ? this.mesh.lane(id) : this.main) });
  }

  get usable(): boolean {
    return !this.over;
  }

  /** Who is in the room. */
  get seats(): readonly Member[] {
    return this.members;
  }

  /** How the own line is, and what measures it, once something does. */
  get line(): { readonly state: State; readonly gauge: Gauge | undefined } {
    return { state: this.state, gauge: this.forward.here?.gauge ?? this.main.gauge };
  }

  /** The id of the other one in the first pair. */
  get first(): string {
    return partnerId(this.entered?.you ?? "");
  }

  /**
   * Enters the room and stays in it through lost sockets until leave(), close() or the server's word. With a `seat` that
   * came along with being let in, the connection is made before the server has answered.
   */
  enter(seat?: Entered): void {
    if (this.over) return;
    const seated = this.prepared || seat !== undefined;
    if (this.prepared) this.admitted();
    if (this.ends.length === 0) this.listen();
    this.signal.open();
    if (!this.signal.up) return;
    if (seat) {
      this.entered = seat;
      this.main.build(seat.epoch, seat);
      this.main.mail.resume(seat.since);
    }
    void this.ready.then(() => this.join(false, seated));
  }

  /**
   * Gets the connection ready before admission. `use()` and `enter()` make a call of it; whatever goes wrong before
   * ends it without a word: the call is then made as usual.
   */
  prepare(): void {
    this.prepared = this.main.held = true;
    this.listen();
    this.ready = this.join();
  }

  /** Whether the call began without the own picture, for the line's sake, and there was none yet. */
  get begun(): boolean {
    return this.main.begun;
  }

  /** "Turn picture on": tries the picture that a slow line took away, now rather than later. */
  brighten(): void {
    this.main.brighten();
    this.mesh.brighten();
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
        const first = body.from === this.first;
        (first ? this.main : (this.mesh.lane(body.from) ?? this.forward)).receive(body);
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
        void this.main.path.suspect();
      }),
    );
    const timer = setInterval(() => void this.tick(), TICK_MS);
    this.ends.push(() => clearInterval(timer));
  }

  /** From now on an ordinary call, over the connection that stands. */
  private admitted(): void {
    this.prepared = this.main.held = false;
    this.main.judgeAnew();
    const { early } = this;
    if (early) this.forward.came("", early);
  }

  /** Enters; `anew` asks for a new epoch in spite of a peer connection. Who is `seated` goes on talking meanwhile. */
  private async join(anew = false, seated = false): Promise<void> {
    if (this.over) return;
    const turn = ++this.turn;
    const { main, mesh, prepared } = this;
    if (!seated) main.mail.pause();
    mesh.pause();
    const epoch = anew ? 0 : main.epoch;
    const offer = prepared && this.options.offers && !epoch ? await main.draft() : undefined;
    const body = enter(epoch, epoch && main.mail.since, this.options.visit);
    const { here } = this.forward;
    const pairs = here ? here.again(mesh.held) : mesh.held;
    const more = prepared ? { prepared, ...(offer && { offer }) } : pairs && { pairs };
    const ack = await this.signal.send("enter", { ...body, ...more });
    if (this.over || turn !== this.turn) return;
    // What was only prepared ends without a word; who has been admitted since enters next.
    if (!ack.ok) return prepared ? void (this.prepared && this.close()) : this.refused(ack);
    this.entered = ack;
    main.returned();
    const kept = ack.epoch === epoch && main.peer !== undefined;
    if (kept && !ack.resumed && !main.peer?.settled) return this.join(true);
    if (mesh.entered(ack)) return this.join(anew);
    if (kept) main.peer?.refresh(ack);
    else if (offer) main.adopt(ack.epoch, ack);
    else main.build(ack.epoch, ack);
    main.mail.resume(ack.since);
    if (prepared) return main.peer?.start(); // no roster tells that the other side is there
    this.announce();
    this.seated({ ...ack, members: ack.roster });
    if (kept) main.path.rejoined();
  }

  private refused(ack: Refusal): void {
    if (ack.code === "offline") return; // the next "up" comes by itself
    if (ack.code === "timeout") return this.signal.renew();
    if (REPEATABLE.includes(ack.code)) return void setTimeout(() => this.enter(), REPEAT_MS);
    this.main.close();
    this.main.epoch = 0;
    this.mesh.close();
    this.forward.close();
    this.entered = undefined;
    this.say("refused", ack.code);
  }

  private seated(roster: Roster): void {
    const { entered, main } = this;
    const { epoch, members, pairs } = roster;
    if (!entered) return; // it comes again after the answer to `enter`
    if (epoch !== main.epoch) {
      main.build(epoch, entered);
      main.mail.resume(0);
    }
    this.members = members;
    this.options.onRoster(members, entered.you);
    this.beside.onRoster?.(members);
    if (this.other?.here) main.peer?.start();
    this.mesh.seated(pairs ?? {}, members, entered);
    if (this.own.stand(members, entered.you)) for (const peer of this.beside.peers.values()) void peer.tune();
    this.forward.seated(roster, entered);
    this.conclude();
  }

  private get other(): Member | undefined {
    return partner(this.members, this.entered?.you ?? "");
  }

  protected announce(): void {
    if (this.entered && this.signal.up && !this.prepared) void this.signal.send("media", this.own.told);
  }

  private async tick(): Promise<void> {
    this.ticks += 1;
    if (this.entered && !this.prepared) void this.pulse.tick();
    const measuring = this.ticks % TICKS_PER_SAMPLE === 0;
    try {
      await this.main.look(measuring);
      const again = await this.forward.here?.tick(measuring);
      if (((await this.mesh.tick(measuring)) || again) && !this.over) void this.join();
    } catch (error) {
      this.options.onError?.(error);
    }
    this.conclude();
  }

  private conclude(): void {
    const { entered, main, signal } = this;
    if (this.over || this.prepared || (this.state === "refused" && !entered)) return;
    this.say(main.state(entered !== undefined, this.other));
    if (signal.up && main.hopeless(entered?.polite ?? true)) void this.join(true);
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
    this.main.close();
    this.mesh.close();
    this.forward.close();
    if (!this.prepared) this.say(state, detail);
  }
}
