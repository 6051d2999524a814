// "Use sound only" in a call: no picture goes out, and none is wanted of anybody, until "Show the picture again".
//
// Each pair is told over its own data channel, and again over every new one; whoever is told sends no picture there.

import { announce } from "../dom/announce";
import type { OwnSide } from "../dom/ownside";
import { all, choose, text } from "../dom/page";
import type { Further } from "../further";
import type { Room } from "../room";
import type { Side } from "../side";

const PICTURES = "pictures";
const KEPT = "sound-only-";

export class SoundOnly {
  private on = false;
  /** Whether the own picture was hidden before. */
  private hidden = false;
  private readonly sides = new Map<string, Side>();
  private readonly over = new AbortController();

  constructor(
    private readonly root: HTMLElement,
    private readonly room: Room,
    private readonly further: Further,
    private readonly own: OwnSide,
  ) {
    const { signal } = this.over;
    for (const button of all("[data-sound-only]", root)) {
      button.addEventListener("click", () => void this.press(button), { signal });
    }
    room.beside.onHide = () => {
      if (this.on && !room.hidden) void this.turn(false); // "Show me" is a wish for pictures
    };
    further.every((to, side) => this.meet(to, side));
    this.on = sessionStorage.getItem(this.kept) !== null;
    this.hidden = this.on && sessionStorage.getItem(this.kept) === "hidden";
    this.tell();
  }

  end(): void {
    this.over.abort();
    this.room.beside.onHide = undefined;
    delete this.root.dataset["soundOnly"];
  }

  private get kept(): string {
    return KEPT + this.own.key;
  }

  private meet(to: string, side: Side): void {
    this.sides.set(to, side);
    side.on(PICTURES, ({ on }) => this.heard(to, on === false));
    side.onOpen(() => void side.send(PICTURES, { on: !this.on }));
  }

  /** Somebody wants no pictures any more, or wants them again. */
  private heard(to: string, without: boolean): void {
    const { beside, first, seats } = this.room;
    const before = beside.sparing.has(to);
    this.further.spare(to, without);
    this.show();
    const name = seats.find((one) => one.id === (to || first))?.name ?? "";
    if (before !== without) announce(text(without ? "sound-far" : "pictures-far", { name }));
  }

  /** What is pressed may lie in a dialog: what it does is seen in the call. */
  private async press(button: HTMLElement): Promise<void> {
    button.closest("dialog")?.close();
    await this.turn(!this.on);
    announce(text(this.on ? "sound-own" : "pictures-own"));
  }

  private async turn(on: boolean): Promise<void> {
    const { room, own } = this;
    this.on = on;
    if (on) this.hidden = room.hidden;
    if (on) sessionStorage.setItem(this.kept, this.hidden ? "hidden" : "");
    else sessionStorage.removeItem(this.kept);
    this.tell();
    const hide = on || this.hidden;
    if (own.pictured && room.hidden !== hide) await own.hide();
  }

  private tell(): void {
    const { beside } = this.room;
    const before = beside.spares;
    beside.spares = this.on;
    if (before !== this.on) beside.onSpares?.();
    for (const side of this.sides.values()) side.send(PICTURES, { on: !this.on });
    this.show();
  }

  private show(): void {
    const { root, on } = this;
    const wish = on ? "own" : this.room.beside.sparing.has("") ? "far" : "";
    if (wish) root.dataset["soundOnly"] = wish;
    else delete root.dataset["soundOnly"];
    for (const button of all("[data-sound-only]", root)) {
      choose("sound", on ? "off" : "on", button);
      if (button.matches(".stage > *")) button.hidden = !on;
    }
  }
}
