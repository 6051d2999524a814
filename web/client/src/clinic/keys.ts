// Chords of the keyboard. Which one does what is chosen by the person and stands on the button that it presses, as
// aria-keyshortcuts writes it; nothing here knows an action.

import { all } from "../dom/page";

export type Pressed = Pick<KeyboardEvent, "altKey" | "ctrlKey" | "shiftKey" | "metaKey" | "key" | "code">;

/** Letters and digits by what is printed on the key; where the modifiers changed the sign, by its place. */
function named({ key, code }: Pressed): string {
  if (key === "Enter" || /^[a-z0-9]$/i.test(key)) return key.length === 1 ? key.toUpperCase() : key;
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? "";
}

/** "Alt+Shift+N", or "?" where nobody types; "" for every other key. */
export function chordOf(pressed: Pressed, typing: boolean): string {
  const { altKey, ctrlKey, shiftKey, metaKey } = pressed;
  if (metaKey) return "";
  if (!altKey && !ctrlKey) return pressed.key === "?" && !typing ? "?" : "";
  const name = named(pressed);
  const held = [ctrlKey && "Control", altKey && "Alt", shiftKey && "Shift"].filter(Boolean);
  return name && [...held, name].join("+");
}

/** Where the note was left. */
let left: HTMLElement | undefined;

const FIELDS = "input, textarea, select, [contenteditable]";

/** Presses the button on show whose chord this is. Enter belongs to the form that one is in; a dialog has none. */
export function press(event: KeyboardEvent): void {
  const place = event.target as Element;
  const chord = chordOf(event, place.closest(FIELDS) !== null);
  if (!chord || event.repeat || document.querySelector("dialog[open]")) return;
  const form = place.closest("form");
  const button = all<HTMLButtonElement>(`[aria-keyshortcuts="${chord}"]`).find(
    (each) => !each.closest("[hidden]") && (event.key !== "Enter" || !form || each.form === form),
  );
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** From the note to the picture and back; in the note to where one was last. */
export function jump(): void {
  const picture = document.querySelector<HTMLElement>("#consult .stage-box");
  const note = document.querySelector<HTMLElement>("#consult .note-column");
  const within = note?.contains(document.activeElement);
  if (within) left = document.activeElement as HTMLElement;
  const back = left?.isConnected && left.checkVisibility() ? left : undefined;
  const first = all(`:is(${FIELDS}, [tabindex])`, note ?? document).find((each) => each.checkVisibility());
  (within ? picture : (back ?? first))?.focus();
}
