// What is said in writing during a call: shown once and in order, over any number of sockets and of servers.
//
// The server numbers what was said in a visit. What comes in is shown when its number is the next one; a gap, or a new
// connection, is closed by asking from the last number. What is said here goes out under an id of its own, one after the
// other, and again with the same id until it is acknowledged.

import type { Ack, ClientEvents } from "./messages";
import type { Said, SayBody, SpeechKind } from "./saying";
import { catchUp, say } from "./saying";

/** The part of the page's connection that is used here. */
export interface Wire {
  send<E extends "say" | "catch-up">(event: E, body: ClientEvents[E]): Promise<Ack<E>>;
  on(event: "said", handler: (said: Said) => void): () => void;
  on(event: "down", handler: () => void): () => void;
}

/** What is on its way; `failed` is a code of the protocol where the server will not take it. */
export interface Pending extends SayBody {
  readonly failed?: string;
}

export interface ConversationOptions {
  readonly wire: Wire;
  /** Told in the order of the numbers, each once. */
  readonly onSaid: (said: Said, mine: boolean) => void;
  /** What is still on its way, in the order in which it was said. */
  readonly onPending: (pending: readonly Pending[]) => void;
  readonly newId?: () => string;
}

/** The connection is gone, or the room is not entered on it yet: `present` comes. */
const UNTIL_PRESENT = ["offline", "not-a-member", "not-admitted"];
const AFTER_A_PAUSE = ["timeout", "too-fast", "unavailable"];
const PAUSE_MS = 1000;

const pause = (): Promise<void> => new Promise((go) => setTimeout(go, PAUSE_MS));

export class Conversation {
  private readonly wire: Wire;
  private readonly ends: (() => void)[];
  private pending: Pending[] = [];
  /** Acknowledged; each stays in sight until it comes back with its number. */
  private readonly kept = new Set<string>();
  private you = "";
  private last = 0;
  /** Whether the room is entered on the present connection. */
  private current = false;
  /** Rises with every connection: what an older one answers says nothing about the present one. */
  private turn = 0;
  private missing = false;
  private asking = false;
  private sending = false;
  private over = false;

  constructor(private readonly options: ConversationOptions) {
    this.wire = options.wire;
    this.ends = [this.wire.on("said", (said) => this.take(said)), this.wire.on("down", () => this.lost())];
  }

  /** The room is entered, with this id in it; harmless when that is known already. */
  present(you: string): void {
    this.you = you;
    if (this.current) return;
    this.current = this.missing = true;
    void this.ask();
  }

  say(kind: SpeechKind, what: { readonly phrase?: string; readonly text?: string }): void {
    const id = (this.options.newId ?? (() => crypto.randomUUID()))();
    this.pending = [...this.pending, say(id, kind, what)];
    this.options.onPending(this.pending);
    void this.send();
  }

  end(): void {
    this.over = true;
    for (const end of this.ends) end();
  }

  private lost(): void {
    this.current = false;
    this.turn += 1;
  }

  private take(said: Said): void {
    if (this.over || said.seq <= this.last + 1) return this.show(said);
    this.missing = true;
    void this.ask();
  }

  private show(said: Said): void {
    if (this.over || said.seq <= this.last) return;
    this.last = said.seq;
    const mine = said.from === this.you;
    if (mine) this.change((all) => all.filter((each) => each.id !== said.id));
    this.options.onSaid(said, mine);
  }

  /** Asks for all that is missing, and then sends what is still on its way. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    while (this.missing && this.current && !this.over) {
      this.missing = false;
      const { turn } = this;
      const ack = await this.wire.send("catch-up", catchUp(this.last));
      if (ack.ok) {
        for (const said of ack.said) this.show(said);
        this.last = Math.max(this.last, ack.last); // a guest's numbers begin where they were let in
        this.missing ||= ack.more;
      } else {
        this.missing = await this.refused(ack.code, turn);
      }
    }
    this.asking = false;
    await this.send();
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (;;) {
      const next = this.pending.find(({ id, failed }) => !failed && !this.kept.has(id));
      if (!next || !this.current || this.over) break;
      const { turn } = this;
      const ack = await this.wire.send("say", next);
      if (ack.ok) this.kept.add(next.id);
      else if (!(await this.refused(ack.code, turn))) this.fail(next.id, ack.code);
    }
    this.sending = false;
  }

  /** Waits where waiting helps; whether it may be asked again. */
  private async refused(code: string, turn: number): Promise<boolean> {
    if (AFTER_A_PAUSE.includes(code)) await pause();
    else if (!UNTIL_PRESENT.includes(code)) return false;
    else if (turn === this.turn) this.current = false;
    return true;
  }

  private fail(id: string, failed: string): void {
    this.change((all) => all.map((each) => (each.id === id ? { ...each, failed } : each)));
  }

  private change(how: (all: readonly Pending[]) => Pending[]): void {
    this.pending = how(this.pending);
    this.options.onPending(this.pending);
  }
}
