// The specialist's page: wires its buttons, forms and keys to the clinic.

import { Clinic } from "../clinic/clinic";
import { actions, one } from "../dom/page";

const visitOf = (path: string): string => /^\/clinic\/([^/]+)$/.exec(path)?.[1] ?? "";
const chosen = (pressed: HTMLElement): string =>
  pressed.closest<HTMLElement>("[data-visit]")?.dataset["visit"] ?? "";
const ending = one<HTMLDialogElement>("dialog[data-end]");

const clinic = new Clinic();

actions({
  clinic: () => clinic.toList(),
  open: (pressed) => clinic.look(chosen(pressed)),
  admit: (pressed) => clinic.admit(chosen(pressed)),
  "admit-next": () => clinic.admitNext(),
  update: () => clinic.update(),
  rejoin: () => clinic.rejoin(),
  mute: () => clinic.line.mute(),
  camera: () => clinic.line.hide(),
  hear: () => clinic.line.hear(),
  end: () => clinic.end(),
  stay: () => ending.close(),
  "really-end": () => {
    ending.close();
    return clinic.end(true);
  },
  "keep-mine": () => clinic.note?.settle("mine"),
  "take-theirs": () => clinic.note?.settle("theirs"),
});

/** Chords only, as aria-keyshortcuts tells; they press the button that is on show. */
const KEYS: Readonly<Record<string, string>> = { KeyN: "admit-next", KeyM: "mute", KeyV: "camera" };

document.addEventListener("keydown", (event) => {
  if (event.altKey && event.shiftKey && !event.ctrlKey && KEYS[event.code]) {
    const button = document.querySelector<HTMLElement>(`[data-do="${KEYS[event.code]}"]`);
    if (!button || button.closest("[hidden]")) return;
    event.preventDefault();
    button.click();
  } else if (event.ctrlKey && event.key === "Enter" && (event.target as Element).closest("form#note")) {
    event.preventDefault();
    void clinic.sign();
  }
});

function submitted(selector: string, does: () => unknown): void {
  one(selector).addEventListener("submit", (event) => {
    event.preventDefault();
    void does();
  });
}

submitted("form#confirmation", () => clinic.confirm());
submitted("form#note", () => clinic.sign());
submitted("form#add", () => clinic.add());
one("form#note").addEventListener("input", () => clinic.note?.edited());
one("form#note").addEventListener("focusout", () => void clinic.note?.flush());

addEventListener("popstate", () => {
  const visit = visitOf(location.pathname);
  if (visit) void clinic.look(visit, false);
  else clinic.toList(false);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void clinic.note?.flush(true);
});
addEventListener("pagehide", () => void clinic.note?.flush(true));
addEventListener("beforeunload", (event) => {
  if (clinic.note?.unsaved) event.preventDefault();
});

void clinic.start(visitOf(location.pathname));
