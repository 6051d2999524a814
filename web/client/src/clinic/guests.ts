// Who else is invited to the visit on show: a link for somebody, who waits to be let in, and taking an invitation back.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { bring } from "../dom/fragment";
import { choose, one, only, text } from "../dom/page";
import { number } from "../dom/words";
import type { Acts } from "./acts";
import type { Desk, GuestRow } from "./desk";
import { sentenceOf } from "./presses";

export class Guests {
  private visit = "";
  private known: readonly GuestRow[] = [];
  /** Whether the panel was asked for; else who waits has opened it. */
  private asked = false;
  /** How many wait, said on "Invite": the panel may lie below what is written. */
  private readonly mark = document.createElement("small");

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
    one('#consult [data-do="invite"] > span').append(this.mark);
  }

  static async load(desk: Desk, acts: Acts): Promise<Guests> {
    await bring("/clinic-guests", one("[data-guests-place]"));
    return new Guests(desk, acts);
  }

  /** "Invite": brings the panel of a visit into view, or puts away what was brought before. */
  async toggle(visit: string): Promise<void> {
    this.asked = !(this.asked && !this.panel.hidden && this.visit === visit);
    this.panel.hidden = !this.asked;
    only("guest-link", false, this.panel);
    await this.read(visit);
    if (!this.asked) return;
    this.panel.scrollIntoView({ block: "start" });
    one("[data-let-in]:not([hidden]), input", this.panel).focus({ preventScroll: true });
  }

  /** A guest of this visit moved on; who waits is shown without having to look for it. */
  async news(visit: string): Promise<void> {
    await this.read(visit);
    if (this.waiting.length) this.panel.hidden = false;
  }

  /** Another visit is on show. */
  close(): void {
    this.panel.hidden = true;
    this.asked = false;
    this.turn("");
  }

  private get waiting(): readonly GuestRow[] {
    return this.known.filter((one) => one.state === "waiting");
  }

  private get panel(): HTMLElement {
    return one("#guests");
  }

  /** From now on it is about this visit: what is pressed before its guests are read is, too. */
  private turn(visit: string): void {
    if (this.visit === visit) return;
    this.visit = visit;
    this.known = [];
    this.draw();
  }

  private async read(visit: string): Promise<void> {
    this.turn(visit);
    const { guests } = await this.desk.guests(visit);
    if (this.visit !== visit) return;
    const before = this.known;
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
    const count = this.waiting.length;
    this.mark.textContent = count ? text("guests-waiting", { count: number(count) }) : "";
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
