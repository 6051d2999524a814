// The part of the page for what a call may have beside face and voice: its markup, its sentences, its style sheet.

import { bring } from "../dom/fragment";
import { all, one } from "../dom/page";

const brought = new Map<string, Promise<void>>();

/** Brings it once for all calls of a document; what did not come is asked for again the next time. */
export function bringParts(address: string, before: HTMLElement, root: HTMLElement): Promise<void> {
  const coming = brought.get(address) ?? bringNow(address, before, root);
  brought.set(address, coming);
  coming.catch(() => brought.delete(address));
  return coming;
}

async function bringNow(address: string, before: HTMLElement, root: HTMLElement): Promise<void> {
  await bring(address, before);
  const part = one("[data-beside]");
  for (const each of all("[data-goes-before]", part))
    one(each.dataset["goesBefore"] ?? "", root).before(each);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = part.dataset["beside"] ?? "";
  document.head.append(link);
}
