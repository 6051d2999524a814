// "How is the line?": what is wrong on both sides, what is done about it and what one may do, in plain sentences.

import { fill, one, only, text } from "../dom/page";
import type { Room, State } from "../room";
import { partner, type Member } from "../messages";

const EVERY_MS = 2000;
/** A picture that comes in narrower than this, in pixels, is reduced. */
const WHOLE = 600;
const BROKEN: readonly State[] = ["reconnecting", "lost", "connecting", "entering"];
/** Words for the other one's line that are worth a chip. */
const TOLD: readonly string[] = ["fair", "poor", "audio-only", "reconnecting"];

export class LineWords {
  private readonly place: HTMLDetailsElement;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly root: HTMLElement,
    private readonly room: Room,
  ) {
    this.place = one<HTMLDetailsElement>("details[data-line]", root);
    this.place.hidden = false;
    this.place.ontoggle = () => this.write();
    this.timer = setInterval(() => this.write(), EVERY_MS);
    this.write();
  }

  end(): void {
    clearInterval(this.timer);
    this.place.ontoggle = null;
    this.place.hidden = true;
    only("far-line", false, this.root);
  }

  private get other(): Member | undefined {
    const { seats, first } = this.room;
    return seats.find((member) => member.id === first) ?? partner(seats, "");
  }

  private write(): void {
    const { other } = this;
    const chip = TOLD.includes(other?.connection ?? "");
    only("far-line", chip, this.root);
    if (other && chip) fill("far-line", text(`far-line-${this.far(other)}`, { name: other.name }), this.root);
    if (!this.place.open) return;
    const own = this.own;
    fill("line-own", text(`line-own-${own}`), this.place);
    only("line-advice", !["good", "broken"].includes(own), this.place);
    fill("line-far", other ? text(`line-far-${this.far(other)}`, { name: other.name }) : "", this.place);
  }

  /** What there is to say of the own line. */
  private get own(): string {
    const { line, beside } = this.room;
    if (BROKEN.includes(line.state)) return "broken";
    const trouble = line.gauge?.trouble(performance.now()) ?? (line.state === "audio-only" ? "off" : "");
    if (trouble === "" || (trouble === "off" && beside.spares))
      return line.state === "fair" ? "uneven" : "good";
    return trouble;
  }

  /** What there is to say of the other one's line; whether their picture is reduced, the picture itself tells. */
  private far({ connection, video }: Member): string {
    if (connection !== "fair" && connection !== "poor") return connection;
    const { videoWidth } = one<HTMLVideoElement>("[data-far]", this.root);
    return video && videoWidth > 0 && videoWidth < WHOLE ? `${connection}-reduced` : connection;
  }
}
