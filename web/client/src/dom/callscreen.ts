// A call on the screen, on either side: the other one's picture, one sentence about the line, the own controls' state.

import type { Member } from "../messages";
import type { State } from "../room";
import { stayAwake } from "../wake";
import { announce, announceLine } from "./announce";
import { FarPicture } from "./far";
import { choose, fill, one, only, text } from "./page";
import { elapsed } from "./words";

/** States that have a sentence of their own in the page's texts; all others are silence. */
const SENTENCES: readonly State[] = [
  "waiting",
  "connecting",
  "poor",
  "audio-only",
  "reconnecting",
  "lost",
  "peer-away",
  "peer-left",
];
const CHIPS: readonly State[] = ["good", "fair", "poor", "audio-only"];

export class CallScreen {
  private readonly picture: FarPicture;
  private readonly ends: (() => void)[] = [];
  private now: State = "entering";
  private since = 0;
  private member: Member | undefined;

  constructor(
    private readonly root: HTMLElement,
    /** The other person, and the number that helps when the line is lost. */
    private readonly other: { readonly name: string; readonly phone: string },
  ) {
    const silenced = one('[data-do="hear"]', root);
    const label = text("picture-of", { name: other.name });
    this.picture = new FarPicture(root, label, (yes) => (silenced.hidden = !yes));
  }

  begin(): void {
    const start = performance.now();
    const timer = setInterval(() => {
      fill("elapsed", elapsed(start, performance.now()), this.root);
      this.write();
    }, 1000);
    this.ends.push(() => clearInterval(timer), stayAwake());
    this.muted(false, false);
    this.hidden(false, false);
    this.state("entering");
  }

  end(): void {
    for (const stop of this.ends.splice(0)) stop();
    this.picture.clear();
  }

  far(stream: MediaStream): void {
    this.picture.show(stream);
    this.blank();
  }

  hear(): void {
    this.picture.play();
  }

  state(state: State): void {
    this.now = state;
    this.since = performance.now();
    fill("chip", text(`chip-${CHIPS.includes(state) ? state : "connecting"}`), this.root);
    announceLine(this.write());
    this.blank();
  }

  /** Writes the sentence about the line, with the time since it began. */
  private write(): string {
    const name = this.now === "entering" ? "connecting" : this.now;
    const sentence = SENTENCES.includes(name) ? this.say(name) : "";
    const place = one("[data-sentence]", this.root);
    if (place.textContent !== sentence) place.textContent = sentence;
    return sentence;
  }

  seat(member: Member | undefined): void {
    const before = this.member;
    this.member = member;
    if (before?.audio && member && !member.audio) announce(this.say("far-muted"));
    this.blank();
  }

  muted(on: boolean, aloud = true): void {
    this.face("mic", on);
    if (aloud) announce(text(on ? "muted" : "unmuted"));
  }

  hidden(on: boolean, aloud = true): void {
    this.face("camera", on);
    only("seen", !on, this.root);
    if (aloud) announce(text(on ? "hidden" : "shown"));
  }

  /** A control changes its icon and its word with its state, so the word always says what a press does. */
  private face(kind: "mic" | "camera", off: boolean): void {
    choose(kind, off ? "off" : "on", this.root);
    one(`[data-${kind}]`, this.root).closest("button")?.classList.toggle("off", off);
  }

  /** Instead of a black picture: why there is none. */
  private blank(): void {
    const plate = one("[data-blank]", this.root);
    const connected = CHIPS.includes(this.now);
    const dark = connected && this.member !== undefined && !this.member.video;
    plate.hidden = !dark;
    plate.textContent = dark ? this.say("far-hidden") : "";
  }

  private say(name: string): string {
    return text(name, { ...this.other, elapsed: elapsed(this.since, performance.now()) });
  }
}
