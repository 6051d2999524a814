// What the last check of a patient's line has found, in one line. The sentences stand in templates/staff/checked.html.

import { fill, only, text } from "../dom/page";
import { clock, dayAndTime, number, otherDay } from "../dom/words";

/** The last check: when, how the visit had best begin and why; bits a second, ms, thousandths. */
export interface Check {
  readonly at: string;
  readonly plan: string;
  readonly because: string;
  readonly up: number;
  readonly down: number;
  readonly trip: number;
  readonly loss: number;
  /** Whether it was made by another browser than the one that the visit is bound to. */
  readonly elsewhere: boolean;
}

/** Says it in a row or in the consult; nothing where nobody has checked. */
export function checked(place: HTMLElement, check: Check | null, zone?: string): void {
  only("checked", check !== null, place);
  if (!check) return;
  const { at, plan, because, up, down, trip, loss, elsewhere } = check;
  const moment = new Date(at);
  const today = new Date().toLocaleDateString("sv", zone ? { timeZone: zone } : {});
  const when = otherDay(moment, zone, today) ? dayAndTime(moment) : clock(moment, zone);
  const figures = {
    rate: number(Math.round(Math.min(up, down) / 1000)),
    share: number(Math.round(loss / 10)),
    trip: number(trip),
  };
  const narrower = up <= down ? "up" : "down";
  let found = ["", "narrow"].includes(because) ? narrower : because;
  if (found === "blocked" && plan === "sound") found = "detour";
  const where = elsewhere ? ` · ${text("check-elsewhere")}` : "";
  fill("checked", `${text(`check-${plan}`, { when })} (${text(`found-${found}`, figures)})${where}`, place);
}
