// What the worker does with frames: seals what goes up, opens what comes of each member, drops what it must not take.

import { isSealed, Opener, Sealer, type Bytes } from "./frame";
import type { Order, Told, Way } from "./orders";

const TOLD_EVERY_MS = 200;

export class Workshop {
  private sealer: Sealer | undefined;
  /** Nothing goes up before it has been said how. */
  private passing = false;
  private readonly openers = new Map<string, Opener>();
  private readonly trusted = new Set<string>();
  private readonly used = new Map<string, { frames: number; told: number }>();

  constructor(
    private readonly tell: (told: Told) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  order(order: Order): void {
    switch (order.do) {
      case "seal":
        this.sealer = new Sealer(order.key, order.id);
        return;
      case "pass":
        this.sealer = undefined;
        this.passing = true;
        return;
      case "open":
        return this.opener(order.who).take(order.id, order.key);
      case "trust":
        if (order.clear) this.trusted.add(order.who);
        else this.trusted.delete(order.who);
        return;
      case "forget":
        this.openers.delete(order.who);
        this.trusted.delete(order.who);
        this.used.delete(order.who);
    }
  }

  /** What becomes of one frame; undefined: nothing. */
  async work({ kind, who }: Way, data: Bytes): Promise<Bytes | undefined> {
    if (who === undefined)
      return this.sealer ? this.sealer.seal(kind, data) : this.passing ? data : undefined;
    const clear = this.trusted.has(who) && !isSealed(data);
    const frame = clear ? data : await this.openers.get(who)?.open(kind, data);
    if (frame) this.count(who);
    return frame;
  }

  private opener(who: string): Opener {
    const one = this.openers.get(who) ?? new Opener();
    this.openers.set(who, one);
    return one;
  }

  private count(who: string): void {
    const used = this.used.get(who) ?? { frames: 0, told: -Infinity };
    this.used.set(who, used);
    used.frames += 1;
    const now = this.now();
    if (now - used.told < TOLD_EVERY_MS) return;
    used.told = now;
    this.tell({ who, frames: used.frames });
  }
}
