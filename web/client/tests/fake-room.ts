// A consultation room to test with: the server's rules for two seats (PROTOCOL.md, "Epochs and resuming"), and people.

import type { EnterBody, Entered, MediaBody, Member, SignalUp } from "../src/messages";
import { Room, type State } from "../src/room";
import type { Start } from "../src/rungs";
import { Signal } from "../src/signal";
import type { Trigger } from "../src/triggers";
import { FakeConnection, FakeStream, FakeTrack } from "./fake-connection";
import { FakeSocket } from "./fakes";

interface Seat {
  readonly id: "p" | "s";
  socket: FakeSocket | undefined;
  spoke: boolean;
  prepared?: boolean | undefined;
  shares?: MediaBody["shares"];
}

export class FakeServer {
  epoch = 0;
  running = true;
  /** Whose packets get lost on the way, silently. */
  readonly deaf = new Set<string>();
  /** Events that get no answer. */
  readonly unanswered = new Set<string>();
  refuse: string | undefined;
  /** How both begin, where a check has found the line weak. */
  start: Start | undefined;
  private seq = 0;
  /** False after adopting the epoch of an earlier process. */
  private complete = true;
  private history: { from: string; down: SignalUp & { from: string } }[] = [];
  readonly seats = new Map<string, Seat>();
  readonly heard: { from: string; event: string; body: unknown }[] = [];

  /** SIGKILL and a new process: sockets break, nothing is remembered. */
  restart(): void {
    const sockets = [...this.seats.values()].map((one) => one.socket);
    this.seats.clear();
    this.epoch = this.seq = 0;
    this.history = [];
    for (const socket of sockets) socket?.drop();
  }

  drop(id: string): void {
    this.seats.get(id)?.socket?.drop();
    this.roster();
  }

  socket(id: "p" | "s"): FakeSocket {
    const socket: FakeSocket = new FakeSocket({}, (event, body) => {
      if (!this.running || this.deaf.has(id)) return undefined;
      this.heard.push({ from: id, event, body });
      if (this.unanswered.has(event)) return undefined;
      return this.answer(id, socket, event, body);
    });
    return socket;
  }

  /** Tells all but one. */
  roster(except?: FakeSocket): void {
    const told = { epoch: this.epoch, members: this.members() };
    for (const { socket, prepared } of this.seats.values()) {
      if (socket?.connected && socket !== except && !prepared) socket.say("roster", told);
    }
  }

  members(): Member[] {
    const seated = [...this.seats.values()].filter((one) => !one.prepared);
    return seated.map(({ id, socket, shares }) => ({
      id,
      role: id === "p" ? "patient" : "specialist",
      name: id === "p" ? "Bo" : "Dr Amara",
      here: socket?.connected ?? false,
      audio: true,
      video: true,
      away: false,
      connection: "unknown",
      ...(shares && { shares }),
    }));
  }

  private answer(id: "p" | "s", socket: FakeSocket, event: string, body: never): unknown {
    if (event === "enter") return this.refuse ? this.refusal(this.refuse) : this.enter(id, socket, body);
    if (event === "signal") return this.signal(id, body);
    if (event === "media") this.shared(id, body);
    return { ok: true };
  }

  private shared(id: string, { shares }: MediaBody): void {
    const seat = this.seats.get(id);
    if (!seat || seat.shares === shares) return;
    seat.shares = shares;
    this.roster();
  }

  /** Tells the patient that they are admitted: with the seat, and what was said to them until now. */
  letIn(socket: FakeSocket): void {
    const { ok: _, ice, ...seat } = this.enter("p", socket, { epoch: 0, since: 0, prepared: true });
    socket.say("visit", { visit: "v1", status: "in-progress", changed: "", seat, ice });
  }

  private enter(
    id: "p" | "s",
    socket: FakeSocket,
    { epoch, since, prepared, offer }: EnterBody,
  ): Entered & { ok: true } {
    const before = this.seats.get(id);
    const here = before?.prepared && before.socket === socket && epoch === this.epoch;
    const seat = this.seats.get(id) ?? { id, socket, spoke: false };
    this.seats.set(id, seat);
    seat.socket = socket;
    seat.prepared = prepared;
    const known = this.epoch !== 0;
    if (!known) {
      this.epoch = Math.max(1, epoch);
      this.complete = epoch === 0;
    } else if (epoch !== this.epoch && (seat.spoke || !this.complete)) {
      this.epoch += 1;
      this.complete = true;
      this.history = [];
      this.seq = 0;
      for (const one of this.seats.values()) one.spoke = false;
    }
    const from = epoch === this.epoch && known ? since : 0;
    this.roster(socket);
    setTimeout(() => {
      if (offer) this.signal(id, { kind: "offer", ...offer, epoch: this.epoch, seq: 1 });
      if (!prepared) socket.say("roster", { epoch: this.epoch, members: this.members() });
      for (const { down } of here ? [] : this.history)
        if (down.from !== id && down.seq > from) socket.say("signal", down);
    }, 0);
    const ack: Entered & { ok: true } = {
      ok: true,
      epoch: this.epoch,
      you: id,
      role: id === "p" ? "patient" : "specialist",
      polite: id === "p",
      relayOnly: false,
      resumed: known && this.complete,
      since: from,
      ...(this.start && { start: this.start }),
      roster: prepared ? [] : this.members(),
      ice: [{ urls: [`turn:relay?n=${this.heard.length}`] }],
    };
    return ack;
  }

  private signal(id: string, body: SignalUp): unknown {
    const seat = this.seats.get(id);
    if (!seat) return this.refusal("not-a-member");
    if (body.epoch !== this.epoch) return this.refusal("stale-epoch");
    seat.spoke = true;
    const down = { ...body, from: id, seq: ++this.seq };
    this.history.push({ from: id, down });
    for (const one of this.seats.values())
      if (one.id !== id && one.socket?.connected) one.socket.say("signal", down);
    return { ok: true, seq: down.seq };
  }

  private refusal(code: string): unknown {
    return { ok: false, code, detail: "" };
  }
}

/** One person in a browser; a reload or a second tab is another Person of the same id. */
export class Person {
  /** Brings what measures the line. */
  gauges: () => Promise<typeof import("../src/gauge")> = () => import("../src/gauge");
  readonly states: string[] = [];
  readonly streams: unknown[] = [];
  readonly connections: FakeConnection[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly errors: unknown[] = [];
  readonly audio = new FakeTrack("audio");
  readonly video = new FakeTrack("video");
  roster: readonly Member[] = [];
  readonly signal: Signal;
  readonly room: Room;
  private happened: (what: Trigger) => void = () => undefined;

  constructor(
    readonly id: "p" | "s",
    server: FakeServer,
  ) {
    this.signal = new Signal({
      random: () => 0.5,
      connect: () => {
        const socket = server.socket(id);
        this.sockets.push(socket);
        setTimeout(() => (server.running && !server.deaf.has(id) ? socket.accept() : socket.refuse()), 20);
        return socket;
      },
    });
    this.room = new Room({
      signal: this.signal,
      visit: "v1",
      ...(id === "p" && { fastest: 15 }),
      offers: id === "s",
      onState: (state: State, detail?: string) => this.states.push(detail ? `${state} ${detail}` : state),
      onRoster: (members) => (this.roster = members),
      onRemoteStream: (stream) => this.streams.push(stream),
      onError: (error) => this.errors.push(error),
      triggers: (happened) => {
        this.happened = happened;
        return () => undefined;
      },
      create: (configuration) => {
        const made = new FakeConnection(`${id}${this.connections.length}-`, configuration);
        this.connections.push(made);
        return made as unknown as RTCPeerConnection;
      },
      newStream: () => new FakeStream() as unknown as MediaStream,
      now: () => Date.now(),
      gauges: () => this.gauges(),
    });
    this.room.use({
      audio: this.audio as unknown as MediaStreamTrack,
      video: this.video as unknown as MediaStreamTrack,
    });
  }

  get connection(): FakeConnection {
    return this.connections[this.connections.length - 1] as FakeConnection;
  }

  get state(): string {
    return this.states[this.states.length - 1] ?? "";
  }

  happens(what: Trigger): void {
    this.happened(what);
  }
}
