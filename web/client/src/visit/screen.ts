// Fills the patient's page with what the server said: who, when, which place in line, what comes next.

import { all, fill, only, text } from "../dom/page";
import { clockDiffers, minutes, number, ordinal, timesOf } from "../dom/words";
import type { FirstScreen, MyVisit } from "./mine";

/** What only a look at the link tells. */
export function presentLink(screen: FirstScreen): void {
  fill("when", screen.when);
  fill("sentence", screen.sentence);
  fill("todo", screen.todo);
  fill("city", screen.place);
  only("early", screen.early);
  only("by-video", screen.way === "video");
  only("otherwise", screen.way !== "video");
  only("change", screen.changeable);
  only("rigid", screen.phone !== "" && !(screen.changeable || screen.moved));
  only("book", screen.book !== "");
  for (const link of all<HTMLAnchorElement>("[data-only=book]")) link.href = screen.book;
  // What a test of the phone finds is kept with the visit of the secret behind the #.
  for (const link of all<HTMLAnchorElement>("a[data-only=by-video]")) link.hash = location.hash;
  present(screen);
}

/** Everything that both a link's first screen and an open visit know. */
function present(visit: Pick<FirstScreen, Exclude<keyof FirstScreen & keyof MyVisit, "place">>): void {
  const start = new Date(visit.start).getTime();
  timesOf(visit.zone);
  fill("organization", visit.organization);
  fill("practitioner", visit.practitioner);
  fill("patient", visit.patient);
  fill("phone", visit.phone);
  // The words are in the patient's zone; a reader whose clock differs is told whose time it is.
  only(
    "away",
    clockDiffers(visit.start, visit.zone) && all("[data-fill=city]").some((each) => each.textContent),
  );
  fill("length", minutes(Math.round((new Date(visit.end).getTime() - start) / 60_000)));
  only("late", Date.now() > start + 60_000);
  for (const link of all<HTMLAnchorElement>("[data-phone]")) link.href = `tel:${visit.phone}`;
  for (const element of all("[data-with=phone]")) element.hidden = !visit.phone;
  for (const element of all("[data-without=phone]")) element.hidden = Boolean(visit.phone);
}

/** What else is known once the link was opened. */
export function presentOpened(visit: MyVisit): void {
  present(visit);
  const place = visit.place.ahead + 1;
  const words = text(`place-${ordinal(place)}`, { n: number(place) });
  fill("place", place === 1 ? text("place-next") : words || text("place-other", { n: number(place) }));
}

/** While something asked for is on its way: the press was seen. */
export function busy(on: boolean): void {
  for (const element of all("[data-busy]")) element.hidden = !on;
  for (const element of all("[data-idle]")) element.hidden = on;
  for (const button of all("button.button")) {
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

/** The sentence that asks to press again. */
export function problem(on: boolean): void {
  for (const element of all("[data-problem]")) element.hidden = !on;
}
