// The one thing that a page says about a room, from what is known about socket, seats and path. No I/O and no clock.

import type { Word } from "./messages";

/** What the page says about the room, one at a time. The last four are final. */
export type State =
  | "entering" // not in the room yet
  | "waiting" // in the room, the other side is not
  | "connecting" // both are there, nothing has come in yet
  | Word // how the line is: the table of the experience design
  | "lost" // nothing for 20 s; still trying
  | "peer-away" // nothing comes in, and the other side has lost its connection or closed the page
  | "peer-left" // the other side has given up its seat
  | "refused" // the server says no; the detail is its code. enter() may be called again
  | "replaced" // the same person opened the call elsewhere
  | "moved" // the person goes on with another device, which the specialist has let in
  | "signed-out"
  | "ended" // the detail is the reason
  | "left";

export interface Facts {
  readonly now: number;
  /** Whether the room has been entered. */
  readonly entered: boolean;
  /** Whether a socket is connected: without one the roster may be old. */
  readonly up: boolean;
  /** The other side's seat, if it has one. */
  readonly other: { readonly here: boolean } | undefined;
  /** Whether anything has come in over the present peer connection. */
  readonly connected: boolean;
  /** For how long nothing came in although something should have, ms. */
  readonly stalled: number;
  readonly word: Word;
}

const RECONNECTING_MS = 2000;
const LOST_MS = 20_000;
/** After so long everything is built anew; the polite side leaves the other one the first turn. */
const HOPELESS_MS = { impolite: 15_000, polite: 25_000 };
/**
 * A way that led somewhere is kept longer, until the server must have seen (after 20 s) who is gone: with their line it comes
 * back by itself, and sooner than anything can be built.
 */
const LED_MS = 7000;
/** So long after the room was entered again nobody counts as gone: a server that was restarted hears of each by themselves. */
const VANISHED_MS = 15_000;

export class Judge {
  private everConnected = false;
  private fineAt: number;
  private rebuiltAt = -Infinity;
  /** When one of both was last known to be without a connection to the server. */
  private apartAt = -Infinity;
  /** When the room was entered with the other side's seat still to be heard of. */
  private unheardAt = -Infinity;

  constructor(now: number) {
    this.fineAt = now;
  }

  /** The room has been entered, again perhaps: its roster may be that of a server which has just begun. */
  returned(now: number): void {
    this.unheardAt = now;
  }

  state(facts: Facts): State {
    if (facts.other) this.unheardAt = -Infinity;
    const state = this.weigh(facts);
    if (!facts.up || !facts.other?.here) this.apartAt = facts.now;
    if (state === "connecting" || state === "reconnecting") {
      return facts.now - this.fineAt >= LOST_MS ? "lost" : state;
    }
    this.fineAt = facts.now;
    return state;
  }

  /**
   * Whether it is time for the last resort, a new peer connection: both have been there for long and nothing gets
   * through. True once, and then not again for twice the patience.
   */
  hopeless(now: number, polite: boolean): boolean {
    const { polite: late, impolite: early } = HOPELESS_MS;
    const patience = (polite ? late : early) + (this.everConnected ? LED_MS : 0);
    if (now - Math.max(this.fineAt, this.apartAt) < patience || now - this.rebuiltAt < 2 * patience)
      return false;
    this.rebuiltAt = now;
    return true;
  }

  private weigh({ now, entered, up, other, connected, stalled, word }: Facts): State {
    if (!entered) return "entering";
    if (connected) this.everConnected = true;
    // What is heard counts more than what the server believes: it may have restarted in the middle of the call.
    if (connected && stalled < RECONNECTING_MS) return word;
    if (!other && !this.everConnected) return "waiting";
    if (!other) return now - this.unheardAt < VANISHED_MS ? "reconnecting" : "peer-left";
    if (!other.here && up) return this.everConnected ? "peer-away" : "waiting";
    return this.everConnected ? "reconnecting" : "connecting";
  }
}
