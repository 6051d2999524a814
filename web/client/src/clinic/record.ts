// The record of the patient on show: read anew each time it is opened, and gone from the page once it is closed.

import { fetched } from "../dom/fragment";
import { one, text } from "../dom/page";

const root = (): HTMLDetailsElement => one<HTMLDetailsElement>("details[data-record]");
let turn = 0; // an answer that comes after another visit or another press is nobody's any more
let offered = false; // for a visit in this document

/**
 * A visit is on show: nothing of the patient before stays. Whoever opened the record of the page's first one before it
 * could be read gets it now: their press is not undone.
 */
export function offerRecord(visit: string): void {
  root().ontoggle = () => void read(visit);
  if (offered) root().open = false;
  offered = true;
  void read(visit);
}

function clear(): void {
  turn += 1;
  place().replaceChildren();
}

function place(): HTMLElement {
  return one("[data-record-place]", root());
}

async function read(visit: string): Promise<void> {
  clear();
  if (!root().open) return;
  const mine = turn;
  place().ariaBusy = "true";
  const page = await fetched(`/clinic-record/${visit}`).catch(() => undefined);
  if (mine !== turn) return;
  place().ariaBusy = "false";
  const found = page?.querySelector("section[data-recorded]");
  place().replaceChildren(found ? document.importNode(found, true) : text("failed"));
}
