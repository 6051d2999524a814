// What a visit ended with, on the view after it.

import { choose, fill, only } from "../dom/page";
import type { MyVisit } from "./mine";

export function presentOutcome({ summary }: MyVisit): void {
  only("summary", summary !== null);
  choose("outcome", summary?.outcome ?? "");
  fill("next-when", summary?.when ?? "");
  only("next-when", Boolean(summary?.when));
}
