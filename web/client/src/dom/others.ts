// Those who are in a call beyond the two: their pictures beside the own one, a press makes one large or small. Whoever
// interprets by hand stays large beside the other one.

import type { Member } from "../messages";
import { partner } from "../messages";
import { announce } from "./announce";
import type { Scene } from "./gathering";
import { all, one, text } from "./page";
import { People, partOf } from "./people";
import { Voices } from "./voices";

/** With what they are in the visit: "Noor (Interpreter)". */
function called(member: Member): string {
  const { name } = member;
  const part = partOf(member);
  return (part && text("called", { name, part })) || name;
}

export class Others {
  /** The name under the other one, while their picture is a small one. */
  private readonly far = document.createElement("span");
  private readonly tiles = new Map<string, HTMLElement>();
  private readonly shown = new Map<string, MediaStream>();
  private readonly styled: Promise<unknown>;
  private readonly voices: Voices;
  private readonly people: People;
  private names = new Map<string, string>();
  private members: readonly Member[] = [];
  private you = "";
  /** Whose picture is large in the other one's place; empty for nobody. */
  private large = "";

  constructor(
    private readonly scene: Scene,
    /** Whether the call has been on without them: then they come, else they were there. */
    private begun: boolean,
  ) {
    const { root } = scene;
    this.styled = styled(one("[data-company]", root).dataset["css"] ?? "");
    this.far.className = "far-name";
    this.far.append(document.createElement("bdi"));
    one("[data-others]", root).append(this.far);
    this.people = new People(root);
    this.voices = new Voices(scene, this.tiles, (speaking) => this.people.mark(speaking));
  }

  /** Who is in the call; who comes and goes is said aloud. */
  seat(members: readonly Member[], you: string): void {
    const two = [you, partner(members, you)?.id];
    const further = members.filter((one) => !two.includes(one.id));
    const names = new Map(further.map((one) => [one.id, one.name]));
    for (const member of further) {
      if (this.begun && !this.names.has(member.id)) announce(text("guest-came", { name: called(member) }));
      this.tile(member.id, member.name);
    }
    for (const [id, name] of this.names) {
      if (names.has(id)) continue;
      announce(text("guest-left", { name }));
      this.drop(id);
    }
    this.names = names;
    one("bdi", this.far).textContent = partner(members, you)?.name ?? "";
    this.members = members;
    this.you = you;
    this.begun = true;
    // Who interprets by hand looks at the patient's hands.
    const hands =
      members.find((one) => one.id === you)?.pinned &&
      names.has("p") &&
      !this.tiles.get("p")?.dataset["chosen"];
    if (hands) this.large = "p";
    this.voices.seat(members, you);
    this.parts();
    this.arrange();
  }

  /** Says what everybody is in the visit: the words for it may come later than the pictures. */
  parts(): void {
    for (const member of this.members) {
      const tile = this.tiles.get(member.id);
      if (!tile) continue;
      tile.classList.toggle("dark", !member.video);
      tile.classList.toggle("pinned", member.pinned === true);
      one("small", tile).textContent = partOf(member);
    }
    this.people.seat(this.members, this.you);
    this.voices.place();
  }

  /** Everybody's picture and sound, as they are now. */
  show(streams: ReadonlyMap<string, MediaStream>): void {
    for (const id of [...this.shown.keys()]) if (!streams.has(id)) this.shown.delete(id);
    for (const [id, stream] of streams) {
      if (this.shown.get(id) === stream) continue;
      this.shown.set(id, stream);
      const tile = this.tile(id, this.names.get(id) ?? "");
      // Sound has an element of its own: a video element plays nothing before its first frame.
      const sound = one<HTMLAudioElement>("audio", tile);
      sound.srcObject = new MediaStream(stream.getAudioTracks());
      const picture = one<HTMLVideoElement>("video", tile);
      picture.srcObject = stream;
      for (const each of [sound, picture]) void each.play().catch(() => undefined);
    }
  }

  /** Nobody is seen or heard any more. */
  end(): void {
    for (const id of [...this.tiles.keys()]) this.drop(id);
    this.shown.clear();
    this.far.remove();
    this.voices.end();
    this.people.seat([], "");
    this.members = [];
    this.arrange();
  }

  private get stage(): HTMLElement {
    return one("[data-others]", this.scene.root).parentElement as HTMLElement;
  }

  private tile(id: string, name: string): HTMLElement {
    const known = this.tiles.get(id);
    if (known) {
      if (name) label(known, name);
      return known;
    }
    const tile = document.createElement("figure");
    tile.className = "guest";
    const picture = document.createElement("video");
    picture.muted = picture.autoplay = picture.playsInline = true;
    const press = document.createElement("button");
    press.type = "button";
    press.addEventListener("click", () => this.press(id));
    press.append(document.createElement("bdi"));
    tile.append(picture, document.createElement("audio"), press, document.createElement("small"));
    label(tile, name);
    this.tiles.set(id, tile);
    void this.styled.then(
      () => this.tiles.get(id) === tile && one("[data-others]", this.scene.root).append(tile),
    );
    return tile;
  }

  private press(id: string): void {
    this.large = this.large === id ? "" : id;
    const tile = this.tiles.get(id);
    if (tile) tile.dataset["chosen"] = "yes";
    this.arrange();
  }

  private drop(id: string): void {
    const tile = this.tiles.get(id);
    this.tiles.delete(id);
    this.shown.delete(id);
    if (this.large === id) this.large = "";
    if (!tile) return;
    for (const each of all<HTMLMediaElement>("audio, video", tile)) each.srcObject = null;
    tile.remove();
  }

  /** Gives everybody their place: one large, one pinned beside it, the others in a row of which each has a number. */
  private arrange(): void {
    const { stage, large } = this;
    const pinned = [...this.tiles].find(
      ([id, tile]) => id !== large && tile.classList.contains("pinned"),
    )?.[0];
    let place = 0;
    for (const [id, tile] of this.tiles) {
      tile.classList.toggle("large", id === large);
      tile.classList.toggle("beside", id === pinned);
      if (id === pinned) continue;
      place += 1;
      tile.style.setProperty("--n", String(place));
      if (id === large) stage.style.setProperty("--far", String(place));
    }
    stage.style.setProperty("--k", String(place));
    stage.classList.toggle("swapped", large !== "");
    stage.classList.toggle("split", pinned !== undefined);
  }
}

function label(tile: HTMLElement, name: string): void {
  one("bdi", tile).textContent = name;
  one("video", tile).setAttribute("aria-label", text("picture-of", { name }));
  one("button", tile).setAttribute("aria-label", text("larger", { name }));
}

/** Brings a style sheet, once; over when it is there, or does not come. */
function styled(href: string): Promise<unknown> {
  const known = document.querySelector<HTMLLinkElement>(`link[href="${href}"]`);
  if (known?.sheet) return Promise.resolve();
  const link = known ?? document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const over = new Promise((done) => {
    for (const end of ["load", "error"]) link.addEventListener(end, done);
  });
  if (!known) document.head.append(link);
  return over;
}
