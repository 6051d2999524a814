// After the call, loaded when it is over: what was agreed, the next visit and the one question, as the server words them;
// and how long the way back stands open to somebody who left.

import { bring } from "../dom/fragment";
import { all, one, only } from "../dom/page";
import { current } from "../dom/view";

/** The way back after "Leave": somebody else may hold the phone later; then the link in the message leads back. */
export const BACK_MS = 600_000;
/** How often, and how many times, it is looked whether the note is signed, ms: as long as the page's session lasts. */
const LOOK_AGAIN_MS = 60_000;
const LOOKS = 30;

let looking: ReturnType<typeof setTimeout> | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;

/** `left` is when the person left a call that goes on, ms since 1970; 0 once the visit has ended. */
export async function after(visit: string, left: number): Promise<void> {
  clearTimeout(looking);
  clearTimeout(closing);
  const open = left ? left + BACK_MS - Date.now() : 0;
  back(open > 0, left > 0);
  if (open > 0) closing = setTimeout(() => back(false, true), open);
  await tell(visit, left ? 0 : LOOKS);
}

function back(open: boolean, left: boolean): void {
  only("return", open);
  only("by-link", left && !open);
}

/** The address leads to the answer just given, which came later than the page: the reader goes there, once. */
function thank(): void {
  if (location.hash !== "#feedback") return;
  history.replaceState(null, "", location.pathname + location.search);
  all("#feedback").at(-1)?.focus();
}

/** Puts the part on the page, and again until what was agreed is signed. Answers that were begun are left alone. */
async function tell(visit: string, looks: number): Promise<void> {
  const { lang } = document.documentElement;
  const came = bring(`/v/${visit}/after?lang=${lang}`, one("[data-aftermath]"));
  // The visit's end is told more than once: the newest answer stands, alone.
  if (
    await came.then(
      () => true,
      () => false,
    )
  )
    for (const old of all("[data-after]").slice(0, -1)) old.remove();
  thank();
  const signed = all("[data-after][data-signed]").length > 0;
  if (signed || looks === 0) return;
  clearTimeout(looking);
  looking = setTimeout(() => {
    if (current() === "after") void tell(visit, looks - 1);
  }, LOOK_AGAIN_MS);
}
