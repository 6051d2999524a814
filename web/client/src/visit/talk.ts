// "Words" in the call of the patient and of guests: what the doctor writes stands large over the picture and stays in a list,
// and one may answer. Loaded after the first picture; its part of the page comes with /v/in-call or /g/in-call.

import { Api } from "../api";
import { Conversation } from "../conversation";
import { announce } from "../dom/announce";
import { all, fill, one, only, text } from "../dom/page";
import { TalkList } from "../dom/talk";
import { number } from "../dom/words";
import type { GuestChange } from "../messages";
import type { Said, SpeechKind } from "../saying";
import { readUpTo, rememberRead } from "../dom/read";
import type { Signal } from "../signal";
import { more } from "./more";

export { Picker } from "../dom/picker";

export class Talk {
  private readonly conversation: Conversation;
  private readonly list: TalkList;
  private readonly panel: HTMLElement;
  private readonly opener: HTMLElement;
  private readonly over = new AbortController();
  private newest = 0;
  private unread = 0;
  private read: number;

  constructor(
    private readonly root: HTMLElement,
    signal: Signal,
    /** By what the tab remembers how much was read: the visit, or the guest. */
    private readonly key: string,
    /** A guest speaks for others, too: that stands large. */
    private readonly kind: SpeechKind = "chat",
  ) {
    this.panel = one("[data-talk]", root);
    this.opener = one("[data-open-talk]", root);
    for (const button of [this.opener, one('[data-open-more=""]', root)]) button.hidden = false;
    const stage = one(".stage", root);
    stage.append(this.panel);
    this.list = new TalkList(root, stage);
    this.read = readUpTo(key);
    this.conversation = new Conversation({
      wire: signal,
      onSaid: (said, mine) => this.said(said, mine),
      onPending: (pending) => this.list.wait(pending),
    });
    this.listen();
    more(root, this.over.signal, (phrase) => this.conversation.say("problem", { phrase }));
    this.count();
  }

  /** The room is entered (again); `company`: guests are in it, who read this, too. */
  present(you: string, company: boolean): void {
    only("company", company, this.panel);
    this.conversation.present(you);
  }

  end(): void {
    this.over.abort();
    this.conversation.end();
    this.show(false);
  }

  private listen(): void {
    const { signal } = this.over;
    const form = one<HTMLFormElement>("form[data-say]", this.panel);
    const field = one<HTMLInputElement>("input", form);
    this.opener.addEventListener("click", () => this.show(this.opener.ariaExpanded !== "true"), { signal });
    one("[data-close-talk]", this.panel).addEventListener("click", () => this.show(false), { signal });
    for (const button of all("[data-phrase]", this.panel)) {
      const phrase = button.dataset["phrase"] ?? "";
      button.addEventListener("click", () => this.conversation.say(this.kind, { phrase }), { signal });
    }
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        const words = field.value.trim();
        if (words) this.conversation.say(this.kind, { text: words });
        field.value = "";
      },
      { signal },
    );
    this.panel.addEventListener(
      "keydown",
      ({ key }) => {
        if (key === "Escape") this.show(false);
      },
      { signal },
    );
  }

  private show(open: boolean): void {
    if (this.panel.hidden !== open) return;
    const inside = this.panel.contains(document.activeElement);
    this.panel.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) {
      this.list.scroll();
      one("h2", this.panel).focus();
      this.seen();
    } else if (inside) this.opener.focus();
  }

  private said(said: Said, mine: boolean): void {
    this.list.add(said, mine);
    this.newest = said.seq;
    if (mine || said.seq <= this.read) return; // one's own, or read before the page was loaded again
    announce(this.list.whole(said));
    if (said.kind === "caption") this.list.large(said);
    this.unread += 1;
    if (this.panel.hidden) this.count();
    else this.seen();
  }

  private seen(): void {
    this.unread = 0;
    this.read = this.newest;
    rememberRead(this.key, this.read);
    this.count();
  }

  private count(): void {
    fill("unread", this.unread ? text("unread", { count: number(this.unread) }) : "", this.root);
  }
}

/** Somebody waits to be let in, which the doctor decides: the patient is told who. */
export async function waits(
  { visit, guest, state }: GuestChange,
  tell: (words: string) => void,
): Promise<void> {
  if (state !== "waiting") return;
  const asked = new Api().get<{ guests: readonly { id: string; name: string }[] }>(`/my/${visit}/guests`);
  const known = await asked.catch(() => undefined); // "More" tells it as well
  const name = known?.guests.find(({ id }) => id === guest)?.name;
  if (name) tell(text("guest-waits", { name }));
}
