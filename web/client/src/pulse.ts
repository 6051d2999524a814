// The heartbeat of a member: the server shows one as "reconnecting" who was not heard for 20 s.

import type { Signal } from "./signal";

/** In half seconds; PROTOCOL.md asks for a probe at least every 8 s. */
const EVERY = 12;
const PATIENCE_MS = 5000;

export class Pulse {
  private ticks = 0;

  constructor(private readonly signal: Signal) {}

  /** Called every half second by whoever sits in a room; a socket that does not answer is thrown away. */
  async tick(): Promise<void> {
    this.ticks += 1;
    if (this.ticks % EVERY !== 0 || !this.signal.up) return;
    const alive = await this.signal.probe(PATIENCE_MS);
    if (!alive && this.signal.up) this.signal.renew();
  }
}
