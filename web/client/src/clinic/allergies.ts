// What the patient on show is allergic to: what the record says, what is heard now, and what holds no longer.

import { Problem } from "../api";
import { bring } from "../dom/fragment";
import { all, choose, fill, one, only } from "../dom/page";
import { named } from "./allergyline";
import type { Allergies, Allergy, Desk } from "./desk";
import { sentenceOf } from "./presses";

/** The dialog behind "Change". */
export class AllergyDialog {
  private visit = "";
  private busy = false;
  private turn = 0; // how often it was opened: what was asked for before then is about another patient

  private constructor(
    private readonly desk: Desk,
    private onChange: (said: Allergies) => void = () => undefined,
  ) {
    const form = one<HTMLFormElement>("form[data-allergy-form]", this.dialog);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = new FormData(form);
      const words = { substance: String(said.get("substance")), reaction: String(said.get("reaction")) };
      void this.tries(() => this.desk.allergic(this.visit, { ...words, severe: said.has("severe") })).then(
        (done) => done && form.reset(),
      );
    });
    one("[data-none-known]", this.dialog).addEventListener(
      "click",
      () => void this.tries(() => this.desk.notAllergic(this.visit)),
    );
  }

  static async load(desk: Desk): Promise<AllergyDialog> {
    await bring("/clinic-allergies", one("dialog[data-sign]"));
    return new AllergyDialog(desk);
  }

  /** Shows what the record says of the patient of a visit; `onChange` hears whatever becomes of it. */
  async open(visit: string, name: string, onChange: (said: Allergies) => void): Promise<void> {
    this.visit = visit;
    this.onChange = onChange;
    this.turn += 1;
    this.busy = false;
    this.draw({ known: "", allergies: [] });
    fill("allergic", name, this.dialog);
    all<HTMLFormElement>("form[data-allergy-form]", this.dialog)[0]?.reset();
    await this.tries(() => this.desk.allergies(visit));
    if (!this.dialog.open) this.dialog.showModal();
  }

  private get dialog(): HTMLDialogElement {
    return one<HTMLDialogElement>("dialog[data-allergies]");
  }

  /** What the server refuses is said in the dialog; whether it was done. */
  private async tries(does: () => Promise<Allergies>): Promise<boolean> {
    if (this.busy) return false;
    const { turn } = this;
    this.busy = true;
    const failed = one("[data-allergy-failed]", this.dialog);
    try {
      const said = await does();
      if (turn !== this.turn) return false;
      failed.textContent = "";
      this.draw(said);
      this.onChange(said);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn === this.turn) failed.textContent = sentenceOf(error);
      return false;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  private draw({ known, allergies }: Allergies): void {
    const row = one<HTMLTemplateElement>("template[data-allergy-row]", this.dialog).content;
    one("[data-allergy-list]", this.dialog).replaceChildren(...allergies.map((one) => this.row(row, one)));
    choose("known", known, this.dialog);
    one("[data-none-known]", this.dialog).hidden = known !== "unrecorded";
  }

  private row(template: DocumentFragment, allergy: Allergy): Node {
    const made = template.cloneNode(true) as DocumentFragment;
    one("bdi", made).textContent = named(allergy);
    only("dangerous", allergy.severe, made);
    for (const button of all<HTMLButtonElement>("[data-over]", made)) {
      button.setAttribute("aria-label", `${button.textContent}: ${allergy.substance}`);
      const why = button.dataset["over"] === "resolved" ? "resolved" : "mistaken";
      button.addEventListener(
        "click",
        () =>
          void this.tries(() => this.desk.notAnyMore(this.visit, allergy.id, why)).then((done) => {
            if (done) one("input", this.dialog).focus();
          }),
      );
    }
    return made;
  }
}
