// Blocks of weekly hours on the clocks of one day: rows are quarters of an hour as they pass, 92 where clocks are put
// forward and 100 where they are put back. Knows no page.

/** From one row to another, the end not included. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/** What of a block is moved. */
export type Part = "all" | "start" | "end";

/** The first row at which clocks show `wall` or later; an end of 00:00 is the day's end. */
export function rowOf(wall: string, quarters: readonly string[], isEnd = false): number {
  if (isEnd && wall === "00:00") return quarters.length;
  const found = quarters.findIndex((shown) => shown >= wall);
  return found < 0 ? quarters.length : found;
}

/** What clocks show at a row; midnight behind the last. */
export const wallOf = (row: number, quarters: readonly string[]): string => quarters[row] ?? "00:00";

/** The block with a part moved by rows: within the day, and never shorter than a row. */
export function moved(block: Block, part: Part, by: number, rows: number): Block {
  const { start, end } = block;
  if (part === "start") return { start: Math.min(Math.max(start + by, 0), end - 1), end };
  if (part === "end") return { start, end: Math.max(Math.min(end + by, rows), start + 1) };
  const step = Math.min(Math.max(by, -start), rows - end);
  return { start: start + step, end: end + step };
}

/** The block between two rows, whichever came first. */
export function between(one: number, other: number, rows: number): Block {
  const start = Math.max(Math.min(one, other), 0);
  return { start, end: Math.min(Math.max(one, other) + 1, rows) };
}
