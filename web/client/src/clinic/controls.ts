// The clinic's controls over its line: late, paused, messages. Their dialogs come with this code, at the first press.

import { bring } from "../dom/fragment";
import { all, fill, one, only } from "../dom/page";
import type { Desk, RunningState, VisitState } from "./desk";

interface Wish {
  readonly form: HTMLFormElement;
  readonly value: (name: string) => string;
}

/** What a dialog has decided, to be done by the page, which does one thing at a time. */
export type Step<T> = () => Promise<T>;

export class Controls {
  /** Whose message was not sent after all: their words are still there when they are asked for again. */
  private unsent: string | undefined;

  private constructor(private readonly desk: Desk) {}

  static async open(desk: Desk): Promise<Controls> {
    await bring("/clinic-controls", one("dialog[data-go]"));
    return new Controls(desk);
  }

  /** "Running late": what to ask of the server, nothing when the dialog was closed. */
  async late(): Promise<Step<RunningState> | undefined> {
    const wish = await this.ask("dialog[data-late]");
    return wish && (() => this.desk.late(Number(wish.value("minutes")), wish.value("reason")));
  }

  async pause(): Promise<Step<RunningState> | undefined> {
    const wish = await this.ask("dialog[data-pause]");
    return wish && (() => this.desk.pause(wish.value("reason")));
  }

  /** A message to one visit's patient, or to everybody who waits; how many it reached is the answer. */
  async message(name: string, language: string, visit?: string): Promise<Step<number> | undefined> {
    const dialog = one<HTMLDialogElement>("dialog[data-message]");
    const to = visit ?? "all";
    if (this.unsent !== to) one<HTMLFormElement>("form", dialog).reset();
    this.unsent = undefined;
    fill("addressee", name);
    const select = one<HTMLSelectElement>('[name="language"]', dialog);
    if ([...select.options].some((option) => option.value === language)) select.value = language;
    for (let refused = false; ; refused = true) {
      only("no-words", refused);
      dialog.setAttribute("aria-describedby", refused ? "message-words" : "");
      const wish = await this.ask("dialog[data-message]");
      if (!wish) return undefined;
      const prepared = wish.value("prepared");
      const words = { prepared, text: prepared ? "" : wish.value("text"), language: wish.value("language") };
      if (!prepared && !words.text.trim()) continue;
      this.unsent = to;
      return async () => {
        const { sent } = await this.desk.message(words, visit);
        this.unsent = undefined;
        return sent;
      };
    }
  }

  /** "Phone": who, on which number, and what happens then; a visit that cannot be read fails where it is done. */
  async phone(visit: string): Promise<Step<VisitState> | undefined> {
    try {
      const { patient, call_on } = (await this.desk.visit(visit)).visit;
      const number = call_on || patient.phone;
      fill("phone-name", patient.name);
      fill("phone-number", number);
      only("has-number", number !== "");
      only("no-number", number === "");
    } catch (error) {
      return () => Promise.reject(error);
    }
    const wish = await this.ask("dialog[data-phone]");
    return wish && (() => this.desk.phone(visit));
  }

  /** "Did not attend" of somebody whose page is open: asked first; whether it is meant. */
  async miss(name: string): Promise<true | undefined> {
    fill("miss-name", name);
    return (await this.ask("dialog[data-miss]")) && true;
  }

  /** The list of keys. */
  keys(): void {
    one<HTMLDialogElement>("dialog[data-keys]").showModal();
  }

  /** Shows a dialog; what was chosen, or nothing when it was closed. */
  private ask(selector: string): Promise<Wish | undefined> {
    const dialog = one<HTMLDialogElement>(selector);
    const form = one<HTMLFormElement>("form", dialog);
    dialog.returnValue = "";
    dialog.showModal();
    all<HTMLTextAreaElement>("textarea", dialog).forEach((area) => {
      area.oninput = () => (one<HTMLInputElement>('[name="prepared"][value=""]', dialog).checked = true);
    });
    const value = (name: string) => String(new FormData(form).get(name) ?? "");
    return new Promise((done) => {
      dialog.onclose = () => done(dialog.returnValue === "go" ? { form, value } : undefined);
    });
  }
}
