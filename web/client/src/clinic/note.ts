// The note on the page: its fields, the words about saving, two texts when they part, signing, addenda.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { all, fill, one, only, text } from "../dom/page";
import { clock } from "../dom/words";
import { Draft, type DraftState } from "../draft";
import { FIELDS, type Content, type Desk, type Note } from "./desk";

type Field = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;

const form = (): HTMLFormElement => one<HTMLFormElement>("[data-note]");
const field = (name: string): Field => one<Field>(`[name="${name}"]`, form());
const dialog = (name: string): HTMLDialogElement => one<HTMLDialogElement>(`[data-${name}]`);

export class NoteEditor {
  private draft: Draft<Content>;
  private signed = false;
  private parted: { readonly mine: Content; readonly theirs: Content } | undefined;

  constructor(
    private readonly desk: Desk,
    readonly visit: string,
    note: Note,
    private readonly onSigned: () => void,
  ) {
    this.draft = new Draft<Content>({
      version: note.version,
      save: (value, version, leaving) => desk.save(visit, value, version, leaving),
      onState: (state) => this.say(state),
      onConflict: (mine, theirs) => this.part(mine, theirs),
      isFinal: (error) => error instanceof Problem && !error.transient && error.status !== 401,
    });
    this.write(note.content);
    this.show(note);
  }

  get unsaved(): boolean {
    return this.draft.unsaved;
  }

  get empty(): boolean {
    return !this.signed && FIELDS.every((name) => !field(name).value.trim());
  }

  /** The clinical part opens when identity and place are confirmed. */
  unlock(open: boolean): void {
    one<HTMLFieldSetElement>("fieldset", form()).disabled = !open;
    only("closed-note", !open);
  }

  edited(): void {
    if (!this.signed) this.draft.edit(this.read());
  }

  flush(leaving = false): Promise<void> {
    return this.draft.flush(leaving);
  }

  close(): void {
    void this.draft.flush();
    this.draft.close();
  }

  /** "Sign and send"; asks once when the outcome is missing. */
  async sign(anyway = false): Promise<void> {
    if (!anyway && !field("outcome").value) return dialog("ask-sign").showModal();
    if (!this.draft.savedVersion) this.edited(); // a note that was never touched has no version to sign
    await this.draft.flush();
    if (this.draft.unsaved) return; // the line about saving says why
    const note = await this.desk.sign(this.visit, this.draft.savedVersion);
    this.draft.close();
    this.show(note);
    one("[data-signed]").focus();
    announce(one('[data-fill="record"]').textContent ?? "");
    this.onSigned();
  }

  async add(words: string): Promise<void> {
    this.show(await this.desk.add(this.visit, words));
  }

  /** Ends a conflict with the text that the person has chosen. */
  settle(choice: "mine" | "theirs" | "both"): void {
    if (!this.parted) return;
    const { mine, theirs } = this.parted;
    const both = { ...mine };
    for (const name of ["history", "findings", "assessment", "plan"] as const) {
      if (mine[name] !== theirs[name]) both[name] = [theirs[name], mine[name]].filter(Boolean).join("\n\n");
    }
    const value = { mine, theirs, both }[choice];
    this.parted = undefined;
    dialog("conflict").close();
    this.write(value);
    this.draft.resolve(value);
  }

  private read(): Content {
    return Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) as unknown as Content;
  }

  private write(content: Content): void {
    for (const name of FIELDS) field(name).value = content[name];
  }

  private part(mine: Content, theirs: Content): void {
    this.parted = { mine, theirs };
    fill("mine", words(mine));
    fill("theirs", words(theirs));
    const asks = dialog("conflict");
    if (!asks.open) asks.showModal();
  }

  private say(state: DraftState): void {
    let sentence = text(`saved-${state.code}`);
    if (state.code === "saved") sentence = text("saved-saved", { time: clock(state.at, true) });
    const locked = state.code === "not-saved" && state.error instanceof Problem && state.error.status === 401;
    if (state.code === "not-saved" && !state.again) {
      sentence = text("saved-refused", { why: state.error instanceof Problem ? state.error.detail : "" });
    }
    if (state.code !== "typing" && state.code !== "saving") only("locked", locked);
    fill("saved", sentence);
    if (state.code === "not-saved") announce(sentence);
  }

  private show(note: Note): void {
    this.signed = note.state === "signed";
    form().hidden = this.signed;
    only("signed", this.signed);
    fill(
      "saved",
      note.updated_at && !this.signed
        ? text("saved-saved", { time: clock(new Date(note.updated_at), true) })
        : "",
    );
    if (!this.signed) return;
    const time = clock(new Date(note.signed_at ?? ""), true);
    const version = note.record?.version ?? 0;
    fill("record", text(version ? "record" : "record-pending", { time, version }));
    one("[data-written]").replaceChildren(...pairs(note.content));
    only("addenda", note.addenda.length > 0);
    one("[data-addenda]").replaceChildren(
      ...note.addenda.map((one) => {
        const head = text("addendum", { author: one.author, time: clock(new Date(one.added_at)) });
        return element("li", "", element("p", "written", one.text), element("p", "hint", head));
      }),
    );
  }
}

/** The word that the form itself uses for an outcome. */
function outcome(value: string): string {
  const options = all<HTMLOptionElement>("option", field("outcome"));
  return options.find((one) => one.value === value)?.textContent ?? value;
}

function entries(content: Content): [string, string][] {
  return FIELDS.filter((name) => content[name]).map((name) => [
    text(`field-${name}`),
    name === "outcome" ? outcome(content.outcome) : content[name],
  ]);
}

const words = (content: Content): string =>
  entries(content)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

const pairs = (content: Content): HTMLElement[] =>
  entries(content).map(([name, value]) =>
    element("div", "", element("dt", "hint", name), element("dd", "written", value)),
  );

function element(tag: string, kind: string, ...inside: (string | Node)[]): HTMLElement {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...inside);
  return made;
}
