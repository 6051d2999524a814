// What a room keeps beside face and voice for code that comes later (further.ts): its peer connections, and news of them.

import type { Member } from "./messages";
import type { Peer } from "./peer";
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
  onRoster: ((members: readonly Member[]) => void) | undefined;
  /** With what frames are sealed that go through the forwarding server, and whether some go there unsealed. */
  means: Means | undefined;
  onMeans: (() => void) | undefined;
  unsealed = false;
  onUnsealed: (() => void) | undefined;

  made(to: string, peer: Peer): void {
    this.peers.set(to, peer);
    this.onPeer?.(to, peer);
  }
}
