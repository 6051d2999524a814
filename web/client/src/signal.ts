// The one connection of a page: typed events, acknowledged sends, and reconnecting by our own rules. A Socket.IO socket,
// or questions over HTTP where the server answers those and no websocket comes through.
//
// Whether a line works is decided by the application (path.ts), not by Socket.IO's pings: `renew()` throws a silent
// socket away at once. Losing the socket tears nothing down; whoever listens decides what it means.

import { mark } from "./marks";
import { probe, type Ack, type ClientEvents, type Refusal, type ServerEvents } from "./messages";
import { patience, pause } from "./redial";
import { websocket, type Connect, type SocketLike } from "./socket";

export type { Connect, SocketLike };

/** Why the connection is over for good. */
export type Stopped = "replaced" | "moved" | "signed-out" | "closed";

/** What one may listen to: the server's events, and the three of the connection itself. */
export type SignalEvents = ServerEvents & {
  /** A socket is connected (first time, or again): enter and watch anew. */
  up: undefined;
  /** The socket was lost; another one is being tried unless `stopped` follows. */
  down: undefined;
  /** No further attempt will be made. */
  stopped: Stopped;
};

/** How a connection goes on without websockets. */
export interface Instead {
  /** Whether this tab has learnt that no websocket comes through. */
  known(): boolean;
  /** Whether the server answers over HTTP just now. */
  answers(): Promise<boolean>;
  /** Loads what makes a socket out of questions. */
  load(): Promise<Connect>;
}

export interface SignalOptions {
  /** The visit whose cookie the server shall read: given on a patient's page, absent on a staff page. */
  readonly visit?: string;
  /** The guest whose cookie the server shall read, on a guest's page. */
  readonly guest?: string;
  /** Replaced in tests. */
  readonly connect?: Connect;
  /** How to go on where no websocket comes through; without it there is nothing but websockets. */
  readonly instead?: Instead;
  /** A number in [0, 1). */
  readonly random?: () => number;
}

const PASSED_ON = [
  ...(["visit", "clinic", "place", "message", "running", "priority", "guest", "moved", "queue"] as const),
  ...(["prepare", "roster", "signal", "said", "recording", "ended"] as const),
];
const PROBE_MS = 1000;
const ANSWER_MS = 5000;
/** So much longer than its socket an attempt may take, ms. */
const GREETING_MS = 1000;
/** An attempt that is younger, ms, is left alone when the line comes back. */
const FRESH_MS = 1000;

const refusal = (code: string, detail: string): Refusal => ({ ok: false, code, detail });

export class Signal {
  private socket: SocketLike | undefined;
  private readonly query: Record<string, string>;
  private readonly connect: Connect;
  private readonly instead: Instead | undefined;
  /** What is used while no websocket seems to come through. */
  private asking: Connect | undefined;
  /** When the server answered over HTTP, if it has since the last websocket. */
  private answered = Infinity;
  private checking = false;
  /** A websocket has come through since the page was opened: one that hangs later shows nothing but a dead line. */
  private proven = false;
  private readonly random: () => number;
  private readonly handlers = new Map<string, Set<(body: never) => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private dialled = 0;
  private attempt = 0;
  private probes = 0;
  /** The last round trip to the server, ms. */
  private trip = 0;
  /** When a server goes, its clients come back spread over so many ms. */
  private spread = 0;
  private over: Stopped | undefined;

  constructor(options: SignalOptions = {}) {
    const { visit, guest } = options;
    this.query = visit !== undefined ? { visit } : guest !== undefined ? { guest } : {};
    this.connect = options.connect ?? websocket;
    this.instead = options.instead;
    this.random = options.random ?? Math.random;
  }

  /** Whether a socket is connected, as far as anyone knows. */
  get up(): boolean {
    return this.socket?.connected ?? false;
  }

  /** Why no further attempt will be made, if so. */
  get stopped(): Stopped | undefined {
    return this.over;
  }

  /** Listens to an event; answers the function that ends it. */
  on<E extends keyof SignalEvents>(event: E, handler: (body: SignalEvents[E]) => void): () => void {
    const all = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, all);
    all.add(handler as (body: never) => void);
    return () => void all.delete(handler as (body: never) => void);
  }

  /** Connects for the first time; harmless when called again. */
  open(): void {
    if (this.socket || this.over) return;
    if (this.instead?.known()) void this.ask();
    else this.renew();
  }

  /**
   * Sends an event and awaits its acknowledgement; never throws. Events leave in the order of the calls. Nothing is
   * kept for later: without a socket the answer is the refusal `offline`, at once.
   */
  send<E extends keyof ClientEvents>(event: E, body: ClientEvents[E], patience = ANSWER_MS): Promise<Ack<E>> {
    const socket = this.socket;
    if (!socket?.connected) return Promise.resolve(refusal("offline", "no connection"));
    return new Promise((resolve) => {
      socket.timeout(patience).emit(event, body, (error, ack) => {
        if (!error) resolve(ack as Ack<E>);
        else if (socket.connected) resolve(refusal("timeout", "no answer in time"));
        else resolve(refusal("offline", "the connection was lost before the answer"));
      });
    });
  }

  /** Whether the server answers within a second, or within three usual round trips where those are longer. */
  async probe(patience = Math.max(PROBE_MS, Math.min(4 * PROBE_MS, 3 * this.trip))): Promise<boolean> {
    const n = ++this.probes;
    const sent = Date.now();
    const ack = await this.send("probe", probe(n), patience);
    if (ack.ok) this.trip = Date.now() - sent;
    // Any answer of the server, even a refusal, shows that the line works.
    return ack.ok || !["offline", "timeout"].includes(ack.code);
  }

  /** Throws the present socket away, whatever its state, and connects a new one at once. */
  renew(): void {
    if (this.over) return;
    const lost = this.drop();
    if (lost) this.tell("down", undefined);
    this.attempt = 0;
    this.dial();
  }

  /**
   * The line came back, or somebody looks at the page: tries at once, also where an attempt has been under way for a
   * while. What it sent before is lost, and is sent again after seconds only.
   */
  hurry(): void {
    if (!this.socket || this.up || this.over) return;
    if (this.timer === undefined && Date.now() - this.dialled < FRESH_MS) return;
    this.attempt = 0;
    this.dial();
  }

  /** Ends the connection for good. */
  close(): void {
    this.stop("closed");
  }

  private dial(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.drop();
    const time = patience(this.attempt, this.trip);
    const dialled = (this.dialled = Date.now());
    const socket = (this.asking ?? this.connect)(this.query, time);
    this.socket = socket;
    const failed = () => this.failed(socket, Date.now() - dialled >= time);
    // The socket itself watches its way to the server, but nobody the greeting that follows.
    this.limit = setTimeout(() => !socket.connected && failed(), time + GREETING_MS);
    socket.on("connect", () => this.connected());
    socket.on("disconnect", () => this.lost());
    socket.on("connect_error", failed);
    for (const event of PASSED_ON) socket.on(event, (body: never) => this.tell(event, body));
    socket.on("draining", (body: ServerEvents["draining"]) => {
      this.spread = 1000 * body.retry;
      this.tell("draining", body);
    });
    socket.on("replaced", ({ by }: ServerEvents["replaced"]) =>
      this.stop(by === "device" ? "moved" : "replaced"),
    );
    socket.on("signed-out", () => this.stop("signed-out"));
    socket.connect();
  }

  private connected(): void {
    this.attempt = 0;
    this.spread = 0;
    this.answered = Infinity;
    this.proven ||= !this.asking;
    mark("sock");
    this.tell("up", undefined);
  }

  private lost(): void {
    this.tell("down", undefined);
    this.later();
  }

  /**
   * No connection came to be. A websocket that was begun after the server had answered over HTTP, and fails, is blocked on
   * its way; the first one of a page is, too, if it hangs while the server answers. Where questions fail, the server is
   * away: websockets again.
   */
  private failed(socket: SocketLike, hung: boolean): void {
    if (this.socket !== socket) return;
    const { instead } = this;
    if (this.asking || !instead) this.asking = undefined;
    else if (this.answered <= this.dialled) return void this.ask();
    else void this.check(instead, hung && !this.proven);
    this.later();
  }

  /** Whether the server is there: asked beside the next attempts, none of which waits for it. */
  private async check(instead: Instead, blocked: boolean): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    const answered = await instead.answers();
    this.checking = false;
    if (!answered || this.up || this.over || this.asking) return;
    this.answered = Date.now();
    if (blocked) void this.ask();
    else this.hurry();
  }

  /** Goes on by questions, if what makes them can be loaded. */
  private async ask(): Promise<void> {
    const { socket } = this;
    clearTimeout(this.timer);
    const asking = await this.instead?.load().catch(() => undefined);
    this.answered = Infinity;
    if (this.socket !== socket || this.over) return;
    this.asking = asking;
    if (this.asking) this.dial();
    else this.later();
  }

  private later(): void {
    if (this.over) return;
    clearTimeout(this.timer);
    const spread = this.random() * this.spread;
    this.spread = 0;
    this.timer = setTimeout(() => this.dial(), spread + pause(this.attempt++, this.random()));
  }

  /** Silences and closes the present socket; answers whether it was connected. */
  private drop(): boolean {
    const socket = this.socket;
    this.socket = undefined;
    clearTimeout(this.limit);
    if (!socket) return false;
    const connected = socket.connected;
    socket.off();
    socket.disconnect();
    return connected;
  }

  private stop(reason: Stopped): void {
    if (this.over) return;
    this.over = reason;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.drop()) this.tell("down", undefined);
    this.tell("stopped", reason);
  }

  private tell<E extends keyof SignalEvents>(event: E, body: SignalEvents[E]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) handler(body as never);
  }
}
