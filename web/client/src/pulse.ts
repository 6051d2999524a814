// The heartbeat of a member, and what is told with it of the line. The server shows one as "reconnecting" who was not heard
// for 20 s.

import type { Lane } from "./lane";
import type { Signal } from "./signal";
import { Telling } from "./telling";

/** In half seconds; PROTOCOL.md asks for a probe at least every 8 s. */
const EVERY = 12;
const PATIENCE_MS = 5000;

export class Pulse {
  private ticks = 0;
  private readonly telling: Telling;

  constructor(
    private readonly signal: Signal,
    lane: Lane,
    private readonly onError?: (error: unknown) => void,
  ) {
    this.telling = new Telling(signal, lane);
  }

  /** Called every half second by whoever sits in a room; a socket that does not answer is thrown away. */
  async tick(): Promise<void> {
    this.ticks += 1;
    this.telling.tick().catch((error: unknown) => this.onError?.(error));
    if (this.ticks % EVERY !== 0 || !this.signal.up) return;
    const alive = await this.signal.probe(PATIENCE_MS);
    if (!alive && this.signal.up) this.signal.renew();
  }
}
