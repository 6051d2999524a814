// Where the picture of a call begins, by what a check of the line has found: climbing is the ladder's business.

/** What was advised, and what the line carried in the direction that counts, bits a second. */
export interface Advised {
  readonly plan: string;
  readonly rate: number;
}

/** Bits a second that the first rungs of the ladder want. */
const WANTED = [600_000, 300_000];

/** The rung (0 at the top, 3 without a picture) from which a call's picture begins; 0 where nobody has checked. */
export function startFrom(advised: Advised | null): number {
  if (!advised) return 0;
  if (advised.plan !== "video") return 3;
  const rung = WANTED.findIndex((rate) => advised.rate >= rate);
  return rung < 0 ? WANTED.length : rung;
}
