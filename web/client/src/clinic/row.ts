// What a row of the day's list says of a visit beside whose it is. Their markup stands in templates/staff/row.html.

import { fill, only, text } from "../dom/page";
import { number } from "../dom/words";
import type { Row } from "./desk";

/** How many are seen together, which others change by coming and going. */
export function group(row: HTMLElement, { together, places }: Row): void {
  fill("group", text("group", { taken: number(together), places: number(places) }), row);
  only("group", together > 0, row);
}

/** What is booked with the visit; who needs an interpreter has none yet, or reads the name. */
export function besides(row: HTMLElement, { resources, patient }: Row): void {
  const names = resources.map(({ name, language }) => (language ? text("interpreter", { name }) : name));
  fill("besides", names.join(" · "), row);
  only("besides", names.length > 0, row);
  only("interpreter", patient.interpreter && resources.every(({ language }) => !language), row);
}
