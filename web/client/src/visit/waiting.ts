// What the waiting room tells beyond the place: how long it may take and why, what the clinic says, and the wish for a
// message. The server decides every word; this only puts it there.

import { announce, announceLine } from "../dom/announce";
import { ring } from "../dom/chime";
import { choose, fill, one, only, text } from "../dom/page";
import { current } from "../dom/view";
import { clock, minutes } from "../dom/words";
import type { ClinicMessage, MyVisit } from "./mine";

/** Where one waits: by video, or by phone. */
const LINE = ["wait", "phoned"];

export class Waiting {
  private readonly list = one("[data-messages]");
  private readonly shown = new Set<string>();
  private begun = false;

  /** Says what is known now; what is new is said aloud, each message once. */
  show(visit: MyVisit): void {
    if (visit.status === "booked") return location.reload(); // moved to another time: the page says to which
    const { place } = visit;
    fill("updated", text("updated", { time: clock(new Date()) }));
    const known = place.minutes !== null && !place.paused;
    only("minutes", known);
    if (known) fill("minutes", minutes(place.minutes ?? 0));
    only("unknown", place.minutes === null && !place.paused);
    only("paused", place.paused);
    only("clinic-late", place.late > 0 && !place.paused);
    fill("clinic-late", minutes(place.late));
    choose("why", place.why);
    only("text-me", visit.text_me !== "impossible");
    choose("text-me", visit.text_me);
    for (const message of visit.messages) this.add(message);
    const waits = visit.status === "waiting" && LINE.includes(current());
    if (this.begun && waits) announceLine(this.sentence());
    this.begun = true;
  }

  /** All that stands on the card with the place, as one sentence after the other. */
  private sentence(): string {
    const lines = [...one("[data-line]").children].filter((line) => !(line as HTMLElement).hidden);
    return [one('[data-fill="place"]'), ...lines].map((line) => line.textContent?.trim()).join(" ");
  }

  private add(message: ClinicMessage): void {
    if (this.shown.has(message.id)) return;
    this.shown.add(message.id);
    const item = document.createElement("div");
    item.className = "note info";
    const words = document.createElement("p");
    words.textContent = message.text || this.prepared(message.prepared);
    if (message.language) words.lang = message.language;
    words.dir = "auto";
    const at = document.createElement("time");
    at.className = "hint figures";
    at.dateTime = message.sent;
    at.textContent = clock(new Date(message.sent));
    item.append(words, at);
    this.list.prepend(item);
    only("messages", true);
    if (!this.begun) return;
    announce(words.textContent);
    ring();
  }

  private prepared(name: string): string {
    const sentences = one<HTMLTemplateElement>("template[data-prepared]").content;
    return sentences.querySelector(`[data-name="${name}"]`)?.textContent ?? "";
  }
}
