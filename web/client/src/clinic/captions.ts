// What is written in a visit, under the specialist's picture: typed captions and prepared phrases while the call is on,
// and all of it to read afterwards. Its part of the page comes after the first picture.

import { Conversation } from "../conversation";
import { announce } from "../dom/announce";
import { bring } from "../dom/fragment";
import { one, only } from "../dom/page";
import { TalkList } from "../dom/talk";
import type { Said } from "../saying";
import { readUpTo, rememberRead } from "../dom/read";
import type { Signal } from "../signal";

/** The specialist's id in a call. */
const ME = "s";

export class Captions {
  private readonly root = one("#consult [data-talk]");
  private readonly opener = one("[data-open-talk]", this.root);
  private readonly form = one("[data-typing]", this.root);
  private readonly field = one<HTMLInputElement>("input", this.form);
  private readonly list: TalkList;
  private conversation: Conversation | undefined;
  /** The visit whose words are listed, and the one on show: while a call is on one may look at another visit. */
  private visit = "";
  private shown = "";

  private constructor(private readonly read: (visit: string) => Promise<readonly Said[]>) {
    this.list = new TalkList(this.root, one("#consult .stage"));
    one("#consult .controls .hang").before(this.opener);
    this.opener.hidden = true;
    this.opener.addEventListener("click", () => this.type(this.opener.ariaExpanded !== "true"));
    this.submitted("form[data-say]", () => {
      const words = this.field.value.trim();
      if (words) this.conversation?.say("caption", { text: words });
      this.field.value = "";
    });
    this.submitted("form[data-say-phrase]", () => {
      const phrase = one<HTMLSelectElement>("select", this.form).value;
      this.conversation?.say("caption", { phrase });
    });
    this.form.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.type(false);
    });
  }

  static async open(read: (visit: string) => Promise<readonly Said[]>): Promise<Captions> {
    await bring("/clinic-words", one("#consult .stage-box + *"));
    return new Captions(read);
  }

  /** The call of a visit is on: the list lives, and captions can be typed. */
  live(visit: string, signal: Signal): void {
    this.begin(visit);
    this.shown = visit;
    this.opener.hidden = false;
    this.conversation = new Conversation({
      wire: signal,
      onSaid: (said, mine) => this.said(said, mine),
      onPending: (pending) => {
        this.list.wait(pending);
        this.show();
      },
    });
  }

  /** The room is entered (again); `company`: somebody else is in it, who reads this, too. */
  present(company: boolean): void {
    only("company", company, this.root);
    this.conversation?.present(ME);
  }

  /** Another visit is on show, whose words are read where it is over. */
  async look(visit: string, over: boolean): Promise<void> {
    this.shown = visit;
    this.show();
    if (this.conversation || visit === this.visit) return; // its call was on just now: the list is complete
    this.begin(visit);
    const all = over ? await this.read(visit) : [];
    if (this.visit !== visit || this.conversation) return;
    for (const said of all) this.list.add(said, said.from === ME);
    this.show();
  }

  /** The call is over or left: what was written stays to read. */
  quiet(): void {
    this.conversation?.end();
    this.conversation = undefined;
    this.opener.hidden = true;
    this.type(false);
    this.list.wait([]);
    this.show();
  }

  private submitted(form: string, does: () => void): void {
    one(form, this.form).addEventListener("submit", (event) => {
      event.preventDefault();
      does();
    });
  }

  private begin(visit: string): void {
    this.quiet();
    this.list.clear();
    this.visit = visit;
    this.show();
  }

  private type(on: boolean): void {
    const inside = this.form.contains(document.activeElement);
    this.form.hidden = !on;
    this.opener.setAttribute("aria-expanded", String(on));
    this.show();
    if (on) this.field.focus();
    else if (inside) this.opener.focus();
  }

  private said(said: Said, mine: boolean): void {
    this.list.add(said, mine);
    this.show();
    if (said.seq <= readUpTo(this.visit)) return; // the page was loaded again
    rememberRead(this.visit, said.seq);
    if (this.shown === this.visit) this.list.large(said);
    if (!mine) announce(this.list.whole(said));
  }

  private show(): void {
    this.root.hidden = this.shown !== this.visit || (this.list.empty && this.form.hidden);
  }
}
