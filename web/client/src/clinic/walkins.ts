// How many wait without an appointment, beside the day's list. News of the queue names nobody, so the figure is read anew.

import { Api } from "../api";
import { fill, one } from "../dom/page";
import { number } from "../dom/words";

/** Writes the figure as it is now; where it cannot be read, the last one stays. */
export async function countWalkIns(): Promise<void> {
  const found = await new Api().get<{ readonly waiting: number }>("/queue/waiting").catch(() => undefined);
  if (found) fill("walk-ins", number(found.waiting), one("#clinic"));
}
