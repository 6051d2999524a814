// The specialist's page: wires its buttons and forms to the clinic.

import { Clinic } from "../clinic/clinic";
import { actions, all, one } from "../dom/page";

const visitOf = (path: string): string => /^\/clinic\/([^/]+)$/.exec(path)?.[1] ?? "";
const rowOf = (pressed: HTMLElement): string =>
  pressed.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? "";
const close = (name: string): void => one<HTMLDialogElement>(`[data-${name}]`).close();

const clinic = new Clinic();

actions({
  list: () => clinic.toList(),
  open: (pressed) => clinic.look(rowOf(pressed)),
  admit: (pressed) => clinic.admit(rowOf(pressed)),
  "admit-this": () => clinic.admitThis(),
  rejoin: () => clinic.rejoin(),
  mute: () => clinic.calls.mute(),
  hide: () => clinic.calls.hide(),
  hear: () => clinic.calls.hear(),
  end: () => clinic.end(),
  "go-on": () => close("ask-end"),
  "really-end": () => {
    close("ask-end");
    return clinic.end(true);
  },
  "back-to-note": () => close("ask-sign"),
  "sign-anyway": () => {
    close("ask-sign");
    return clinic.sign(true);
  },
  "keep-mine": () => clinic.settle("mine"),
  "keep-theirs": () => clinic.settle("theirs"),
  "keep-both": () => clinic.settle("both"),
  reload: () => location.reload(),
});

function submitted(selector: string, does: (form: HTMLFormElement) => unknown): void {
  for (const form of all<HTMLFormElement>(selector)) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void does(form);
    });
  }
}

submitted("[data-confirm]", () => clinic.confirm());
submitted("[data-note]", () => clinic.sign());
submitted("[data-addendum]", (form) => clinic.add(one<HTMLTextAreaElement>("textarea", form)));
for (const form of all("[data-note]")) {
  form.addEventListener("input", () => clinic.edited());
  form.addEventListener("focusout", () => clinic.flush(false));
}
// Two texts want a choice: Escape would leave the note unsaved without a word.
one("[data-conflict]").addEventListener("cancel", (event) => event.preventDefault());

addEventListener("popstate", () => {
  const visit = visitOf(location.pathname);
  if (visit) void clinic.look(visit, false);
  else clinic.toList(false);
});
document.addEventListener("visibilitychange", () => clinic.flush(document.visibilityState === "hidden"));
addEventListener("pagehide", () => clinic.flush(true));
addEventListener("beforeunload", (event) => {
  if (clinic.unsaved) event.preventDefault();
});

void clinic.start(visitOf(location.pathname));
