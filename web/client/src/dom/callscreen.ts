// A call on the screen, on either side: the other one's picture, one sentence about the line, the own controls' state.

import type { Member } from "../messages";
import type { State } from "../room";
import { stayAwake } from "../wake";
import { announce, announceLine, announceLineNow } from "./announce";
import { FarPicture } from "./far";
import { choose, fill, one, only, text } from "./page";

/** States that have a sentence of their own in the page's texts; all others are silence. */
const SENTENCES: readonly string[] = [
  "waiting",
  "connecting",
  "poor",
  "audio-only",
  "sound-first",
  "reconnecting",
  "lost",
  "peer-away",
  "peer-left",
];
const CHIPS: readonly State[] = ["good", "fair", "poor", "audio-only"];
/** The other one is not there: the sentence says so, and no word about the line. */
const ALONE: readonly State[] = ["waiting", "peer-away", "peer-left"];

/** How long a sentence about the own devices stands, ms. */
const NOTE_MS = 8000;

/** Time since a start as 4:12. */
function elapsed(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class CallScreen {
  private readonly picture: FarPicture;
  private readonly ends: (() => void)[] = [];
  private now: State = "entering";
  private since = 0;
  private member: Member | undefined;
  /** Whether a picture of the other one was ever seen. */
  private pictured = false;
  /** Whether it has moved in the last second. */
  private moving = false;
  /** Whether something comes in now, and whether it ever did. */
  private line = false;
  private connected = false;
  private noted = "";
  /** Whether there was no own picture yet because the line is weak. */
  begun = (): boolean => false;
  private noting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    /** The other person, and the number that helps when the line is lost. */
    private readonly other: { readonly name: string; readonly phone: string; readonly soundOnly?: boolean },
  ) {
    const silenced = one('[data-do="hear"]', root);
    const label = text("picture-of", { name: other.name });
    this.picture = new FarPicture(root, label, (yes) => (silenced.hidden = !yes));
  }

  /** Begins a call that has been on for so long already, ms: after a reload its clock goes on. */
  begin(passed = 0): void {
    const start = performance.now() - passed;
    const tick = () => fill("elapsed", elapsed(start, performance.now()), this.root);
    tick();
    const timer = setInterval(() => {
      tick();
      this.write();
      this.moving = this.picture.moved;
      this.blank();
    }, 1000);
    this.ends.push(() => clearInterval(timer), stayAwake());
    this.muted(false, false);
    this.hidden(false, false);
    this.state("entering");
  }

  end(): void {
    for (const stop of this.ends.splice(0)) stop();
    clearTimeout(this.noting);
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
    this.root.dataset["state"] = state;
    this.since = performance.now();
    const chip = CHIPS.includes(state) ? state : "connecting";
    fill("chip", ALONE.includes(state) ? "" : text(`chip-${chip}`), this.root);
    this.tell(this.write());
    this.blank();
  }

  /** Says the sentence about the line aloud; when the line comes (back), that it is there. The first time at once. */
  private tell(sentence: string): void {
    const before = this.line;
    this.line = CHIPS.includes(this.now);
    const back = this.line && !before ? this.say("connected") : "";
    if (back && !this.connected) announceLineNow(back);
    else announceLine(sentence || back);
    this.connected ||= this.line;
  }

  /** Writes the sentence about the line, with the time since it began; on a calm line, what the other one does. */
  private write(): string {
    let name: string = this.now === "entering" ? "connecting" : this.now;
    if (name === "audio-only" && this.begun()) name = "sound-first";
    const sentence = SENTENCES.includes(name) ? this.say(name) : "";
    const words = sentence || this.noted || (CHIPS.includes(this.now) ? this.aboutOther() : "");
    const place = one("[data-sentence]", this.root);
    if (place.textContent !== words) place.textContent = words;
    return sentence;
  }

  /** Says sentences about the own devices, aloud and for a while in sight. */
  note(...names: string[]): void {
    this.remark(names.map((name) => text(name)).join(" "));
  }

  /** Says something beside the line, aloud and for a while in sight. */
  remark(words: string): void {
    clearTimeout(this.noting);
    this.noted = words;
    this.noting = setTimeout(() => (this.noted = ""), NOTE_MS); // the clock writes the sentence every second
    announce(this.noted);
    this.write();
  }

  private aboutOther(): string {
    const { member } = this;
    if (!member) return "";
    return member.away ? this.say("far-away") : member.audio ? "" : this.say("far-muted");
  }

  seat(member: Member | undefined): void {
    const before = this.member;
    this.member = member;
    if (before?.audio && member && !member.audio) announce(this.say("far-muted"));
    if (before && !before.away && member?.away) announce(this.say("far-away"));
    this.write();
    this.blank();
  }

  muted(on: boolean, aloud = true): void {
    this.face("mic", on);
    this.noted = ""; // "You are muted" is over with it
    this.write();
    if (aloud) announce(text(on ? "muted" : "unmuted"));
  }

  hidden(on: boolean, aloud = true): void {
    this.face("camera", on);
    only("seen", !on, this.root);
    only("unseen", on, this.root);
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
    // A seat stands as if its camera were on until its owner has told: only a picture shows that there is one.
    this.pictured ||= this.picture.seen;
    const { video = true, connection = "" } = this.member ?? {};
    // A word about their line may be old: a picture that moves is there.
    // Somebody wants sound only, and who that is (beside/soundonly.ts).
    const { soundOnly } = this.root.dataset;
    const dark = connected && (soundOnly || !video || (connection === "audio-only" && !this.moving));
    // Who has left is not there any more: their last picture would look as if they were.
    plate.hidden = !dark && this.now !== "peer-left";
    const hidden = this.other.soundOnly && !this.pictured ? "far-sound-only" : "far-hidden";
    const why = soundOnly ? `sound-${soundOnly}` : video ? "far-dark" : hidden;
    plate.textContent = dark ? this.say(why) : "";
  }

  private say(name: string): string {
    const { name: who, phone } = this.other;
    return text(name, { name: who, phone, elapsed: elapsed(this.since, performance.now()) });
  }
}
