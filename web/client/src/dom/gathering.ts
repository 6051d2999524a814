// Whoever is in a call beyond the two. What shows and hears them comes when the first of them does: most calls are of two.

import type { Member } from "../messages";
import type { Peer } from "../peer";
import { bring } from "./fragment";
import type { Others } from "./others";
import { one } from "./page";

export interface Scene {
  /** Where the call is on the page. */
  readonly root: HTMLElement;
  /** The address of the page's part for it. */
  readonly part: string;
  /** By what the tab remembers who is to be heard: the visit, or the guest. */
  readonly key: string;
  /** The peer connections, as the room keeps them. */
  readonly peers: ReadonlyMap<string, Peer>;
}

export class Gathering {
  private others: Promise<Others> | undefined;
  private readonly streams = new Map<string, MediaStream>();
  private begun = false;

  constructor(private readonly scene: Scene) {}

  /** Who is in the call now; whoever came with the first answer is not said to have come. */
  seat(members: readonly Member[], you: string): void {
    const { begun } = this;
    this.begun = true;
    if (members.length > 2) this.others ??= this.load(begun);
    this.tell((others) => others.seat(members, you));
  }

  /** Somebody's picture and sound, or none any more. */
  show(id: string, stream: MediaStream | undefined): void {
    if (stream) this.streams.set(id, stream);
    else this.streams.delete(id);
    this.tell((others) => others.show(this.streams));
  }

  /** More of the page has come: more words, and more room. */
  parts(): void {
    this.tell((others) => others.parts());
  }

  /** Nobody is seen or heard any more. */
  end(): void {
    this.streams.clear();
    this.tell((others) => others.end());
    this.others = undefined;
  }

  /** What did not come is asked for again with the next roster. */
  private tell(does: (others: Others) => void): void {
    const { others } = this;
    others?.then(does, () => this.others === others && (this.others = undefined));
  }

  private async load(begun: boolean): Promise<Others> {
    const { root, part } = this.scene;
    const there = root.querySelector("[data-company]") ?? bring(part, one("[data-others]", root));
    const [{ Others }] = await Promise.all([import("./others"), there]);
    const others = new Others(this.scene, begun);
    others.show(this.streams);
    return others;
  }
}
