// The one connection of a page: typed events, acknowledged sends, and reconnecting by our own rules. A Socket.IO socket,
// or questions over HTTP where the server answers those and no websocket comes through.
//
// Whether a line works is decided by the application (path.ts), not by Socket.IO's pings: `renew()` throws a silent
// socket away at once. Losing the socket tears nothing down; whoever listens decides what it means.

import { io } from "socket.io-client";

import { mark } from "./marks";
import { probe, type Ack, type ClientEvents, type Refusal, type ServerEvents } from "./messages";

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

/** The part of a Socket.IO socket that is used here. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, handler: (body: never) => void): unknown;
  off(): unknown;
  timeout(ms: number): {
    emit(event: string, body: unknown, answered: (error: unknown, ack: unknown) => void): unknown;
  };
}

/** Makes an unconnected socket. `patience` is how long one attempt may take, in ms. */
export type Connect = (query: Record<string, string>, patience: number) => SocketLike;

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
/** After so many fast attempts (about 10 s) the pauses grow, so that a long outage does not drain the phone. */
const FAST_ATTEMPTS = 20;

const refusal = (code: string, detail: string): Refusal => ({ ok: false, code, detail });

/** The pause before reconnecting, in ms: 100 to 500 for the first 10 s, then up to 5 s; a fifth more or less. */
export function pause(attempt: number, chance: number): number {
  const step =
    attempt < FAST_ATTEMPTS
      ? Math.min(500, 100 * 2 ** attempt)
      : Math.min(5000, 500 * 2 ** (attempt - FAST_ATTEMPTS));
  return step * (0.8 + 0.4 * chance);
}

function websocket(query: Record<string, string>, patience: number): SocketLike {
  return io({
    path: "/socket.io",
    query,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    timeout: patience,
  }) as unknown as SocketLike;
}

export class Signal {
  private socket: SocketLike | undefined;
  private readonly query: Record<string, string>;
  private readonly connect: Connect;
  private readonly instead: Instead | undefined;
  /** What is used while no websocket seems to come through. */
  private asking: Connect | undefined;
  /** The server answered over HTTP after the last websocket had failed. */
  private reached = false;
  private readonly random: () => number;
  private readonly handlers = new Map<string, Set<(body: never) => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
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

  /** Tries at once if an attempt is only being waited for: the line came back, or somebody looks at the page. */
  hurry(): void {
    if (this.timer === undefined) return;
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
    // A slow line needs several round trips to connect: later attempts may take longer than the first.
    const patience = Math.min(10_000, 4000 + 1000 * this.attempt);
    const dialled = Date.now();
    const socket = (this.asking ?? this.connect)(this.query, patience);
    this.socket = socket;
    socket.on("connect", () => this.connected());
    socket.on("disconnect", () => this.lost());
    socket.on("connect_error", () => void this.failed(socket, Date.now() - dialled >= patience));
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
    this.reached = false;
    mark("sock");
    this.tell("up", undefined);
  }

  private lost(): void {
    this.tell("down", undefined);
    this.later();
  }

  /**
   * No connection came to be. A websocket that fails although the server has just answered is blocked on its way; one
   * that hangs is, as soon as the server answers. Where questions fail, too, the server is away: websockets again.
   */
  private async failed(socket: SocketLike, hung: boolean): Promise<void> {
    const { instead } = this;
    if (this.asking || !instead) {
      this.asking = undefined;
      return this.later();
    }
    const blocked = this.reached;
    this.reached = blocked || (await instead.answers());
    if (this.socket !== socket) return;
    if (blocked || (hung && this.reached)) await this.ask();
    else this.later();
  }

  /** Goes on by questions, if what makes them can be loaded. */
  private async ask(): Promise<void> {
    const { socket } = this;
    this.asking = await this.instead?.load().catch(() => undefined);
    this.reached = false;
    if (this.socket !== socket || this.over) return;
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
