// How well the server is reached, judged by what a page has loaded already: on a slow line asking for it would cost most.

/** What the browser notes of one answer, as far as it is used here: milliseconds, and bytes on the wire. */
export type Loaded = Pick<
  PerformanceResourceTiming,
  "requestStart" | "responseStart" | "responseEnd" | "transferSize"
>;

/** From this round trip on, ms, people begin to talk over each other. */
const LATE_MS = 500;
/** Bits a millisecond; with less there is sound and a small picture. */
const NARROW = 330;
/** Bytes; a smaller answer comes at once on any line and tells nothing of its width. */
const TELLING = 3000;

/** What is said of the line; nothing where nothing was loaded over it. The best answer counts: others shared the line. */
export function reach(loaded: readonly Loaded[]): "good" | "slow" | "" {
  const came = loaded.filter((one) => one.responseStart > 0 && one.transferSize > 0);
  if (!came.length) return "";
  const trips = came.map((one) => one.responseStart - one.requestStart);
  const widths = came
    .filter((one) => one.transferSize >= TELLING)
    .map((one) => (one.transferSize * 8) / (one.responseEnd - one.responseStart));
  const narrow = widths.length > 0 && Math.max(...widths) < NARROW;
  return narrow || Math.min(...trips) > LATE_MS ? "slow" : "good";
}
