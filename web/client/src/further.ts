// All of a room that is neither face nor voice: data channels, and streams that are shared by either side. Comes when a
// call is on.

import type { Member, ShareKind } from "./messages";
import type { Peer } from "./peer";
import type { Room } from "./room";
import { Sending, type Share } from "./sending";
import { Side } from "./side";

export type { Share };

/** Somebody else's stream that is neither face nor voice. */
export interface Shown extends Share {
  /** The member who sends it. */
  readonly from: string;
}

type Came = Omit<Shown, "kind">;

/** The one `Further` of each room that has one. */
const known = new WeakMap<Room, Further>();

export class Further {
  private readonly sides = new Map<string, Side>();
  private readonly came = new Map<string, Came>();
  private shares: readonly Share[] = [];
  private members: readonly Member[] = [];
  private last = "";
  private readonly meets: ((to: string, side: Side) => void)[] = [];
  private readonly watching = new Set<(shown: readonly Shown[]) => void>();
  shown: readonly Shown[] = [];

  private constructor(private readonly room: Room) {
    const { beside } = room;
    beside.onPeer = (to, peer) => this.met(to, peer);
    beside.onRoster = (members) => this.seated(members);
    for (const [to, peer] of beside.peers) this.met(to, peer);
    this.seated(room.seats);
  }

  /** That of this room, made when it is first asked for. */
  static of(room: Room): Further {
    const further = known.get(room) ?? new Further(room);
    known.set(room, further);
    return further;
  }

  /** The data channel to the other of the first pair, or to one more member; it stays over new peer connections. */
  side(to = ""): Side {
    const known = this.sides.get(to);
    if (known) return known;
    const side = new Side();
    this.sides.set(to, side);
    for (const meet of this.meets) meet(to, side);
    return side;
  }

  /** Has all data channels there are, and each that comes later, by the ids of whom they lead to. */
  every(meet: (to: string, side: Side) => void): void {
    this.meets.push(meet);
    for (const [to, side] of this.sides) meet(to, side);
  }

  /** Sends somebody no pictures, for the sake of their line, or sends them again. */
  spare(to: string, yes: boolean): void {
    const { beside } = this.room;
    if (beside.sparing.has(to) === yes) return;
    if (yes) beside.sparing.add(to);
    else beside.sparing.delete(to);
    this.room.give("video");
    beside.peers.get(to)?.sending?.want(this.wantedBy(to));
  }

  /** Sends a stream beside face and voice, to everybody, until unshare(). Stopping its tracks is its owner's work. */
  share(stream: MediaStream, kind: ShareKind): void {
    this.spread([...this.shares, { stream, kind }]);
  }

  unshare(stream: MediaStream): void {
    this.spread(this.shares.filter((one) => one.stream !== stream));
  }

  /** Hears of all that the others share, each time that it is something else; now, too. */
  watch(handler: (shown: readonly Shown[]) => void): () => void {
    this.watching.add(handler);
    handler(this.shown);
    return () => void this.watching.delete(handler);
  }

  private spread(shares: readonly Share[]): void {
    this.shares = shares;
    for (const [to, { sending }] of this.room.beside.peers) sending?.want(this.wantedBy(to));
    this.room.tell(Object.fromEntries(shares.map(({ stream, kind }) => [stream.id, kind])));
  }

  private wantedBy(to: string): readonly Share[] {
    const spared = this.room.beside.sparing.has(to);
    return spared ? this.shares.filter(({ kind }) => kind === "body") : this.shares;
  }

  private met(to: string, peer: Peer): void {
    this.side(to).begin(peer);
    peer.sending = new Sending(peer.pc, peer.rung);
    peer.sending.want(this.wantedBy(to));
    this.room.give("video");
    const arrived = ({ streams: [stream] }: RTCTrackEvent) => stream && this.arrived(to, stream);
    peer.extra.splice(0).forEach(arrived);
    peer.onExtra = arrived;
  }

  /** What a stream is tells the roster, sooner or later. */
  private arrived(to: string, stream: MediaStream): void {
    this.came.set(stream.id, { from: to || this.room.first, stream });
    stream.onremovetrack = () => {
      if (stream.getTracks().length === 0) this.came.delete(stream.id);
    };
    this.look();
  }

  private seated(members: readonly Member[]): void {
    this.members = members;
    this.look();
  }

  private look(): void {
    const shown: Shown[] = [];
    for (const { id, shares } of this.members) {
      for (const [stream, kind] of Object.entries(shares ?? {})) {
        const came = this.came.get(stream);
        if (came?.from === id) shown.push({ ...came, kind });
      }
    }
    const names = shown.map(({ stream }) => stream.id).join(" ");
    if (names === this.last) return;
    this.last = names;
    this.shown = shown;
    for (const handler of this.watching) handler(shown);
  }
}
