// The list of who is in the call, with what each is in it and who speaks now: for everybody who wants to know, and to be
// read where pictures are not seen.

import type { Member } from "../messages";
import { one, text } from "./page";

/** What somebody is in the visit, in words; empty where the page has none yet. */
export function partOf({ part, role }: Member): string {
  return text(`part-${part ?? role}`);
}

export class People {
  private readonly list: HTMLElement;
  private readonly lines = new Map<string, HTMLElement>();

  constructor(root: ParentNode) {
    this.list = one("[data-people]", root);
  }

  seat(members: readonly Member[], you: string): void {
    this.lines.clear();
    for (const member of members) {
      const line = document.createElement("li");
      const name = document.createElement("bdi");
      name.textContent = member.name;
      const part = member.id === you ? text("you") : partOf(member);
      const speaks = document.createElement("small");
      line.append(name, part && ` · ${part}`, " ", speaks);
      this.lines.set(member.id, line);
    }
    this.list.replaceChildren(...this.lines.values());
  }

  /** Who speaks now. */
  mark(speaking: ReadonlySet<string>): void {
    for (const [id, line] of this.lines) {
      const words = speaking.has(id) ? text("speaks") : "";
      const place = one("small", line);
      if (place.textContent !== words) place.textContent = words;
    }
  }
}
