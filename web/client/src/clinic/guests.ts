// Who else is invited to the visit on show: a link for somebody, who waits to be let in, and taking an invitation back.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { bring } from "../dom/fragment";
import { choose, one, only, text } from "../dom/page";
import type { Acts } from "./acts";
import type { Desk, GuestRow } from "./desk";
import { sentenceOf } from "./note";

export class Guests {
  private visit = "";
  private known: readonly GuestRow[] = [];

  private constructor(
    private readonly desk: Desk,
    private readonly acts: Acts,
  ) {
    const form = one<HTMLFormElement>("form[data-guest-form]", this.panel);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.invite(form);
    });
    one("[data-copy-guest]", this.panel).addEventListener("click", () => void this.copy());
  }

  static async load(desk: Desk, acts: Acts): Promise<Guests> {
    await bring("/clinic-guests", one("[data-guests-place]"));
    return new Guests(desk, acts);
  }

  /** "Invite": opens the panel of a visit, or puts it away. */
  async toggle(visit: string): Promise<void> {
    this.panel.hidden = !(this.panel.hidden || this.visit !== visit);
    only("guest-link", false, this.panel);
    await this.read(visit);
    if (!this.panel.hidden) one("input", this.panel).focus();
  }

  /** A guest of this visit moved on; who waits is shown without having to look for it. */
  async news(visit: string): Promise<void> {
    await this.read(visit);
    if (this.known.some((one) => one.state === "waiting")) this.panel.hidden = false;
  }

  /** Another visit is on show. */
  close(): void {
    this.panel.hidden = true;
    this.known = [];
  }

  private get panel(): HTMLElement {
    return one("#guests");
  }

  private async read(visit: string): Promise<void> {
    const before = this.visit === visit ? this.known : [];
    const { guests } = await this.desk.guests(visit);
    this.visit = visit;
    this.known = guests;
    this.draw();
    const came = (one: GuestRow) =>
      one.state === "waiting" && before.find((other) => other.id === one.id)?.state !== one.state;
    for (const { name } of guests.filter(came)) announce(text("guest-waits", { name }));
  }

  /** "Make a link": what stands in the form at the press. */
  private async invite(form: HTMLFormElement): Promise<void> {
    const said = new FormData(form);
    await this.tries("make a link", async (visit) => {
      const { url } = await this.desk.invite(visit, String(said.get("name")), String(said.get("kind")));
      form.reset();
      one<HTMLInputElement>("[data-guest-link]", this.panel).value = url;
      only("guest-link", true, this.panel);
    });
  }

  private async copy(): Promise<void> {
    await navigator.clipboard.writeText(one<HTMLInputElement>("[data-guest-link]", this.panel).value);
    announce(text("copied"));
  }

  private draw(): void {
    const row = one<HTMLTemplateElement>("template[data-guest-row]", this.panel).content;
    one("[data-guest-list]", this.panel).replaceChildren(...this.known.map((one) => this.row(row, one)));
  }

  private row(template: DocumentFragment, { id, name, kind, state }: GuestRow): Node {
    const made = template.cloneNode(true) as DocumentFragment;
    one("bdi", made).textContent = name;
    choose("kind", kind, made);
    choose("state", state, made);
    for (const [word, shown] of [
      ["let-in", state === "waiting"],
      ["remove", true],
    ] as const) {
      const button = one<HTMLButtonElement>(`[data-${word}]`, made);
      button.hidden = !shown;
      button.addEventListener(
        "click",
        () => void this.tries(`${word} ${id}`, (visit) => this.desk.guest(visit, id, word)),
      );
    }
    return made;
  }

  /** Does what was pressed in its turn. What the server refuses is said in the panel; the list is read anew either way. */
  private async tries(name: string, does: (visit: string) => Promise<unknown>): Promise<void> {
    const { visit } = this;
    await this.acts.take(`${name} ${visit}`, async () => {
      if (this.visit !== visit) throw new Problem(409, "not-on-show", text("not-on-show"));
      let refused = "";
      try {
        await does(visit);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        refused = sentenceOf(error);
      }
      if (this.visit !== visit) return;
      one("[data-guest-failed]", this.panel).textContent = refused;
      await this.read(visit);
    });
  }
}
