// The pictures of those who are in a call beyond the two: small, beside the own one; a press makes one large or small.

import type { Member } from "../messages";
import { partner } from "../messages";
import { announce } from "./announce";
import { all, one, text } from "./page";

/** With what they are in the visit: "Noor (Interpreter)". */
function called({ name, part }: Member): string {
  return (part && text("called", { name, part: text(`part-${part}`) })) || name;
}

export class Others {
  private readonly tiles = new Map<string, HTMLElement>();
  private names = new Map<string, string>();
  private members: readonly Member[] = [];
  private begun = false;

  constructor(private readonly root: ParentNode) {}

  /** Who is here beyond the two, as the roster has it; who comes and goes is said aloud. */
  seat(members: readonly Member[], you: string): void {
    const two = [you, partner(members, you)?.id];
    const further = members.filter((one) => !two.includes(one.id));
    const names = new Map(further.map((one) => [one.id, one.name]));
    for (const one of further) {
      if (this.begun && !this.names.has(one.id)) announce(text("guest-came", { name: called(one) }));
      this.tile(one.id, one.name);
    }
    for (const [id, name] of this.names) {
      if (names.has(id)) continue;
      announce(text("guest-left", { name }));
      this.drop(id);
    }
    for (const { id, video } of further) this.tiles.get(id)?.classList.toggle("dark", !video);
    this.names = names;
    this.members = further;
    this.begun = true;
    this.parts();
  }

  /** Says at each picture what a guest is in the visit: the words for it may come later than the picture. */
  parts(): void {
    for (const { id, part } of this.members) {
      const place = this.tiles.get(id)?.querySelector("small");
      if (place) place.textContent = part ? text(`part-${part}`) : "";
    }
  }

  /** Somebody's picture and sound, or none any more. */
  show(id: string, stream: MediaStream | undefined): void {
    const tile = stream && this.tile(id, this.names.get(id) ?? "");
    if (!tile) return;
    // Sound has an element of its own: a video element plays nothing before its first frame.
    const sound = one<HTMLAudioElement>("audio", tile);
    sound.srcObject = new MediaStream(stream.getAudioTracks());
    const picture = one<HTMLVideoElement>("video", tile);
    picture.srcObject = stream;
    for (const each of [sound, picture]) void each.play().catch(() => undefined);
  }

  /** Nobody is seen or heard any more. */
  end(): void {
    for (const id of [...this.tiles.keys()]) this.drop(id);
    this.names.clear();
    this.begun = false;
  }

  private get place(): HTMLElement {
    return one("[data-others]", this.root);
  }

  private tile(id: string, name: string): HTMLElement {
    const known = this.tiles.get(id);
    if (known) return known;
    const tile = document.createElement("figure");
    tile.className = "guest";
    const picture = document.createElement("video");
    picture.muted = picture.autoplay = picture.playsInline = true;
    picture.setAttribute("aria-label", text("picture-of", { name }));
    const press = document.createElement("button");
    press.type = "button";
    press.setAttribute("aria-label", text("larger", { name }));
    press.addEventListener("click", () => this.place.parentElement?.classList.toggle("swapped"));
    const label = document.createElement("bdi");
    label.textContent = name;
    press.append(label);
    tile.append(picture, document.createElement("audio"), press, document.createElement("small"));
    this.tiles.set(id, tile);
    this.place.append(tile);
    return tile;
  }

  private drop(id: string): void {
    const tile = this.tiles.get(id);
    this.tiles.delete(id);
    if (!tile) return;
    for (const each of all<HTMLMediaElement>("audio, video", tile)) each.srcObject = null;
    tile.remove();
    if (this.tiles.size === 0) this.place.parentElement?.classList.remove("swapped");
  }
}
