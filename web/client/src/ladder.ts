// Sound before picture: how much picture to send for each connection word, and when to try more again.

import type { Word } from "./messages";

/** What the sender of the picture may use. */
export interface Rung {
  readonly active: boolean;
  /** Bits a second. */
  readonly bitrate: number;
  /** By how much width and height are divided. */
  readonly scale: number;
  /** Frames a second. */
  readonly rate: number;
}

type Measured = Exclude<Word, "reconnecting">;

/** From the top: 640×480 as asked for, smaller, smallest, none. */
export const RUNGS: readonly [Rung, Rung, Rung, Rung] = [
  { active: true, bitrate: 450_000, scale: 1, rate: 30 },
  { active: true, bitrate: 250_000, scale: 4 / 3, rate: 20 },
  { active: true, bitrate: 110_000, scale: 2, rate: 15 },
  { active: false, bitrate: 110_000, scale: 2, rate: 15 },
];
const ORDER: readonly Measured[] = ["good", "fair", "poor", "audio-only"];
const OFF = RUNGS.length - 1;

/** A line must have been better for so long before the picture grows; it shrinks at once. */
const UP_MS = 10_000;
/** Without a picture nothing can be measured, so it is tried, less and less often. */
const RETRY_MS = 15_000;
const RETRY_MAX_MS = 120_000;

export class Ladder {
  step = 0;
  private betterSince: number | undefined;
  private offSince = 0;
  private retry = RETRY_MS;

  get rung(): Rung {
    return RUNGS[this.step] as Rung;
  }

  /** Whether the picture was taken away for the sake of the sound. */
  get off(): boolean {
    return this.step === OFF;
  }

  /** Takes the word of the moment; answers whether the rung has changed. */
  judge(word: Measured, now: number): boolean {
    const before = this.step;
    const wanted = ORDER.indexOf(word);
    if (this.off) this.again(now);
    else if (wanted > this.step) this.down(wanted, now);
    else if (wanted === this.step) this.betterSince = undefined;
    else this.up(now);
    return this.step !== before;
  }

  private down(wanted: number, now: number): void {
    this.step = wanted;
    this.betterSince = undefined;
    this.offSince = now;
  }

  private up(now: number): void {
    this.betterSince ??= now;
    if (now - this.betterSince < UP_MS) return;
    this.step -= 1;
    this.betterSince = undefined;
    if (this.step === 0) this.retry = RETRY_MS;
  }

  private again(now: number): void {
    if (now - this.offSince < this.retry) return;
    this.step = OFF - 1;
    this.betterSince = undefined;
    this.retry = Math.min(2 * this.retry, RETRY_MAX_MS);
  }
}
