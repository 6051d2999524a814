// The pairs of a room beyond the first: one lane to each further member. Whoever comes or goes touches theirs only.

import { Lane, type LaneWorld } from "./lane";
import type { Entered, Held, Member, Pair } from "./messages";

interface Further {
  readonly lane: Lane;
  polite: boolean;
  /** After a restart of the server: the other end has the lane, too, and has not come back yet. */
  awaited: boolean;
}

type Told = Readonly<Record<string, Pair>>;

/** The pairs with members: the two connections to the forwarding server are not among them. */
const among = (pairs: Told) => Object.entries(pairs).filter(([id]) => id !== "up" && id !== "down");

export class Mesh {
  private readonly further = new Map<string, Further>();
  private members: readonly Member[] = [];

  constructor(
    private readonly world: Omit<LaneWorld, "onStream">,
    /** A further member's stream, or none any more. */
    private readonly onFurther: (id: string, stream: MediaStream | undefined) => void,
  ) {}

  /** What `enter` tells about the lanes that stand; undefined for none. */
  get held(): Readonly<Record<string, Held>> | undefined {
    if (this.further.size === 0) return undefined;
    const told = ([id, { lane }]: [string, Further]) =>
      [id, { epoch: lane.epoch, since: lane.epoch && lane.mail.since }] as const;
    return Object.fromEntries([...this.further].map(told));
  }

  /** The room is being entered again. */
  pause(): void {
    for (const { lane } of this.further.values()) lane.mail.pause();
  }

  /** The room has been entered; answers whether it must be entered once more, for a lane of which nothing is left. */
  entered(entered: Entered): boolean {
    const pairs = entered.pairs ?? {};
    for (const id of this.further.keys()) if (!(id in pairs)) this.part(id);
    let again = false;
    for (const [id, pair] of among(pairs)) {
      const further = this.meet(id, pair);
      const { lane } = further;
      const kept = lane.epoch === pair.epoch && lane.peer !== undefined;
      if (kept && !pair.resumed && !lane.peer?.settled) {
        lane.epoch = 0;
        again = true;
        continue;
      }
      if (kept) lane.peer?.refresh({ ...entered, polite: pair.polite });
      else lane.build(pair.epoch, { ...entered, polite: pair.polite });
      lane.mail.resume(pair.since ?? 0);
      lane.returned();
      if (kept) lane.path.rejoined();
      further.awaited = !entered.roster.some((one) => one.id === id);
    }
    return again;
  }

  /** A roster: new members and new epochs are connected with, whoever is gone is parted with. */
  seated(pairs: Told, members: readonly Member[], entered: Entered): void {
    this.members = members;
    for (const [id, { awaited }] of this.further) if (!(id in pairs) && !awaited) this.part(id);
    for (const [id, pair] of among(pairs)) {
      const further = this.meet(id, pair);
      if (further.lane.epoch !== pair.epoch) {
        further.lane.build(pair.epoch, { ...entered, polite: pair.polite });
        further.lane.mail.resume(0);
      }
      const member = this.member(id);
      if (member) further.awaited = false;
      if (member?.here) further.lane.peer?.start();
    }
  }

  /** Tries the picture again wherever it was taken away. */
  brighten(): void {
    for (const { lane } of this.further.values()) lane.brighten();
  }

  lane(id: string): Lane | undefined {
    return this.further.get(id)?.lane;
  }

  /** Twice a second; answers whether the room should be entered again, because of a lane that nothing gets through. */
  async tick(measuring: boolean): Promise<boolean> {
    let again = false;
    for (const [id, { lane, polite, awaited }] of [...this.further]) {
      await lane.look(measuring);
      const state = lane.state(true, this.member(id));
      if (awaited && state === "peer-left") this.part(id);
      else if (lane.hopeless(polite) && this.world.options.signal.up) {
        lane.epoch = 0;
        again = true;
      }
    }
    return again;
  }

  close(): void {
    for (const id of [...this.further.keys()]) this.part(id);
  }

  private member(id: string): Member | undefined {
    return this.members.find((one) => one.id === id);
  }

  private meet(id: string, { polite }: Pair): Further {
    const known = this.further.get(id);
    if (known) {
      known.polite = polite;
      return known;
    }
    const onStream = (stream: MediaStream) => this.onFurther(id, stream);
    const made = { lane: new Lane({ ...this.world, onStream }, id), polite, awaited: false };
    this.further.set(id, made);
    return made;
  }

  private part(id: string): void {
    this.further.get(id)?.lane.close();
    this.further.delete(id);
    this.world.beside.peers.delete(id);
    this.onFurther(id, undefined);
  }
}
