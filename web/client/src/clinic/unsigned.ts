// The notes to sign, beside the day's list: a link to each.

import { all, one } from "../dom/page";

/** An ended visit wants its note. */
export function owed(visit: string, words: string): void {
  if (all("#unsigned a").some((link) => link.dataset["visit"] === visit)) return;
  const link = document.createElement("a");
  link.href = `/clinic/${visit}`;
  Object.assign(link.dataset, { do: "open", visit });
  link.textContent = words;
  const item = document.createElement("li");
  item.append(link);
  one("#none-unsigned").before(item);
  one("#none-unsigned").hidden = true;
}

/** A signed note needs no signature any more. */
export function signed(visit: string): void {
  for (const link of all("#unsigned a")) {
    if (link.dataset["visit"] === visit) link.closest("li")?.remove();
  }
  one("#none-unsigned").hidden = all("#unsigned a").length > 0;
}
