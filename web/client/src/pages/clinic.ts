// The specialist's page: wires its buttons, forms and keys to the clinic.

import { allowNotices, offer } from "../clinic/arrivals";
import { Clinic } from "../clinic/clinic";
import { Desk } from "../clinic/desk";
import { jump, press } from "../clinic/keys";
import { announce } from "../dom/announce";
import { actions, all, one, only, text } from "../dom/page";
import { unveil, veil } from "../dom/veil";
import { timesOf } from "../dom/words";
import { nameZones } from "../dom/zones";
import { Watch } from "../watch";

const visitOf = (path: string): string => /^\/clinic\/([^/]+)$/.exec(path)?.[1] ?? "";
const chosen = (pressed: HTMLElement): string =>
  pressed.closest<HTMLElement>("[data-visit]")?.dataset["visit"] ?? "";
const ending = one<HTMLDialogElement>("dialog[data-end]");
const going = one<HTMLDialogElement>("dialog[data-go]");
const signing = one<HTMLDialogElement>("dialog[data-sign]");

timesOf(one("#clinic").dataset["zone"]);
const clinic = new Clinic();

actions({
  clinic: () => clinic.toList(),
  open: (pressed) => clinic.look(chosen(pressed)),
  admit: (pressed) => clinic.admit(chosen(pressed)),
  "admit-next": () => clinic.admitNext(),
  "let-in": (pressed) => clinic.steering.device(chosen(pressed), "let-in"),
  "turn-away": (pressed) => clinic.steering.device(chosen(pressed), "turn-away"),
  update: () => clinic.update(),
  pause: () => clinic.steering.control("pause"),
  late: () => clinic.steering.control("late"),
  resume: () => clinic.steering.resume(),
  "message-all": () => clinic.steering.message(),
  message: (pressed) => clinic.steering.message(chosen(pressed)),
  first: (pressed) => clinic.steering.prioritize(chosen(pressed), "urgent"),
  "in-turn": (pressed) => clinic.steering.prioritize(chosen(pressed), "routine"),
  phone: async (pressed) => {
    const visit = chosen(pressed);
    if (await clinic.steering.phone(visit)) await clinic.look(visit);
  },
  miss: (pressed) => clinic.steering.miss(chosen(pressed), "miss"),
  attended: (pressed) => clinic.steering.miss(chosen(pressed), "attended"),
  notify: () => allowNotices(),
  keys: () => clinic.steering.keys(),
  jump,
  copy: async (pressed) => {
    await navigator.clipboard.writeText(one("bdi", pressed).textContent ?? "");
    announce(text("copied"));
  },
  invite: () => clinic.company.invite(),
  record: () => clinic.line.recording.ask(),
  allergies: () => clinic.about("allergies", (consult) => consult.changeAllergies()),
  rejoin: () => clinic.rejoin(),
  mute: () => clinic.line.own?.mute(),
  camera: () => clinic.line.own?.hide(),
  continue: () => clinic.line.own?.resume(),
  hear: () => clinic.line.own?.hear(),
  brighten: () => clinic.line.own?.brighten(),
  end: () => clinic.end(),
  stay: () => ending.close(),
  "really-end": () => {
    ending.close();
    return clinic.end(true);
  },
  "stay-here": () => going.close(),
  "really-go": () => goes?.submit(),
  "back-to-note": () => signing.close(),
  "sign-next": () => clinic.signing.begin(true),
  "really-sign": () => {
    signing.close();
    return clinic.signing.finish();
  },
  "keep-mine": () => clinic.note?.settle("mine"),
  "take-theirs": () => clinic.note?.settle("theirs"),
});

document.addEventListener("keydown", press);

function submitted(selector: string, does: () => unknown): void {
  one(selector).addEventListener("submit", (event) => {
    event.preventDefault();
    void does();
  });
}

submitted("form#confirmation", () => clinic.about("confirm", (consult) => consult.confirm()));
submitted("form#note", () => clinic.signing.begin());
submitted("form#add", () => clinic.about("add", (consult) => consult.note.add()));
one("form#note").addEventListener("input", () => clinic.note?.edited());
one("form#note").addEventListener("focusout", () => void clinic.note?.flush());

// The lock and the way out ask once while a call is on, which they end.
let goes: HTMLFormElement | undefined;
for (const form of all<HTMLFormElement>(".bar-forms form")) {
  form.addEventListener("submit", (event) => {
    if (!clinic.line.visit) return;
    event.preventDefault();
    goes = form;
    going.showModal();
  });
}

addEventListener("popstate", () => {
  const visit = visitOf(location.pathname);
  if (visit) void clinic.look(visit, false);
  else clinic.toList(false);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void clinic.desk.drafts.flush(true);
});
addEventListener("online", () => void clinic.desk.drafts.flush());
addEventListener("pagehide", () => void clinic.desk.drafts.flush(true));
addEventListener("beforeunload", (event) => {
  if (clinic.desk.drafts.unsaved) event.preventDefault();
});

const watch = new Watch({
  busy: () => clinic.line.visit !== "",
  lock: () => lock().catch(() => undefined), // without the server, its own half hour has to do
  veil: () => {
    veil();
    keepOrLeave();
  },
  unveil: () => {
    unveil();
    only("locked", false);
  },
});

/** What was typed is saved first; what cannot be saved stays on the screen, as with any other lock. */
async function lock(): Promise<void> {
  await clinic.desk.drafts.flush();
  await new Desk().lock();
  watch.veil();
}

/** A call goes on and unsaved text stays in the hidden window; everything else leaves for the locked page. */
function keepOrLeave(): void {
  if (clinic.line.visit || clinic.desk.drafts.unsaved) only("locked", true);
  else location.reload();
}

nameZones();
offer();
void clinic.start(visitOf(location.pathname));
