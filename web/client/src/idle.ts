// When nobody has touched the page for a quarter of an hour it locks itself; a running call is touch enough.

export const LOCK_AFTER_MS = 15 * 60_000;

export interface IdleOptions {
  /** Whether something goes on that nobody needs to touch: a call. */
  readonly busy: () => boolean;
  /** Locks the screen; called once, and again when it was touched and left alone once more. */
  readonly lock: () => void;
  readonly now?: () => number;
}

export class Idle {
  private readonly now: () => number;
  private touchedAt: number;
  private locked = false;

  constructor(private readonly options: IdleOptions) {
    this.now = options.now ?? Date.now;
    this.touchedAt = this.now();
  }

  touched(): void {
    this.touchedAt = this.now();
    this.locked = false;
  }

  /** Looks at the clock; a page calls it every few seconds. A machine that slept locks as it wakes. */
  look(): void {
    if (this.options.busy()) this.touched();
    if (this.locked || this.now() - this.touchedAt < LOCK_AFTER_MS) return;
    this.locked = true;
    this.options.lock();
  }
}
