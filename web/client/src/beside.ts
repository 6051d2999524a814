// What a room keeps beside face and voice for code that comes later (further.ts): its peer connections, and news of them.

import type { Member } from "./messages";
import type { Kind, Peer, Tracks } from "./peer";
import type { Means } from "./seal/circle";

export class Beside {
  /** The present peer connection of each pair, by the other's id; that of the first pair is "". */
  readonly peers = new Map<string, Peer>();
  /** A pair has another peer connection. */
  onPeer: ((to: string, peer: Peer) => void) | undefined;
  /** Whom face and voice reach through the forwarding server: nothing of them goes to these directly. */
  carried: ReadonlySet<string> = new Set();
  /** Face or voice is another one. */
  onPut: (() => void) | undefined;
  /** Who wants no pictures, for the sake of their line, and whether this side wants none. */
  readonly sparing = new Set<string>();
  spares = false;
  onSpares: (() => void) | undefined;
  /** The own picture is hidden, or shown again. */
  onHide: (() => void) | undefined;
  onRoster: ((members: readonly Member[]) => void) | undefined;
  /** With what frames are sealed that go through the forwarding server, and whether some go there unsealed. */
  means: Means | undefined;
  onMeans: (() => void) | undefined;
  unsealed = false;
  onUnsealed: (() => void) | undefined;

  /** What goes to somebody directly, of what this side sends. */
  given(to: string, kind: Kind, sent: Tracks): MediaStreamTrack | null {
    const spared = kind === "video" && this.sparing.has(to);
    return this.carried.has(to) || spared ? null : sent[kind];
  }

  /** Gives everybody what goes to them directly now. */
  give(sent: Tracks, kinds: readonly Kind[]): void {
    for (const [to, peer] of this.peers) {
      for (const kind of kinds) peer.give(kind, this.given(to, kind, sent));
    }
  }

  made(to: string, peer: Peer): void {
    this.peers.set(to, peer);
    this.onPeer?.(to, peer);
  }
}
