// When a lost connection is tried again, and how long an attempt may take. No I/O and no clock.

/** After so many fast attempts the pauses grow, so that a long outage does not drain the phone. */
const FAST_ATTEMPTS = 20;

/** The pause before reconnecting, in ms: 100 to 500 at first, then up to 5 s; a fifth more or less. */
export function pause(attempt: number, chance: number): number {
  const step =
    attempt < FAST_ATTEMPTS
      ? Math.min(500, 100 * 2 ** attempt)
      : Math.min(5000, 500 * 2 ** (attempt - FAST_ATTEMPTS));
  return step * (0.8 + 0.4 * chance);
}

const SHORT_MS = 3500;
const LONG_MS = 7500;
const LONGEST_MS = 10_000;
/** Connecting takes five round trips, or a few more where one gets lost. */
const TRIPS = 8;
/** Half a minute. Chromium lets a page wait that has failed fifteen times within its last minutes, so they are not many. */
const SHORT_ATTEMPTS = 8;

/**
 * How long an attempt may take, ms. What it sends into a dead line is sent again after 1, 3 and 7 s: a fresh attempt finds
 * a line that came back sooner than one that hangs. Where the line has shown its round trip (`trip`, ms; 0 for unknown)
 * nothing needs to hang for long.
 */
export function patience(attempt: number, trip: number): number {
  if (!trip) return Math.min(LONGEST_MS, 4000 + 1000 * attempt);
  return Math.min(LONGEST_MS, Math.max(attempt < SHORT_ATTEMPTS ? SHORT_MS : LONG_MS, TRIPS * trip));
}
