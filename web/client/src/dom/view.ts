// One document, one view at a time: sections marked data-view. Switching moves the focus to the new view's heading, closes
// what stood open over the old one, and takes back what was said in it.

import { hush } from "./announce";
import { all } from "./page";

/** The name of the view on show. */
export function current(): string {
  return document.documentElement.dataset["at"] ?? "";
}

/** Shows one view and moves the reader there; does nothing when it is on show already. */
export function show(name: string): void {
  if (current() === name) return;
  const first = current() === "" || current() === "loading";
  for (const dialog of all<HTMLDialogElement>("dialog[open]")) dialog.close();
  hush();
  document.documentElement.dataset["at"] = name;
  for (const section of all("[data-view]")) section.hidden = section.dataset["view"] !== name;
  scrollTo(0, 0);
  // The first view of a fresh page is read from its top anyway; later ones would begin in the middle of nowhere.
  if (!first) toHeading(name);
}

/** Moves the reader to a view's heading. */
export function toHeading(name: string): void {
  const headings = all(`[data-view="${name}"] :is(h1, h2)[tabindex]`);
  headings.find((one) => !one.closest("[hidden]"))?.focus({ preventScroll: true });
}
