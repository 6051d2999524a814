// What a peer connection's senders may use of the line: sound before picture, no more picture than a slow line can bear.

import type { Rung } from "./ladder";

type Tuned = Pick<RTCRtpTransceiver, "sender" | "receiver">;

/** Takes effect without negotiation. `fastest`: frames of the own picture a second, at most. */
export async function tune(transceivers: readonly Tuned[], rung: Rung, fastest: number): Promise<void> {
  for (const { sender, receiver } of transceivers) {
    try {
      const parameters = sender.getParameters();
      const encoding = parameters.encodings?.[0];
      if (!encoding) continue;
      if (receiver.track.kind === "audio") encoding.networkPriority = "high";
      else {
        encoding.active = rung.active;
        encoding.maxBitrate = rung.bitrate;
        encoding.scaleResolutionDownBy = rung.scale;
        encoding.maxFramerate = Math.min(rung.rate, fastest);
        parameters.degradationPreference = "balanced";
      }
      await sender.setParameters(parameters);
    } catch {
      // Not every browser takes every parameter; the call works without.
    }
  }
}
