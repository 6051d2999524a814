// What was written in a call, on either side's page: the list, what is still on its way, and the caption over the picture.

import type { Pending } from "../conversation";
import type { Said, SayBody } from "../saying";
import { one, text } from "./page";
import { clock } from "./words";

/** A caption stands for so long, and longer by the time that reading it takes, ms. */
const CAPTION_MS = 6000;
const SIGN_MS = 90;

/** What somebody is called, with what a guest is in the visit: "Noor (Interpreter)". */
function called({ name, part }: Said): string {
  return part ? text("called", { name, part: text(`part-${part}`) }) : name;
}

export class TalkList {
  private readonly list: HTMLElement;
  private readonly caption: HTMLElement;
  private readonly phrases: DocumentFragment;
  private pending: readonly Pending[] = [];
  private hiding: ReturnType<typeof setTimeout> | undefined;

  /** `stage` is where the picture is: the caption stands in it. */
  constructor(root: ParentNode, stage: HTMLElement) {
    this.list = one("[data-said]", root);
    this.caption = one("[data-caption]", root);
    this.phrases = one<HTMLTemplateElement>("template[data-phrases]", root).content;
    stage.append(this.caption);
    this.clear();
  }

  clear(): void {
    clearTimeout(this.hiding);
    this.caption.hidden = true;
    this.pending = [];
    this.list.replaceChildren();
  }

  get empty(): boolean {
    return !this.list.hasChildNodes();
  }

  /** The words of something said, in this page's language where it is a phrase. */
  words({ kind, phrase, text: own }: SayBody): string {
    const words = phrase ? (this.phrases.querySelector(`[data-name="${phrase}"]`)?.textContent ?? "") : own;
    return kind === "problem" ? text("trouble", { words }) : words;
  }

  add(said: Said, mine: boolean): void {
    this.drop();
    const at = document.createElement("time");
    at.dateTime = said.at;
    at.textContent = clock(new Date(said.at));
    this.list.append(this.line(said, mine ? text("you") : called(said), mine, at));
    this.wait(this.pending);
  }

  /** What is on its way stands at the end, until it comes back with its number. */
  wait(pending: readonly Pending[]): void {
    this.drop();
    this.pending = pending;
    for (const each of pending) {
      const state = document.createElement("small");
      state.textContent = text(each.failed ? "not-sent" : "sending");
      const line = this.line(each, text("you"), true, state);
      line.dataset["pending"] = "";
      this.list.append(line);
    }
    this.scroll();
  }

  /** To the newest. */
  scroll(): void {
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Who says something, and what. */
  whole(said: Said): string {
    return text("says", { name: called(said), words: this.words(said) });
  }

  /** Shows something large over the picture, for as long as reading it may take; of a guest's, also whose it is. */
  large(said: Said): void {
    clearTimeout(this.hiding);
    const words = said.part ? this.whole(said) : this.words(said);
    this.caption.textContent = words;
    this.caption.hidden = false;
    const hide = () => (this.caption.hidden = true);
    this.hiding = setTimeout(hide, CAPTION_MS + SIGN_MS * words.length);
  }

  private drop(): void {
    for (const line of this.list.querySelectorAll("[data-pending]")) line.remove();
  }

  private line(said: SayBody, name: string, mine: boolean, state: HTMLElement): HTMLElement {
    const line = document.createElement("li");
    line.className = said.kind === "problem" ? "problem" : mine ? "mine" : "theirs";
    const who = document.createElement("bdi");
    who.textContent = name;
    const head = document.createElement("p");
    head.className = "who figures";
    head.append(who, " ", state);
    const words = document.createElement("p");
    words.dir = "auto";
    words.textContent = this.words(said);
    line.append(head, words);
    return line;
  }
}
