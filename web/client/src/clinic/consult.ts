// The consult view of one visit: whose it is, confirming identity and place, and what can be done about the call now.
// The markup's contract stands in templates/staff/consult.html.

import { Problem } from "../api";
import { announce, hush } from "../dom/announce";
import { all, choose, fill, one, only, text } from "../dom/page";
import { day, number } from "../dom/words";
import type { Other } from "./call";
import { AllergyDialog } from "./allergies";
import { showAllergies } from "./allergyline";
import { checked } from "./checked";
import type { Allergies, Confirmation, Desk, OneVisit, Visit, VisitState } from "./desk";
import { NoteEditor } from "./note";
import { sentenceOf } from "./presses";
import { offerRecord } from "./record";

const root = (): HTMLElement => one("#consult");
const form = (): HTMLFormElement => one<HTMLFormElement>("form#confirmation");
const input = (name: string): HTMLInputElement => one<HTMLInputElement>(`[name="${name}"]`, form());

const OVER = ["finished", "completed", "cancelled"];
const ON = ["waiting", "in-progress"];
const HERE = ["arrived", ...ON];
/** What stands where there is no picture, by the visit's status. */
const BLANK: Readonly<Record<string, string>> = {
  ...{ booked: "absent", arrived: "absent", missed: "absent", unseen: "absent" },
  ...{ waiting: "here", finished: "ended", completed: "ended", cancelled: "ended" },
};
const PARTS = ["identifiers", "place", "callback"] as const;

type Read = [OneVisit, Awaited<ReturnType<Desk["note"]>>];

interface Wrong {
  readonly field: string;
  readonly detail: string;
}

/** What has to be filled in before the server is asked, all of it at once. */
function lacking({ identifiers, place, callback }: Confirmation): Wrong[] {
  const there = { identifiers: identifiers.length > 1, place: place !== "", callback: callback !== "" };
  return PARTS.filter((name) => !there[name]).map((field) => ({ field, detail: text(`lacking-${field}`) }));
}

let dialog: Promise<AllergyDialog> | undefined;

/** The bar in view is as high as what it says; what stands below it is told. */
const measured = new ResizeObserver(([bar]) => {
  const height = bar?.borderBoxSize[0]?.blockSize ?? 0;
  if (height) document.documentElement.style.setProperty("--identity", `${Math.ceil(height)}px`);
});

export class Consult {
  readonly note: NoteEditor;
  private state: VisitState;
  private inCall = false;
  private closed = false; // another visit has the page: what comes for this one now is not shown under that name
  private asked: string; // the status in which the allergies were read last

  private constructor(
    private readonly desk: Desk,
    readonly visit: Visit,
    private allergies: Allergies,
    note: NoteEditor,
  ) {
    this.state = visit;
    this.asked = visit.status;
    this.note = note;
    form().reset();
    input("callback").value = visit.call_on || visit.patient.phone;
    this.complain([]);
    this.identify();
    offerRecord(visit.id);
    this.allergic(allergies);
    this.change(visit);
    measured.observe(one(".identity", root()));
  }

  /** Fetches everything about a visit. */
  static async read(desk: Desk, id: string): Promise<Read> {
    await desk.drafts.settle(id);
    return Promise.all([desk.visit(id), desk.note(id)]);
  }

  /** Puts what was fetched on the page. */
  static open(desk: Desk, [{ visit, allergies }, note]: Read, onSigned: () => void): Consult {
    return new Consult(desk, visit, allergies, new NoteEditor(desk, visit.id, note, onSigned));
  }

  get id(): string {
    return this.visit.id;
  }

  /** Whether the patient asked to be phoned: then there is no call to go into. */
  get byPhone(): boolean {
    return this.state.call_on !== "";
  }

  /** Whether there may be words of its call to read. */
  get over(): boolean {
    return OVER.includes(this.state.status);
  }

  get status(): string {
    return this.state.status;
  }

  get since(): string {
    return this.state.since;
  }

  /** The other side of the call. */
  get other(): Other {
    const { patient } = this.visit;
    const { confirmation, device } = this.state;
    const phone = confirmation?.callback || patient.phone;
    return { name: patient.name, phone, soundOnly: device === "sound-only" };
  }

  /** News about this visit. */
  change(news: Partial<VisitState>): void {
    const before = this.over;
    this.state = { ...this.state, ...news };
    if (this.closed) return;
    if (this.over && !before) hush(); // nobody waits to be let in any more
    const { status, confirmation } = this.state;
    root().dataset["status"] = status;
    root().dataset["confirmed"] = String(confirmation !== null);
    only("unconfirmed", confirmation === null);
    only("asking", this.state.asking && HERE.includes(status), root());
    this.note.unlock(
      confirmation !== null && !["booked", "arrived", "waiting", "missed", "unseen"].includes(status),
    );
    this.stage();
    if (ON.includes(status)) void this.unveil();
  }

  /** Another visit takes the page. */
  close(): void {
    this.closed = true;
    this.note.close();
  }

  /** Whether the call is on in this window. */
  calling(on: boolean): void {
    this.inCall = on;
    this.stage();
  }

  /**
   * Asks once before the note is signed: while it lacks something, or while a call is on that has to end because
   * somebody else is to be let in.
   */
  asks(onward: boolean): boolean {
    const { lacking } = this.note;
    const up = onward && this.status === "in-progress" && !this.byPhone;
    const unasked = this.allergies.known === "unrecorded";
    if (!lacking && !up && !unasked) return false;
    only("no-allergies", unasked);
    fill("lacking", lacking);
    only("call-up", up);
    only("then-next", onward);
    choose("signing", onward ? "onward" : "anyway");
    one<HTMLDialogElement>("dialog[data-sign]").showModal();
    return true;
  }

  /** Another visit took this one's place on the page: the reader begins at its top. */
  greet(): void {
    hush();
    scrollTo(0, 0);
    one("h1", root()).focus({ preventScroll: true });
  }

  /** The form "Who and where is the patient?". */
  async confirm(): Promise<void> {
    const boxes = all<HTMLInputElement>('[name="identifiers"]', form());
    const said: Confirmation = {
      identifiers: boxes.filter((box) => box.checked).map((box) => box.value),
      place: input("place").value.trim(),
      callback: input("callback").value.trim(),
    };
    const missing = lacking(said);
    this.complain(missing);
    if (missing.length) return;
    try {
      this.change(await this.desk.confirm(this.id, said));
      one("#history").focus();
    } catch (error) {
      const wrong = error instanceof Problem ? error.errors : [];
      this.complain(wrong, wrong.length ? "" : sentenceOf(error));
    }
  }

  /** Says beside each field what is wrong with it, and goes to the first one. */
  private complain(wrong: readonly Wrong[], otherwise = ""): void {
    const about = (name: string) => wrong.find((one) => one.field.startsWith(name))?.detail ?? "";
    for (const name of PARTS) {
      fill(`wrong-${name}`, about(name), form());
      for (const each of all(`[name="${name}"]`, form())) each.ariaInvalid = String(about(name) !== "");
    }
    one("[data-error]", form()).textContent = otherwise;
    const first = PARTS.find(about);
    if (first) input(first).focus();
  }

  /** The picture's place: the call, or why there is none and what can be done. */
  private stage(): void {
    const { status, call_on } = this.state;
    const phoned = this.byPhone && status === "in-progress";
    fill("call-on", call_on, root());
    only("call-on", this.byPhone && ON.includes(status), root());
    only("phone-end", phoned && !this.inCall);
    only("call", this.inCall);
    only("waiting", status === "waiting", root());
    only("rejoin", status === "in-progress" && !this.inCall && !phoned);
    only("free", OVER.includes(status) && !this.inCall);
    const chips = one(".chips", root());
    chips.hidden = !this.inCall;
    one(".own-frame", root()).hidden = !this.inCall;
    if (this.inCall) return;
    const plate = one("[data-blank]", root());
    plate.textContent = phoned ? text("by-phone") : text(BLANK[status] ?? "");
    plate.hidden = plate.textContent === "";
    one("[data-sentence]", root()).textContent = "";
  }

  private identify(): void {
    const { patient, service, site } = this.visit;
    const place = root();
    Object.assign(place.dataset, { visit: this.visit.id, start: this.visit.start, patient: patient.id });
    fill("patient", patient.listed, place);
    fill("person", `${text(`gender-${patient.gender}`)} ${number(patient.age)}`, place);
    fill("born", day(patient.birth_date), place);
    fill("identifiers", patient.identifiers.map((one) => one.value).join(text("comma")), place);
    only("with-identifier", patient.identifiers.length > 0, place);
    fill("patient-phone", patient.phone, place);
    only("with-phone", patient.phone !== "", place);
    fill("name", patient.name, place);
    fill("given", patient.name, place);
    fill("service", service, place);
    const ids = {
      patient: patient.id,
      service: this.visit.service_id,
      practitioner: this.visit.practitioner.id,
    };
    for (const link of all<HTMLAnchorElement>("[data-book]")) link.href = `/book?${new URLSearchParams(ids)}`;
    fill("site", site, place);
    const besides = document.querySelector(`tr[data-visit="${this.visit.id}"] [data-fill="besides"]`);
    fill("besides", besides?.textContent ?? "", place);
    only("besides", Boolean(besides?.textContent), place);
    only("undelivered", this.visit.undelivered, place);
    checked(place, this.visit.check, one("#clinic").dataset["zone"]);
    one<HTMLAnchorElement>("[data-messages]", place).href = `/messages/${this.visit.id}`;
    one<HTMLAnchorElement>("[data-paper]").href = `/clinic-note/${this.visit.id}/paper`;
    for (const link of all<HTMLAnchorElement>("[data-recordings]", place))
      link.href = `/recordings/${this.visit.id}`;
  }

  /** What the record says now of the patient's allergies. */
  private allergic(said: Allergies): void {
    this.allergies = said;
    if (this.closed) return;
    showAllergies(said, one(".allergies", root()));
  }

  /**
   * What was withheld before the patient came is read again, once with each status: in view when something is
   * prescribed. It is read with the visit: asking for what may still be withheld would count as a refused try.
   */
  private async unveil(): Promise<void> {
    const { status } = this.state;
    if (this.allergies.known !== "withheld" || this.asked === status) return;
    this.asked = status;
    const read = await this.desk.visit(this.id).catch(() => undefined);
    if (!read) this.asked = "";
    else if (this.allergies.known === "withheld") this.allergic(read.allergies);
  }

  /** "Change" beside the allergies; the dialog comes at the first press. */
  async changeAllergies(): Promise<void> {
    const { id, patient } = this.visit;
    dialog ??= AllergyDialog.load(this.desk);
    dialog.catch(() => (dialog = undefined)); // what did not come is asked for again
    await (await dialog).open(id, patient.name, (said) => this.allergic(said));
  }

  /** Says aloud where the visit stands now. */
  announce(): void {
    announce(text(`status-${this.state.status}`));
  }
}
