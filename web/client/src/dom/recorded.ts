// Recording with consent on the page: the question with its two answers, the red mark while it is on, and what ended it.

import type { RecordBody, RecordingNews } from "../consenting";
import type { Signal } from "../signal";
import { announce } from "./announce";
import { bring } from "./fragment";
import { all, choose, fill, one } from "./page";
import { number } from "./words";

/** How long it stands what ended a recording, ms. */
const NOTE_MS = 12_000;
const ANSWER_MS = 8000;

export class Recorded {
  private id = "";
  private said = "";
  private clearing: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly signal: Signal,
    private readonly root: HTMLElement,
  ) {
    for (const button of all<HTMLButtonElement>("[data-record-say]", root))
      button.addEventListener("click", () => void this.say(button));
  }

  static async load(signal: Signal, part: string, before: HTMLElement): Promise<Recorded> {
    await bring(part, before);
    return new Recorded(signal, one(".recording", before.parentElement as HTMLElement));
  }

  show({ id, state, asked, why, days }: RecordingNews): void {
    this.id = id;
    fill("recording-days", number(days), this.root);
    if (state !== "off") this.tell(asked ? "asked" : state);
    else if (this.said && why) this.tell(why, NOTE_MS);
    else this.hide();
  }

  /** Why it could not be asked for. */
  refused(): void {
    this.tell("refused", NOTE_MS);
  }

  hide(): void {
    clearTimeout(this.clearing);
    this.root.hidden = true;
    this.said = "";
  }

  /** Shows one of the parts and says it aloud, once. */
  private tell(name: string, passing = 0): void {
    clearTimeout(this.clearing);
    if (passing) this.clearing = setTimeout(() => this.hide(), passing);
    for (const button of all<HTMLButtonElement>("[data-record-say]", this.root)) button.disabled = false;
    choose("recording", name, this.root);
    this.root.hidden = false;
    if (name !== this.said) announce(one(`[data-recording="${name}"] [data-aloud]`, this.root).textContent);
    this.said = name;
  }

  private async say(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    const body = { do: button.dataset["recordSay"] as RecordBody["do"], id: this.id };
    const ack = await this.signal.send("record", body, ANSWER_MS);
    button.disabled = false;
    // Stopped at the same moment by somebody else, it is over; whatever else went wrong can be pressed again.
    if (!ack.ok && ack.code !== "wrong-state") this.tell(this.said);
  }
}
