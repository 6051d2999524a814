// Those whom the patient has invited, and who else waits or is in the call: where each of them stands, and refusing them.

import { Api, Problem } from "../api";
import { announce } from "../dom/announce";
import { all, choose, fill, one, only, text } from "../dom/page";
import type { Mine, MyVisit } from "./mine";

interface Guest {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
}

export class Invited {
  constructor(
    private readonly mine: Mine,
    private readonly dialog: HTMLElement,
  ) {}

  /** A link by which somebody else joins the visit, once the clinic lets them in. */
  async invite(name: string, kind: string): Promise<string> {
    const { url } = await this.api.post<{ url: string }>(this.path, { name, kind });
    void this.read();
    return url;
  }

  /** Shows who is invited; what is shown stays where the server does not answer. */
  async read(): Promise<void> {
    try {
      this.draw((await this.api.get<{ guests: readonly Guest[] }>(this.path)).guests);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  private draw(guests: readonly Guest[]): void {
    const row = one<HTMLTemplateElement>("template[data-guest-row]", this.dialog).content;
    one("[data-guest-list]", this.dialog).replaceChildren(...guests.map((guest) => this.row(row, guest)));
    only("guests", guests.length > 0, this.dialog);
  }

  private row(template: DocumentFragment, guest: Guest): Node {
    const made = template.cloneNode(true) as DocumentFragment;
    for (const name of all("bdi", made)) name.textContent = guest.name;
    choose("kind", guest.kind, made);
    for (const each of all("[data-stands]", made)) each.hidden = each.dataset["stands"] !== guest.state;
    one("button", made).addEventListener("click", () => void this.remove(guest));
    return made;
  }

  private async remove({ id, name }: Guest): Promise<void> {
    const sentence = text("guest-removed", { name });
    for (const each of ["guest-failed", "guest-removed"]) only(each, false, this.dialog);
    try {
      await this.api.post(`${this.path}/${id}/remove`, {});
      fill("guest-removed", sentence, this.dialog);
      only("guest-removed", true, this.dialog);
      announce(sentence);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      only("guest-failed", true, this.dialog);
    }
    await this.read();
  }

  private get api(): Api {
    return new Api({ csrf: (this.mine.now as MyVisit).csrf });
  }

  private get path(): string {
    return `/my/${this.mine.visit}/guests`;
  }
}
