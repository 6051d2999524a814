// "Invite someone", while waiting or in the call: who it is, a link to pass on, and those who are invited already. Its part
// of the page comes with the press.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { bring } from "../dom/fragment";
import { one, only, text } from "../dom/page";
import { Invited } from "./invited";
import type { Mine } from "./mine";

export class Inviting {
  private url = "";
  private readonly invited: Invited;

  private constructor(mine: Mine) {
    this.invited = new Invited(mine, this.dialog);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.invite();
    });
    const ways: Readonly<Record<string, () => unknown>> = {
      "share-guest": () => navigator.share({ text: text("share-guest"), url: this.url }),
      "copy-guest": () => this.copy(),
      "no-guest": () => this.done(),
    };
    for (const [name, does] of Object.entries(ways)) {
      one(`[data-${name}]`, this.dialog).addEventListener("click", () => void does());
    }
    only("share-guest", "share" in navigator, this.dialog);
  }

  static async load(mine: Mine): Promise<Inviting> {
    await bring(`/v/invite?lang=${document.documentElement.lang}`, one(".ways"));
    return new Inviting(mine);
  }

  /** As it was left: when the call begins meanwhile, a name half typed or a link not yet passed on is still there after. */
  open(): void {
    this.dialog.showModal();
    void this.invited.read();
  }

  /** "Go back". */
  private done(): void {
    this.dialog.close();
    this.form.reset();
    this.step("who");
  }

  private get dialog(): HTMLDialogElement {
    return one<HTMLDialogElement>("dialog[data-guest]");
  }

  private get form(): HTMLFormElement {
    return one<HTMLFormElement>("form[data-guest-form]");
  }

  private async invite(): Promise<void> {
    const said = new FormData(this.form);
    this.step("wait");
    try {
      this.url = await this.invited.invite(String(said.get("name")), String(said.get("kind")));
      one<HTMLInputElement>("[data-guest-link]", this.dialog).value = this.url;
      this.step("link");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.step("who");
      only("guest-full", error.code === "enough-guests", this.dialog);
      only("guest-failed", error.code !== "enough-guests", this.dialog);
    }
  }

  private async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.url);
    only("guest-copied", true, this.dialog);
    announce(one('[data-only="guest-copied"]', this.dialog).textContent ?? "");
  }

  /** Shows the form, or the link that came of it. */
  private step(name: "who" | "wait" | "link"): void {
    for (const each of ["guest-full", "guest-failed", "guest-copied", "guest-removed"])
      only(each, false, this.dialog);
    only("guest-who", name !== "link", this.dialog);
    only("guest-link", name === "link", this.dialog);
    one<HTMLButtonElement>("button.button", this.form).disabled = name === "wait";
  }
}
