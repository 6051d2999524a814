// What one peer connection sends beside face and voice: each stream has transceivers of its own, negotiated as it comes
// and goes.

import type { Rung } from "./rungs";
import type { ShareKind } from "./messages";

export interface Share {
  readonly kind: ShareKind;
  readonly stream: MediaStream;
}

/** What each kind may use of the line at most: bits and frames a second. */
const MOST: Readonly<Record<ShareKind, { readonly bits: number; readonly rate: number }>> = {
  screen: { bits: 1_500_000, rate: 10 },
  camera: { bits: 1_200_000, rate: 15 },
  body: { bits: 128_000, rate: 30 },
};

/** Rather fewer frames than blurred ones; as much as the line bears beside the sound. */
async function tune(sender: RTCRtpSender, kind: ShareKind, rung: Rung): Promise<void> {
  try {
    const parameters = sender.getParameters();
    const encoding = parameters.encodings?.[0];
    if (!encoding) return;
    encoding.maxBitrate = MOST[kind].bits;
    if (sender.track?.kind === "audio") encoding.networkPriority = "high";
    else {
      encoding.active = rung.active;
      encoding.maxFramerate = MOST[kind].rate;
      parameters.degradationPreference = "maintain-resolution";
    }
    await sender.setParameters(parameters);
  } catch {
    // Not every browser takes every parameter; the stream goes without.
  }
}

export class Sending {
  private readonly lanes = new Map<MediaStream, readonly RTCRtpTransceiver[]>();
  private wanted: readonly Share[] = [];

  constructor(
    private readonly pc: RTCPeerConnection,
    private rung: Rung,
  ) {
    pc.onsignalingstatechange = () => this.follow();
  }

  /** Sends these streams and no others, as soon as face and voice are negotiated: they come first in every pair. */
  want(shares: readonly Share[]): void {
    this.wanted = shares;
    this.follow();
  }

  limit(rung: Rung): void {
    this.rung = rung;
    for (const share of this.wanted) this.tune(share);
  }

  private follow(): void {
    const { pc, lanes, wanted } = this;
    if (!pc.remoteDescription || pc.signalingState !== "stable") return;
    for (const [stream, gone] of lanes) {
      if (wanted.some((one) => one.stream === stream)) continue;
      for (const lane of gone) lane.stop();
      lanes.delete(stream);
    }
    for (const share of wanted) {
      const { stream } = share;
      if (lanes.has(stream)) continue;
      const add = (track: MediaStreamTrack) =>
        pc.addTransceiver(track, { direction: "sendonly", streams: [stream] });
      lanes.set(stream, stream.getTracks().map(add));
      this.tune(share);
    }
  }

  private tune({ kind, stream }: Share): void {
    for (const { sender } of this.lanes.get(stream) ?? []) void tune(sender, kind, this.rung);
  }
}
