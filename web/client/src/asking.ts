// A socket made of questions, for lines that take no websocket (signaling/PROTOCOL.md, "Without a websocket").
//
// What the page says is numbered and repeated until an answer comes; what the server says is numbered, too, and each
// is told here once and in order, whichever answer brought it.

import { Problem, type Api, type RequestOptions } from "./api";
import type { SocketLike } from "./signal";

interface News {
  readonly n: number;
  /** The number of the event that is acknowledged. */
  readonly ack?: number;
  readonly event?: string;
  readonly body: unknown;
}

interface Told {
  readonly news: readonly News[];
  /** Closed in good order: nothing more will come. */
  readonly over: boolean;
}

type Answered = (error: unknown, ack: unknown) => void;

export interface AskingOptions {
  readonly query: Record<string, string>;
  /** How long connecting may take, ms. */
  readonly patience: number;
  readonly api: Pick<Api, "get" | "post">;
  /** Asks again and again, more often while `busy`. */
  readonly poll: (ask: () => Promise<boolean>, busy: () => boolean) => { start(): void; stop(): void };
  /** Sends something that outlives the page. */
  readonly farewell: (path: string, body: unknown) => void;
  /** Calls when the page goes; answers the function that ends it. */
  readonly leaving: (happened: () => void) => () => void;
  /** A connection came to be. */
  readonly worked: () => void;
}

/** The server holds a question for 25 s. */
const HELD_MS = 35_000;
const FAILURES = 3;
const BATCH = 32;
/** Characters of one request; the server takes 64 kB. */
const BATCH_SIZE = 56_000;

export class Asking implements SocketLike {
  connected = false;
  private name = "";
  private since = 0;
  private failures = 0;
  /** In a call, or on the way into it: nothing may wait. */
  private busy = false;
  private sending = false;
  private said = 0;
  private readonly unsaid: (readonly [event: string, body: unknown])[] = [];
  private readonly acks = new Map<number, Answered>();
  private readonly handlers = new Map<string, (body: never) => void>();
  private readonly asks: { start(): void; stop(): void };
  private stay: () => void = () => undefined;
  private dropped = false;

  constructor(private readonly options: AskingOptions) {
    this.asks = options.poll(
      () => this.ask(),
      () => this.busy,
    );
  }

  on(event: string, handler: (body: never) => void): void {
    this.handlers.set(event, handler);
  }

  off(): void {
    this.handlers.clear();
  }

  connect(): void {
    void this.open();
  }

  disconnect(): void {
    this.dropped = true;
    if (this.connected) this.farewell();
    this.end();
  }

  timeout(ms: number): { emit(event: string, body: unknown, answered: Answered): void } {
    return {
      emit: (event, body, answered) => {
        const n = (this.said += 1);
        const once: Answered = (error, ack) => {
          clearTimeout(timer);
          if (this.acks.delete(n)) answered(error, ack);
        };
        const timer = setTimeout(() => once(new Error("timeout"), undefined), ms);
        this.acks.set(n, once);
        this.unsaid.push([event, body]);
        if (event === "enter") this.busy = true;
        if (event === "leave") this.busy = false;
        void this.say();
      },
    };
  }

  private async open(): Promise<void> {
    const { api, patience, worked, leaving } = this.options;
    const once = { attempts: 1, patience };
    try {
      const { connection } = await api.post<{ connection: string }>(this.path(""), {}, once);
      this.name = connection;
    } catch {
      return this.tell("connect_error", undefined);
    }
    if (this.dropped) return this.farewell();
    this.connected = true;
    this.stay = leaving(() => this.farewell());
    worked();
    this.tell("connect", undefined);
    this.asks.start();
  }

  /** One question for news; answers whether there was an answer. */
  private async ask(): Promise<boolean> {
    try {
      const path = this.path("", { since: String(this.since) });
      await this.take(
        await this.options.api.get<Told>(path, { ...this.named, attempts: 1, patience: HELD_MS }),
      );
      this.failures = 0;
      return true;
    } catch (error) {
      this.failures += 1;
      const silent = error instanceof Problem && error.code === "timeout";
      if (!transient(error) || silent || this.failures >= FAILURES) this.lost();
      return false;
    }
  }

  /** Sends what is unsaid, one request after the other: nothing overtakes. */
  private async say(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    while (this.connected && this.unsaid.length > 0) {
      const events = this.batch();
      const first = this.said - this.unsaid.length + 1;
      try {
        const body = { since: this.since, first, events };
        const told = await this.options.api.post<Told>(this.path("/events"), body, this.named);
        this.unsaid.splice(0, events.length);
        await this.take(told);
      } catch {
        this.lost();
      }
    }
    this.sending = false;
  }

  /** The first of what is unsaid, as much as one request takes. */
  private batch(): (readonly [string, unknown])[] {
    let size = 0;
    const fits = (each: readonly [string, unknown], at: number) =>
      (size += JSON.stringify(each).length) <= BATCH_SIZE || at === 0;
    const most = this.unsaid.slice(0, BATCH);
    const end = most.findIndex((each, at) => !fits(each, at));
    return end < 0 ? most : most.slice(0, end);
  }

  /**
   * Tells the news as a websocket would, each in a task of its own: who waited for an acknowledgement goes on before the
   * event behind it comes. Of two answers that are told at once, each piece of news is told by the one that gets to it.
   */
  private async take({ news, over }: Told): Promise<void> {
    for (const { n, ack, event, body } of news) {
      if (n > this.since) await task();
      if (n <= this.since || !this.connected) continue;
      this.since = n;
      if (ack !== undefined) this.acks.get(ack)?.(null, body);
      else if (event !== undefined) this.tell(event, body);
      if (event === "ended") this.busy = false;
    }
    if (over) this.lost();
  }

  private get named(): RequestOptions {
    return { headers: { "X-Connection": this.name } };
  }

  private path(path: string, more: Record<string, string> = {}): string {
    const query = new URLSearchParams({ ...this.options.query, ...more }).toString();
    return query ? `${path}?${query}` : path;
  }

  private farewell(): void {
    this.options.farewell(`/live${this.path("/end")}`, { connection: this.name });
  }

  private lost(): void {
    if (!this.connected) return;
    this.end();
    this.tell("disconnect", undefined);
  }

  /** Asks and says no more; what was not answered never will be. */
  private end(): void {
    this.connected = false;
    this.asks.stop();
    this.stay();
    for (const answered of [...this.acks.values()]) answered(new Error("lost"), undefined);
  }

  private tell(event: string, body: unknown): void {
    this.handlers.get(event)?.(body as never);
  }
}

/** Waits for the next task; in a hidden page, too, where timers are slow. */
function task(): Promise<void> {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(undefined);
  });
}

/** Whether the same question may be answered a little later. */
function transient(error: unknown): boolean {
  return error instanceof Problem && error.transient;
}
