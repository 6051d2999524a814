// The consult view of one visit: whose it is, confirming identity and place, and what can be done about the call now.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { all, fill, one, only, text } from "../dom/page";
import { day } from "../dom/words";
import type { Confirmation, Desk, Patient, Visit, VisitState } from "./desk";
import { statusWords } from "./list";
import { NoteEditor } from "./note";

const confirmForm = (): HTMLFormElement => one<HTMLFormElement>("[data-confirm]");
const input = (name: string): HTMLInputElement => one<HTMLInputElement>(`[name="${name}"]`, confirmForm());

export class Consult {
  readonly note: NoteEditor;
  private state: VisitState;

  private constructor(
    private readonly desk: Desk,
    readonly visit: Visit,
    next: readonly Visit[],
    note: NoteEditor,
  ) {
    this.state = visit;
    this.note = note;
    this.identify(visit.patient);
    confirmForm().reset();
    input("callback").value = visit.patient.phone;
    const first = next[0];
    const minutes = first ? Math.floor((Date.now() - new Date(first.since).getTime()) / 60_000) : 0;
    fill("next", first ? text("next", { name: first.patient.listed, minutes }) : "");
    only("next", first !== undefined);
    fill("confirm-error", "");
    this.change(visit);
  }

  /** Fetches everything about a visit and puts it on the page. */
  static async open(desk: Desk, id: string, onSigned: () => void): Promise<Consult> {
    const [{ visit, next }, note] = await Promise.all([desk.visit(id), desk.note(id)]);
    return new Consult(desk, visit, next, new NoteEditor(desk, id, note, onSigned));
  }

  get id(): string {
    return this.visit.id;
  }

  get status(): string {
    return this.state.status;
  }

  /** The other side of the call. */
  get other(): { readonly name: string; readonly phone: string } {
    const { patient } = this.visit;
    return { name: patient.name, phone: this.state.confirmation?.callback || patient.phone };
  }

  /** News about this visit. */
  change(news: Partial<VisitState>): void {
    this.state = { ...this.state, ...news };
    const { status, device, since, confirmation } = this.state;
    fill("status", statusWords(status, device, since));
    only("admittable", status === "waiting");
    only("rejoinable", status === "in-progress");
    this.confirmed(confirmation);
  }

  /** Shows the call, or what stands in its place. */
  calling(on: boolean): void {
    only("call", on);
    only("before-call", !on);
  }

  /** The form "Confirm who and where the patient is". */
  async confirm(): Promise<void> {
    const said: Confirmation = {
      identifiers: all<HTMLInputElement>('[name="identifiers"]:checked', confirmForm()).map(
        (box) => box.value,
      ),
      place: input("place").value.trim(),
      callback: input("callback").value.trim(),
    };
    const missing = said.identifiers.length < 2 || !said.place || !said.callback;
    this.complain(missing ? text("two-identifiers") : "", said);
    if (missing) return;
    try {
      this.change(await this.desk.confirm(this.id, said));
      one('[name="history"]').focus();
    } catch (error) {
      this.complain(error instanceof Problem && error.detail ? error.detail : text("offline"), said);
    }
  }

  private complain(sentence: string, said: Confirmation): void {
    fill("confirm-error", sentence);
    announce(sentence);
    const wrong = { place: Boolean(sentence) && !said.place, callback: Boolean(sentence) && !said.callback };
    for (const name of ["place", "callback"] as const) {
      if (wrong[name]) input(name).setAttribute("aria-invalid", "true");
      else input(name).removeAttribute("aria-invalid");
      input(name).setAttribute("aria-describedby", "confirm-error");
    }
    if (!sentence) return;
    const first = said.identifiers.length < 2 ? "identifiers" : wrong.place ? "place" : "callback";
    input(first).focus();
  }

  private confirmed(said: Confirmation | null): void {
    confirmForm().hidden = said !== null;
    only("confirmed", said !== null);
    this.note.unlock(said !== null);
    if (!said) return;
    fill("confirmed-by", said.identifiers.map((one) => text(`identifier-${one}`)).join(", "));
    fill("place", said.place);
    fill("callback", said.callback);
  }

  private identify(patient: Patient): void {
    fill("listed", patient.listed);
    fill("name", patient.name);
    const gender = text(`gender-${patient.gender}`);
    const ids = patient.identifiers.map((one) => one.value).join(", ");
    const about = text("about", { gender, age: patient.age, born: day(patient.birth_date), ids });
    fill("about", about.replace(/\s+/g, " ").replace(/ · $/, "").trim());
  }
}
