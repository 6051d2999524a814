// The queue of those who came without an appointment as it is now: news of the socket, and coming back to the window, have
// the list fetched anew. While somebody is about to press something in it, it waits, so that nothing moves under them.

import { tokenOfPage } from "./desk";
import { askInstead } from "../dom/instead";
import { fetched } from "../dom/fragment";
import { all, one } from "../dom/page";
import { looked } from "../dom/thrift";
import { Signal } from "../signal";

const LIST = "#queue";
/** Whether somebody points at the list, writes in it, or has opened what can be changed. */
const touched = (): boolean => one(LIST).matches(":hover, :focus-within, :has(details[open])");

let due = false;

/** Puts the list as it is now in place of the one here, unless somebody has touched that meanwhile; whether it did. */
async function renew(): Promise<boolean> {
  const [now] = all(LIST, await fetched(location.pathname));
  if (!now) throw new Error(`the page has no ${LIST} any more`);
  if (touched()) return false;
  one(LIST).replaceWith(document.importNode(now, true));
  return true;
}

async function refresh(): Promise<void> {
  due = true;
  if (touched() || !looked()) return;
  due = false;
  if (!(await renew().catch(() => false))) due = true;
}

/** Whoever keeps the queue hears of every change; a specialist's sockets are for calls, and this window looks when looked at. */
export function follow(hears: boolean): void {
  const late = () => void (due && refresh());
  for (const moment of ["mouseout", "focusout", "toggle"]) document.addEventListener(moment, late, true);
  document.addEventListener("visibilitychange", () => void refresh());
  if (!hears) return;
  const signal = new Signal({ instead: askInstead(tokenOfPage) });
  signal.on("up", () => void signal.send("watch", {}).then(refresh));
  signal.on("queue", () => void refresh());
  signal.open();
}
