// Tells the server every ten seconds of a call how the line was. What measures it is loaded once it is needed.

import { pairOf } from "./flow";
import type { Lane } from "./lane";
import type { Logbook } from "./logbook";
import type { Signal } from "./signal";

/** Ticks of the room. */
const EVERY = 20;

export class Telling {
  private ticks = 0;
  private book: Logbook | undefined;

  constructor(
    private readonly signal: Signal,
    private readonly lane: Lane,
  ) {}

  /** Twice a second of a call. */
  async tick(): Promise<void> {
    this.ticks += 1;
    this.book?.watch();
    if (this.ticks % EVERY || !this.signal.up) return;
    const part = this.book ? undefined : await import("./logbook").catch(() => undefined); // the next turn tries again
    this.book ??= part && new part.Logbook(this.lane, pairOf);
    if (!this.book) return;
    const look = await this.book.look();
    if (look && (await this.signal.send("measured", look)).ok) this.book.told();
  }
}
