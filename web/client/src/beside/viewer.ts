// One picture, frozen, large in the stage on both sides; a mark on it shows the other one what is meant.

import { announce } from "../dom/announce";
import { one, text } from "../dom/page";
import type { Side, SideBody } from "../side";

/** How often a moving mark is told, ms. */
const EVERY_MS = 60;
/** How far an arrow key moves it, of the picture's side. */
const STEP = 0.02;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
const inside = (value: number): number => Math.min(1, Math.max(0, value));

interface Open {
  readonly id: string;
  readonly figure: HTMLElement;
  readonly mark: HTMLElement;
}

export class Viewer {
  private open: Open | undefined;
  private at: readonly [number, number] = [0.5, 0.5];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A picture that the other side points at and that has not arrived yet. */
  private awaited: SideBody | undefined;
  private readonly unlisten: () => void;

  constructor(
    private readonly stage: HTMLElement,
    private readonly side: Side,
    /** A picture that both sides have, by its id. */
    private readonly picture: (id: string) => string | undefined,
  ) {
    this.unlisten = side.on("point", (body) => this.pointed(body));
  }

  end(): void {
    this.unlisten();
    this.close();
  }

  /** Shows a picture here; with `pointing` on the other side as well, with a mark that moves with this one's. */
  show(id: string, pointing: boolean): void {
    this.close();
    const url = this.picture(id);
    if (!url) return;
    this.open = this.made(id, url, pointing);
    this.stage.append(this.open.figure);
    this.open.mark.hidden = !pointing;
    this.at = [0.5, 0.5];
    if (!pointing) return one("button:not(.pad)", this.open.figure).focus();
    one(".pad", this.open.figure).focus();
    this.move(this.at);
  }

  /** Shows a picture that was sent here, unless another one is being looked at. */
  offer(id: string): void {
    if (!this.open) this.show(id, false);
  }

  /** A picture has arrived: perhaps the one that is pointed at. */
  arrived(): void {
    if (this.awaited) this.pointed(this.awaited);
  }

  /** The whole of a picture whose first view was here: in place of it, wherever it is looked at. */
  sharper(id: string): void {
    const url = this.picture(id);
    if (this.open?.id === id && url) one<HTMLImageElement>("img", this.open.figure).src = url;
  }

  private close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.open?.figure.remove();
    this.open = undefined;
  }

  private made(id: string, url: string, pointing: boolean): Open {
    const figure = document.createElement("figure");
    figure.className = "frozen";
    const pad = document.createElement(pointing ? "button" : "div");
    pad.className = "pad";
    const image = document.createElement("img");
    image.src = url;
    image.alt = text("frozen");
    const mark = document.createElement("span");
    mark.className = "mark";
    pad.append(image, mark);
    if (pointing) this.listen(pad);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button alt small";
    button.textContent = text("close-picture");
    button.addEventListener("click", () => {
      if (pointing) this.side.send("point", { id, off: true });
      this.close();
    });
    figure.append(pad, button);
    return { id, figure, mark };
  }

  private listen(pad: HTMLElement): void {
    pad.setAttribute("type", "button");
    pad.setAttribute("aria-label", text("point"));
    pad.addEventListener("pointermove", (event) => {
      const box = pad.getBoundingClientRect();
      this.move([(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height]);
    });
    pad.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      this.move([this.at[0] + way[0], this.at[1] + way[1]]);
    });
  }

  private move([x, y]: readonly [number, number]): void {
    this.at = [inside(x), inside(y)];
    this.draw();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.open) this.side.send("point", { id: this.open.id, x: this.at[0], y: this.at[1] });
    }, EVERY_MS);
  }

  private pointed(body: SideBody): void {
    const { id, x, y, off } = body;
    this.awaited = undefined;
    if (typeof id !== "string") return;
    if (off === true) {
      if (this.open?.id === id) this.close();
      return;
    }
    if (typeof x !== "number" || typeof y !== "number") return;
    if (this.open?.id !== id) {
      this.show(id, false);
      if (!this.open) this.awaited = body;
      else announce(text("pointed"));
    }
    if (!this.open) return;
    this.at = [inside(x), inside(y)];
    this.open.mark.hidden = false;
    this.draw();
  }

  private draw(): void {
    const style = this.open?.mark.style;
    // From the left whichever way the page is read: it is a place in a picture.
    style?.setProperty("left", `${100 * this.at[0]}%`);
    style?.setProperty("top", `${100 * this.at[1]}%`);
  }
}
