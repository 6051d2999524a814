// What helps to write the note on show: headings of a specialty, and what the record says already. The part comes once
// the note is open; where it does not come, the note is written without. The markup's contract stands in
// templates/staff/note_aids.html.

import { announce } from "../dom/announce";
import { fetched } from "../dom/fragment";
import { all, fill, one, only, text } from "../dom/page";
import { below, prompted } from "../prompting";
import { inserted, typed, type Span } from "../snippets";

const form = (): HTMLFormElement => one<HTMLFormElement>("form#note");
const area = (name: string): HTMLTextAreaElement => one<HTMLTextAreaElement>(`[name="${name}"]`, form());
const lines = (place: HTMLElement): string[] => (place.textContent ?? "").split("\n").filter(Boolean);

let open = false; // as somebody left it
let shown = ""; // the visit whose part stands there, or is on its way

/** Brings the part for a visit's note, open or signed; nothing of the visit before stays. */
export async function offerAids(visit: string, signed: boolean): Promise<void> {
  const now = `${visit} ${signed}`;
  if (shown === now) return;
  withdrawAids();
  shown = now;
  const page = await fetched(`/clinic-aids/${visit}`).catch(() => undefined);
  if (shown !== now) return;
  const found = page?.querySelector<HTMLElement>("section[data-aids]");
  if (!found) {
    shown = ""; // asked for again with the next news of the visit
    return only("standing", true);
  }
  const section = document.importNode(found, true);
  if (signed) return afterwards(section);
  area("history").closest(".field")?.before(section);
  wire(section, visit);
}

export function withdrawAids(): void {
  shown = "";
  for (const each of all("[data-aids], #signed [data-signed-aids]")) each.remove();
}

/** The way to put right what stands in the wrong record; once it was, that is said before anything else, and no more is added. */
function afterwards(section: HTMLElement): void {
  const way = one("[data-signed-aids]", section);
  const gone = way.querySelector(".note") !== null;
  only("standing", !gone);
  if (gone) fill("record", "");
  (gone ? one("#signed-title") : one("[data-paper]").closest("p"))?.after(way);
  way.hidden = false;
}

function wire(section: HTMLElement, visit: string): void {
  const details = one<HTMLDetailsElement>("details", section);
  details.open = open;
  details.addEventListener("toggle", () => (open = details.open));
  phrases(section);
  const chosen = one<HTMLSelectElement>("[data-prompts]", section);
  one("[data-put-prompts]", section).addEventListener("click", () => put(section, chosen.value));
  for (const button of all<HTMLButtonElement>("[data-pull]", section))
    button.addEventListener("click", () => void pull(section, visit, button));
}

/** Puts a set of headings into the fields, in the place of another one. */
function put(section: HTMLElement, name: string): void {
  const known = all("[data-into]", section).flatMap(lines);
  for (const field of ["history", "findings", "assessment"]) {
    const place = section.querySelector<HTMLElement>(`[data-set="${name}"] [data-into="${field}"]`);
    write(area(field), prompted(area(field).value, known, place ? lines(place) : []));
  }
  const first = area("history");
  const end = first.value.indexOf("\n");
  first.focus();
  first.setSelectionRange(end < 0 ? first.value.length : end, end < 0 ? first.value.length : end);
}

/** One's own texts: a button puts one in where the caret was last, a dot and its name with a blank where it is typed. */
function phrases(section: HTMLElement): void {
  const known = new Map(
    all("[data-snippet]", section).map((each) => [each.dataset["snippet"] ?? "", each.textContent ?? ""]),
  );
  let last = area("history");
  const gone = new AbortController();
  const here = (event: Event): HTMLTextAreaElement | undefined => {
    if (!section.isConnected) gone.abort(); // another note's
    return !gone.signal.aborted && event.target instanceof HTMLTextAreaElement ? event.target : undefined;
  };
  const listening = { signal: gone.signal };
  form().addEventListener("focusin", (event) => (last = here(event) ?? last), listening);
  form().addEventListener(
    "input",
    (event) => {
      const field = event.isTrusted ? here(event) : undefined; // what was put in is not searched for more
      const span = field && typed(field.value, field.selectionEnd, known);
      if (field && span) phrase(field, span);
    },
    listening,
  );
  section.querySelector("[data-put-snippet]")?.addEventListener("click", () => {
    const text = known.get(one<HTMLSelectElement>("[data-snippets]", section).value) ?? "";
    phrase(last, { start: last.selectionStart, end: last.selectionEnd, text });
  });
}

/** The caret goes to the first blank of it. */
function phrase(field: HTMLTextAreaElement, span: Span): void {
  const { value, start, end } = inserted(field.value, span);
  write(field, value);
  field.focus();
  field.setSelectionRange(start, end);
  announce(text("aid-in"));
}

async function pull(section: HTMLElement, visit: string, button: HTMLButtonElement): Promise<void> {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const page = await fetched(`/clinic-pulled/${visit}`).catch(() => undefined);
  button.ariaBusy = null;
  if (shown !== `${visit} false`) return; // another patient is on show
  const found = page?.querySelector<HTMLElement>(`[data-pulled="${button.dataset["pull"]}"]`);
  const more = found?.textContent?.trim() ?? "";
  const into = found?.dataset["into"];
  if (into && more) write(area(into), below(area(into).value, more));
  const denied = page?.querySelector("[data-denied]")?.textContent;
  const said = denied ?? text(!found ? "aid-failed" : more ? "aid-in" : "aid-none");
  const place = one("[data-aid-said]", section);
  place.textContent = said;
  place.hidden = false;
  announce(said);
}

/** As if it had been typed: so it is saved. */
function write(field: HTMLTextAreaElement, value: string): void {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
