// For how long something has been so without a break. No clock of its own.

export class Lasting {
  private since: number | undefined;

  /** Takes whether it is so now; answers for how long it has been, ms: 0 where it is not, or has just begun. */
  of(so: boolean, now: number): number {
    this.since = so ? (this.since ?? now) : undefined;
    return now - (this.since ?? now);
  }
}
