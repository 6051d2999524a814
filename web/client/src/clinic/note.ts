// The note on the page: its fields, the words about saving, two texts when they part, signing, addenda.
// The markup's contract stands in templates/staff/note.html.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { all, fill, one, only, text } from "../dom/page";
import { clock } from "../dom/words";
import { Draft, type DraftState } from "../draft";
import { FIELDS, type Content, type Desk, type Note } from "./desk";
import { sentenceOf } from "./presses";

/** For so long after signing a press is the rest of a double one, not meant for what came to lie under it, ms. */
const SETTLES_MS = 1000;

type Field = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;

const form = (): HTMLFormElement => one<HTMLFormElement>("form#note");
const field = (name: string): Field => one<Field>(`[name="${name}"]`, form());
const addendum = (): HTMLTextAreaElement => one<HTMLTextAreaElement>("#add [name=text]");
const complain = (selector: string, sentence: string): void => {
  one("[data-error]", one(selector)).textContent = sentence;
};
const when = (at: Date | string | null, seconds = false): string =>
  clock(new Date(at ?? ""), undefined, seconds);
/** A field as people read it. */
const worded = (name: keyof Content, content: Content): string =>
  name === "outcome" && content.outcome ? text(`outcome-${content.outcome}`) : content[name];

export class NoteEditor {
  private readonly draft: Draft<Content>;
  private signed = false;
  private confirmed = false;
  private signedAt = -Infinity;
  /** What stood in "When" before an outcome without a follow-up was chosen. */
  private putAway = "";
  private parted: { readonly mine: Content; readonly theirs: Content } | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly visit: string,
    note: Note,
    private readonly onSigned: () => void,
  ) {
    const held = desk.drafts.held(visit);
    this.draft = desk.drafts.of(visit, note, Draft);
    this.write(held ?? note.content);
    this.unpart();
    complain("form#note", "");
    complain("form#add", "");
    addendum().value = desk.drafts.begun.get(visit) ?? "";
    this.show(note);
    this.draft.watch({
      onState: (state) => this.say(state),
      onConflict: (mine, theirs) => this.part(mine, theirs),
    });
  }

  /** What is still to do before the visit can end without a question: "" when the note is signed. */
  get owed(): "" | "empty" | "unsigned" {
    if (this.signed) return "";
    return FIELDS.every((name) => !field(name).value.trim()) ? "empty" : "unsigned";
  }

  /** What a note should say and does not, in sentences; "" when it says all. A short text may have left a blank. */
  get lacking(): string {
    const names: string[] = (["outcome", "plan"] as const).filter((name) => !field(name).value.trim());
    if (FIELDS.some((name) => field(name).value.includes("___"))) names.push("blank");
    return names.map((name) => text(`lacking-${name}`)).join(" ");
  }

  /** The clinical part opens when identity and place are confirmed. */
  unlock(confirmed: boolean): void {
    this.confirmed = confirmed;
    only("draft", this.signable);
    this.aid();
  }

  /** What helps to write is there while there is something to write; the note needs none of it. */
  private aid(): void {
    const { visit, signed, signable } = this;
    void import("./aids")
      .then((each) => (signable || signed ? each.offerAids(visit, signed) : each.withdrawAids()))
      .catch(() => undefined);
  }

  edited(): void {
    if (this.signed) return;
    this.followUp();
    this.draft.edit(this.read());
  }

  /**
   * Booking the follow-up is one press away once the outcome wants one. Where none is needed nothing says when; what
   * stood there comes back with another outcome, which arrow keys reach by way of that one.
   */
  private followUp(): void {
    const outcome = field("outcome").value;
    const none = outcome === "no-follow-up";
    const time = field("when");
    only("follow-up", outcome.startsWith("follow-up"));
    if (time.disabled === none) return;
    [time.value, this.putAway] = [this.putAway, time.value];
    time.disabled = none;
  }

  flush(leaving = false): Promise<void> {
    return this.draft.flush(leaving);
  }

  /** Another visit takes the page: what is typed goes on being saved, the words about it are not shown any more. */
  close(): void {
    this.draft.watch(undefined);
    void this.draft.flush();
    this.desk.drafts.begun.set(this.visit, addendum().value);
  }

  /** Whether the clinical part is open and not signed yet. */
  get signable(): boolean {
    return this.confirmed && !this.signed;
  }

  /** Signs; whether that came about. What stood in the way is said beside the button. */
  async sign(): Promise<boolean> {
    complain("form#note", "");
    fill("saved", text("signing"));
    if (!this.draft.savedVersion || this.putAway) this.edited(); // what is signed is what stands here, saved
    await this.draft.flush();
    if (this.draft.unsaved) return false; // the words about saving say why
    try {
      const note = await this.desk.sign(this.visit, this.draft.savedVersion);
      this.draft.close();
      this.signedAt = performance.now();
      this.show(note);
      one("#signed-title").focus();
      announce(text("signed-at", { time: when(note.signed_at) }));
      this.onSigned();
    } catch (error) {
      complain("form#note", sentenceOf(error));
    }
    return this.signed;
  }

  async add(): Promise<void> {
    if (performance.now() - this.signedAt < SETTLES_MS) return;
    const words = addendum();
    if (!words.value.trim()) return words.focus();
    complain("form#add", "");
    try {
      this.show(await this.desk.add(this.visit, words.value.trim()));
      words.value = "";
    } catch (error) {
      complain("form#add", sentenceOf(error));
    }
  }

  /** Ends a conflict with the text that the person has chosen. */
  settle(choice: "mine" | "theirs"): void {
    if (!this.parted) return;
    // What was typed while both texts were on show belongs to "mine".
    const value = choice === "mine" ? this.read() : this.parted.theirs;
    this.unpart();
    this.write(value);
    this.draft.resolve(this.read());
    field("history").focus();
  }

  private read(): Content {
    return Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) as unknown as Content;
  }

  private write(content: Content): void {
    for (const name of FIELDS) field(name).value = content[name];
    this.putAway = "";
    field("when").disabled = false;
    this.followUp();
  }

  private part(mine: Content, theirs: Content): void {
    this.parted = { mine, theirs };
    for (const place of all("[data-their]")) {
      const name = place.dataset["their"] as keyof Content;
      place.textContent = worded(name, theirs);
      place.classList.toggle("parted", theirs[name] !== mine[name]);
    }
    only("conflict", true);
    one('[data-do="keep-mine"]').focus();
  }

  /** One text again; of the other nothing stays behind. */
  private unpart(): void {
    this.parted = undefined;
    only("conflict", false);
    for (const place of all("[data-their]")) place.textContent = "";
  }

  private say(state: DraftState): void {
    const failed = state.code === "not-saved";
    let sentence = state.code === "idle" ? "" : text(state.code);
    if (state.code === "saved") sentence = text("saved", { time: when(state.at, true) });
    const out = failed && state.error instanceof Problem && state.error.status === 401;
    if (failed && !state.again) sentence = sentenceOf(state.error);
    if (failed || state.code === "saved") only("locked", out);
    only("saved", true);
    fill("saved", sentence);
    one("#saved").classList.toggle("error", failed || state.code === "conflict");
    if (failed || state.code === "conflict") announce(sentence);
  }

  private show(note: Note): void {
    this.signed = note.state === "signed";
    const saved = note.updated_at && !this.signed;
    only("saved", true);
    fill("saved", saved ? text("saved", { time: when(note.updated_at, true) }) : "");
    only("signed", this.signed);
    only("draft", this.confirmed && !this.signed);
    for (const place of all("[data-signed]"))
      place.textContent = this.signed ? worded(place.dataset["signed"] as keyof Content, note.content) : "";
    one("#addenda").replaceChildren(...note.addenda.map((each) => this.addendum(each)));
    if (!this.signed) return;
    const time = when(note.signed_at, true);
    fill("signed-at", text("signed-at", { time }));
    // Each addendum makes the next version.
    const last = note.addenda[note.addenda.length - 1];
    const written = last ? when(last.added_at, true) : time;
    fill("record", note.record ? text("record", { version: note.record.version, time: written }) : "");
  }

  private addendum(each: Note["addenda"][number]): DocumentFragment {
    const copy = one<HTMLTemplateElement>("template#addendum").content.cloneNode(true) as DocumentFragment;
    fill("addendum-text", each.text, copy);
    fill("addendum-by", text("addendum-by", { name: each.author, time: when(each.added_at) }), copy);
    return copy;
  }
}
