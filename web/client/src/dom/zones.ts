// Whose clock is meant: a page whose times are those of a place says so where the reader's own clock shows another time.

import { all } from "./page";
import { clockDiffers } from "./words";

/** Shows what is marked with data-times-of="ZONE" to readers whose clock differs. */
export function nameZones(): void {
  const now = new Date().toISOString();
  for (const place of all("[data-times-of]"))
    place.hidden = !clockDiffers(now, place.dataset["timesOf"] ?? "");
}
