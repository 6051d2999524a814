// What a peer connection's senders may use of the line: sound before picture, no more picture than a slow line can bear.

import type { Member } from "./messages";
import { RUNGS, type Rung } from "./rungs";

type Tuned = Pick<RTCRtpTransceiver, "sender" | "receiver">;

/** Whose picture others must see large, because hands speak: this side's, another's, or nobody's. */
export type Standing = "pinned" | "beside" | "plain";

export function standingOf(members: readonly Member[], you: string): Standing {
  const pinned = members.filter((one) => one.pinned);
  if (pinned.some((one) => one.id === you)) return "pinned";
  return pinned.length ? "beside" : "plain";
}

/** What is sent of a rung: beside somebody who is pinned no more than the smallest picture, which leaves the line to theirs. */
export function sentOf(rung: Rung, fastest: number, standing: Standing): Rung {
  const small = standing === "beside" && rung.bitrate > RUNGS[2].bitrate ? RUNGS[2] : rung;
  return { ...small, rate: standing === "pinned" ? small.rate : Math.min(small.rate, fastest) };
}

/**
 * Takes effect without negotiation. `fastest`: frames of the own picture a second, at most; `sound`: bits a second of it,
 * where the browser shall not choose them.
 */
export async function tune(
  transceivers: readonly Tuned[],
  rung: Rung,
  fastest: number,
  standing: Standing = "plain",
  sound?: number,
): Promise<void> {
  const sent = sentOf(rung, fastest, standing);
  for (const { sender, receiver } of transceivers) {
    try {
      const parameters = sender.getParameters();
      const encoding = parameters.encodings?.[0];
      if (!encoding) continue;
      if (receiver.track.kind === "audio") {
        encoding.networkPriority = encoding.priority = "high";
        if (sound) encoding.maxBitrate = sound;
        else delete encoding.maxBitrate;
      } else {
        encoding.active = sent.active;
        encoding.maxBitrate = sent.bitrate;
        encoding.scaleResolutionDownBy = sent.scale;
        encoding.maxFramerate = sent.rate;
        // Hands are read from how they move.
        parameters.degradationPreference = standing === "pinned" ? "maintain-framerate" : "balanced";
      }
      await sender.setParameters(parameters);
    } catch {
      // Not every browser takes every parameter; the call works without.
    }
  }
}
