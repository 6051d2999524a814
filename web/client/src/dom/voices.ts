// What is heard of everybody in a call of several, and who speaks: a mark at the picture, and where somebody interprets, the
// others under their voice. Each hears as they like: it is done by how loud the page plays whom.

import { partnerId, type Member } from "../messages";
import { choosable, LISTENING, Speaking, volumes, type Listening } from "../speaking";
import type { Scene } from "./gathering";
import { all, one } from "./page";

const EVERY_MS = 150;

export class Voices {
  private readonly speaking = new Speaking();
  private readonly choice: HTMLFieldSetElement;
  private readonly over = new AbortController();
  private readonly timer: ReturnType<typeof setInterval>;
  private members: readonly Member[] = [];
  private you = "";
  private listening: Listening;

  constructor(
    private readonly scene: Scene,
    private readonly tiles: ReadonlyMap<string, HTMLElement>,
    private readonly onSpeaking: (who: ReadonlySet<string>) => void,
  ) {
    this.choice = one<HTMLFieldSetElement>("[data-listening]", scene.root);
    this.listening = LISTENING.find((one) => one === sessionStorage.getItem(this.kept)) ?? "interpreter";
    for (const box of all<HTMLInputElement>("input", this.choice)) box.checked = box.value === this.listening;
    this.choice.addEventListener("change", (event) => this.choose(event.target as HTMLInputElement), {
      signal: this.over.signal,
    });
    this.timer = setInterval(() => this.hear(), EVERY_MS);
  }

  seat(members: readonly Member[], you: string): void {
    this.members = members;
    this.you = you;
    this.choice.hidden = !choosable(members, you);
    this.hear();
  }

  /** The choice stands with what else is chosen, where the page has that by now. */
  place(): void {
    const { root } = this.scene;
    const company = one("[data-company]", root);
    const dialog = root.querySelector("dialog[data-more] .stack");
    if (dialog && !dialog.contains(company)) dialog.querySelector("h2")?.after(company);
    company.hidden = !dialog || this.members.length < 3;
  }

  end(): void {
    clearInterval(this.timer);
    this.over.abort();
    this.members = [];
    this.stage.classList.remove("far-speaks");
    one("[data-company]", this.scene.root).hidden = true;
    this.play(1, this.far);
  }

  private get kept(): string {
    return `listening ${this.scene.key}`;
  }

  private get stage(): HTMLElement {
    return one("[data-others]", this.scene.root).parentElement as HTMLElement;
  }

  /** Where the first pair's voice comes from. */
  private get far(): HTMLAudioElement | null {
    return this.stage.querySelector<HTMLAudioElement>(":scope > audio");
  }

  private choose({ value }: HTMLInputElement): void {
    this.listening = LISTENING.find((one) => one === value) ?? "interpreter";
    sessionStorage.setItem(this.kept, this.listening);
    this.hear();
  }

  private hear(): void {
    const { members, you, tiles } = this;
    const others = members.filter((one) => one.id !== you);
    const levels = new Map(others.map(({ id, audio }) => [id, audio ? this.loudness(id) : 0]));
    const speaking = this.speaking.hear(levels, performance.now());
    for (const [id, tile] of tiles) tile.classList.toggle("speaks", speaking.has(id));
    this.stage.classList.toggle("far-speaks", speaking.has(partnerId(you)));
    this.onSpeaking(speaking);
    for (const [id, loud] of volumes(members, you, this.listening, speaking)) {
      this.play(loud, id === partnerId(you) ? this.far : (tiles.get(id)?.querySelector("audio") ?? null));
    }
  }

  private loudness(id: string): number {
    return this.scene.peers.get(id === partnerId(this.you) ? "" : id)?.loudness ?? 0;
  }

  /** Where volumes cannot be set, who is not to be heard at all is silent all the same. */
  private play(loud: number, sound: HTMLAudioElement | null): void {
    if (!sound) return;
    sound.volume = loud;
    sound.muted = loud === 0;
  }
}
