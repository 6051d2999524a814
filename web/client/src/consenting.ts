// The events of recording with consent (signaling/PROTOCOL.md).

/** Where a recording stands; `asked`: the own answer is missing. `why` it is over, empty as long as it is not. */
export interface RecordingNews {
  readonly id: string;
  readonly state: "off" | "asking" | "on" | "paused";
  readonly asked: boolean;
  readonly missing: readonly string[];
  readonly why: string;
  readonly days: number;
}

/** A member's word; `id` names the recording, empty for `ask`. */
export interface RecordBody {
  readonly do: "ask" | "agree" | "decline" | "stop";
  readonly id: string;
}

/** What is recorded, from the specialist; `views`: whose picture comes in which section. */
export interface RecordOffer {
  readonly id: string;
  readonly sdp: string;
  readonly views: Readonly<Record<string, string>>;
}

export interface Consenting {
  record: RecordBody;
  "record-offer": RecordOffer;
}

/** What their acknowledgements carry. */
export interface Consented {
  record: unknown;
  "record-offer": { readonly sdp: string };
}
