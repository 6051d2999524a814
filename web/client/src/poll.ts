// Asking again and again where no socket comes through: seldom where nobody looks, where data are dear, and where
// nobody answers. It knows no network: what to ask and whether somebody looks are handed in.

export interface PollOptions {
  /** Asks once; answers whether there was an answer. */
  readonly ask: () => Promise<boolean>;
  readonly visible: () => boolean;
  /** Whether the person pays for every byte: data saver, or a 2G line. */
  readonly dear: () => boolean;
  /** Whether nothing may wait just now, because a call is on. */
  readonly busy?: () => boolean;
  /** A number in [0, 1). */
  readonly random?: () => number;
}

const BUSY_MS = 150;
const VISIBLE_MS = 1500;
const HIDDEN_MS = 8000;
const LONGEST_MS = 60_000;

export class Poll {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private on = false;
  private failures = 0;

  constructor(private readonly options: PollOptions) {}

  /** From one question to the next, ms: 30 % more or less, doubled where data are dear and after each failure. */
  pause(): number {
    const { visible, dear, busy, random } = this.options;
    const hurried = busy?.() ?? false;
    const step = hurried ? BUSY_MS : visible() ? VISIBLE_MS : HIDDEN_MS;
    const chance = 0.7 + 0.6 * (random ?? Math.random)();
    const times = (dear() && !hurried ? 2 : 1) * 2 ** this.failures;
    return Math.min(LONGEST_MS, step * times) * chance;
  }

  /** Begins; harmless when it has. */
  start(): void {
    if (this.on) return;
    this.on = true;
    this.failures = 0;
    void this.once();
  }

  stop(): void {
    this.on = false;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** The line came back, or somebody looks again: asks at once. */
  hurry(): void {
    if (!this.on || this.timer === undefined) return;
    this.failures = 0;
    void this.once();
  }

  private async once(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const began = Date.now();
    this.failures = (await this.options.ask()) ? 0 : Math.min(6, this.failures + 1);
    // A question that was held for long is followed at once.
    const rest = Math.max(0, began + this.pause() - Date.now());
    if (this.on) this.timer = setTimeout(() => void this.once(), rest);
  }
}
