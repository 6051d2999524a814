// Numbered negotiation messages of one epoch: each reaches the other side once and in order, over any number of sockets.

import { signal, type Ack, type Negotiable, type SignalDown, type SignalUp } from "./messages";

/** Refusals that leave the message in the box: the next `resume` sends it again, with the same number. */
const UNTIL_RESUMED = ["offline", "timeout", "not-a-member"];
/** Refusals after which the server wants a pause. */
const AFTER_A_PAUSE = ["too-fast", "unavailable"];
const PAUSE_MS = 1000;

export class Mailbox {
  private epoch = 0;
  private seq = 0;
  private highest = 0;
  private open = false;
  private pending: SignalUp[] = [];

  constructor(
    private readonly send: (body: SignalUp) => Promise<Ack<"signal">>,
    private readonly onRefused: (code: string, detail: string) => void = () => undefined,
  ) {}

  /** The number of the last message received in this epoch: what `enter` tells as `since`. */
  get since(): number {
    return this.highest;
  }

  /** A new epoch: everything of the old one is void. Messages go out from `resume` on, numbered above `sent`. */
  begin(epoch: number, sent = 0): void {
    this.epoch = epoch;
    this.seq = sent;
    this.highest = 0;
    this.pending = [];
    this.open = false;
  }

  /** The room is being entered again: messages are kept until `resume`, or a later one would overtake earlier ones. */
  pause(): void {
    this.open = false;
  }

  /** The room is entered (again): sends what was not acknowledged, in order. `since` is the server's count. */
  resume(since: number): void {
    if (this.open) return; // nothing was interrupted
    this.highest = since;
    this.open = true;
    for (const body of [...this.pending]) void this.emit(body);
  }

  post(what: Negotiable): void {
    const body = signal(this.epoch, ++this.seq, what);
    this.pending.push(body);
    if (this.open) void this.emit(body);
  }

  /** Whether a message that came in is of this epoch and new; counts it if so. */
  take(body: SignalDown): boolean {
    if (body.epoch !== this.epoch || body.seq <= this.highest) return false;
    this.highest = body.seq;
    return true;
  }

  private async emit(body: SignalUp): Promise<void> {
    const ack = await this.send(body);
    if (!this.pending.includes(body)) return;
    if (!ack.ok && UNTIL_RESUMED.includes(ack.code)) return;
    this.pending = this.pending.filter((one) => one !== body);
    if (ack.ok || ack.code === "stale-sequence") return; // had it already
    if (!AFTER_A_PAUSE.includes(ack.code)) return this.onRefused(ack.code, ack.detail);
    await new Promise((go) => setTimeout(go, PAUSE_MS));
    // Later messages have overtaken it, so it needs a new number.
    if (body.epoch === this.epoch) this.post(body);
  }
}
