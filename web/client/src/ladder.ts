// Sound before picture: how much picture to send on a line, and when to try more again.

import { OFF, RUNGS, SMALL, type Rung } from "./rungs";

/** Bits a second that each rung wants of the line, from the top. */
const WANTS = [300_000, 150_000, 100_000] as const;

/** A line must have been better for so long before the picture grows; it shrinks at once. */
const UP_MS = 10_000;
/** The beginning is careful, and its end is not waited for so long: then the picture takes what the line has. */
const BEGINNING_MS = 10_000;
const AT_ONCE_MS = 1000;
/** Without a picture nothing can be measured, so it is tried, less and less often. */
const RETRY_MS = 15_000;
const RETRY_MAX_MS = 120_000;
/** For so long a picture that is tried counts: the browser's estimate grows only while there is one. */
const TRIAL_MS = 25_000;

/** So old may be what the other side has told last, ms: no judgement of a picture that somebody wants to be tried now. */
const BLIND_MS = 7000;

/** What the line has: bits a second, and whether packets wait in its queue. */
export interface Room {
  readonly room: number;
  readonly queued: boolean;
}

export class Ladder {
  private betterSince: number | undefined;
  private began: number | undefined;
  private offSince: number | undefined;
  private triedAt = -Infinity;
  private blindUntil = -Infinity;
  private retry = RETRY_MS;

  constructor(public step: number = SMALL) {}

  get rung(): Rung {
    return RUNGS[this.step] as Rung;
  }

  /** Whether the picture was taken away for the sake of the sound. */
  get off(): boolean {
    return this.step === OFF;
  }

  /** Whether much may change soon, so that a look every 2 s would be too rare. */
  hurried(now: number): boolean {
    const { began = now, offSince = -Infinity, triedAt } = this;
    return now - began < BEGINNING_MS || now - Math.max(triedAt, offSince) < TRIAL_MS;
  }

  /** Takes what the line has now; answers whether the rung has changed. */
  judge(line: Room, now: number): boolean {
    this.began ??= now;
    this.offSince ??= now;
    const before = this.step;
    const wanted = this.wanted(line, now);
    if (this.off) {
      if (now - this.offSince >= this.retry) this.try(now);
    } else if (wanted > this.step) this.down(wanted, now);
    else if (wanted === this.step) this.betterSince = undefined;
    else this.up(now, wanted);
    return this.step !== before;
  }

  /** Tries the picture now, because somebody wants it. */
  hurry(now: number): boolean {
    if (!this.off) return false;
    this.retry = RETRY_MS;
    this.blindUntil = now + BLIND_MS;
    this.try(now);
    return true;
  }

  private wanted({ room, queued }: Room, now: number): number {
    if (now < this.blindUntil) return SMALL;
    if (queued) return this.step < SMALL ? SMALL : OFF;
    const fits = WANTS.findIndex((bits) => room >= bits);
    if (fits >= 0) return fits;
    return now - this.triedAt < TRIAL_MS ? SMALL : OFF;
  }

  private down(wanted: number, now: number): void {
    this.step = wanted;
    this.betterSince = undefined;
    this.offSince = now;
  }

  private up(now: number, wanted: number): void {
    this.betterSince ??= now;
    const beginning = now - (this.began ?? now) < BEGINNING_MS;
    if (now - this.betterSince < (beginning ? AT_ONCE_MS : UP_MS)) return;
    this.step = beginning ? wanted : this.step - 1;
    this.betterSince = undefined;
    if (this.step === 0) this.retry = RETRY_MS;
  }

  private try(now: number): void {
    this.step = SMALL;
    this.triedAt = now;
    this.betterSince = undefined;
    this.retry = Math.min(2 * this.retry, RETRY_MAX_MS);
  }
}
