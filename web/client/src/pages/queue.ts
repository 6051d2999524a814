// The page of somebody who waits without an appointment: their place, going away, coming back, and on into the visit.
// The server says everything in words; this only puts it there.

import { Api, Problem } from "../api";
import { announceLine } from "../dom/announce";
import { actions, all, choose, fill, only, skip } from "../dom/page";
import { show } from "../dom/view";

/** What the link tells: where its holder stands, and two sentences about it. */
interface OwnPlace {
  readonly state: "waiting" | "left" | "called" | "over";
  readonly place: string;
  readonly wait: string;
  readonly organization: string;
  readonly phone: string;
}

/** How often the place is asked for: a person before this one takes minutes. */
const LOOK_AGAIN_MS = 20_000;

const token = location.hash.slice(1);

/** The visit is open now, by the same secret. */
function goOn(): void {
  location.replace(`/v${location.search}#${token}`);
}

function present(own: OwnPlace): void {
  if (own.state === "called") return goOn();
  fill("organization", own.organization);
  fill("phone", own.phone);
  for (const link of all<HTMLAnchorElement>("a[data-phone]")) link.href = `tel:${own.phone}`;
  for (const each of all("[data-with='phone']")) each.hidden = !own.phone;
  for (const each of all("[data-without='phone']")) each.hidden = own.phone !== "";
  fill("place", own.place);
  fill("wait", own.wait);
  only("offline", false);
  only("problem", false);
  choose("state", own.state);
  show(own.state === "waiting" ? "wait" : own.state);
  if (own.state === "waiting") announceLine(`${own.place}. ${own.wait}`);
}

/** One question or step; what fails for good says so, all else is tried again. */
async function ask(step: "look" | "leave" | "return"): Promise<void> {
  try {
    present(await new Api().post<OwnPlace>(`/queue-links/${step}`, { token }));
  } catch (why) {
    const gone = why instanceof Problem && !why.transient;
    // Called in the same moment: looking once more tells.
    if (gone && why.code === "wrong-state" && step !== "look") return ask("look");
    if (gone) return show("gone");
    only(step === "look" ? "offline" : "problem", true);
    if (document.documentElement.dataset["at"] === undefined) show("wait");
  }
}

actions({
  skip,
  leave: () => ask("leave"),
  return: () => ask("return"),
});

// The link's secret stands behind the # and must not get lost with the language.
for (const link of all<HTMLAnchorElement>("[data-language]")) {
  link.addEventListener("click", () => (link.hash = location.hash));
}
addEventListener("hashchange", () => location.reload());
document.addEventListener("visibilitychange", () => document.hidden || void ask("look"));
setInterval(() => document.hidden || void ask("look"), LOOK_AGAIN_MS);

void ask("look");
