// What a page gives to a consultation room: the connection, what it wants to hear, and what tests put in place of the browser.

import type { Member } from "./messages";
import type { Signal } from "./signal";
import type { State } from "./state";
import type { Triggers } from "./triggers";

export interface RoomOptions {
  readonly signal: Signal;
  /** Whether this side makes the first offer: it goes along with the wish to get the call ready. */
  readonly offers?: boolean;
  /** Staff name the visit; a patient's socket knows it. */
  readonly visit?: string;
  readonly onState: (state: State, detail?: string) => void;
  readonly onRoster: (members: readonly Member[], you: string) => void;
  /**
   * The other side's stream, when its first packet comes in: once for each epoch. Keep the old picture on the screen
   * until the new stream shows its first frame.
   */
  readonly onRemoteStream: (stream: MediaStream) => void;
  /** The stream of one more member beyond `onRemoteStream`'s, each time it is another one; none once they are gone. */
  readonly onFurther?: (id: string, stream: MediaStream | undefined) => void;
  /** How many frames of the own picture are sent a second, at most (default 30). */
  readonly fastest?: number;
  /** For logs: nothing a person must act on. */
  readonly onError?: (error: unknown) => void;
  readonly triggers?: Triggers;
  readonly create?: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly newStream?: () => MediaStream;
  readonly now?: () => number;
  /** Brings what measures a line. */
  readonly gauges?: () => Promise<Pick<typeof import("./gauge"), "Gauge">>;
}
