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
    const timer = setInterval(() => fill("elapsed", elapsed(start, performance.now()), this.root), 1000);
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
    const name = state === "entering" ? "connecting" : state;
    const sentence = SENTENCES.includes(name) ? this.say(name) : "";
    one("[data-sentence]", this.root).textContent = sentence;
    fill("chip", text(`chip-${CHIPS.includes(state) ? state : "connecting"}`), this.root);
    if (sentence) announceLine(sentence);
    this.blank();
  }

  seat(member: Member | undefined): void {
    const before = this.member;
    this.member = member;
    if (before?.audio && member && !member.audio) announce(this.say("far-muted"));
    this.blank();
  }

  muted(on: boolean, aloud = true): void {
    choose("mic", on ? "off" : "on", this.root);
    one('[data-do="mute"]', this.root).classList.toggle("off", on);
    if (aloud) announce(text(on ? "muted" : "unmuted"));
  }

  hidden(on: boolean, aloud = true): void {
    choose("camera", on ? "off" : "on", this.root);
    one('[data-do="hide"]', this.root).classList.toggle("off", on);
    only("seen", !on, this.root);
    if (aloud) announce(text(on ? "hidden" : "shown"));
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
    return text(name, { ...this.other });
  }
}
