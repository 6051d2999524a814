// What is recorded, on its way to the recorder: everybody's sound mixed into one track, and each picture as it is, over a
// peer connection of its own. It goes from here because this line is the better one: the patient sends nothing twice.

import type { Signal } from "../signal";
import type { Sources } from "./recording";

const LOOK_MS = 1000;
const PATIENCE_MS = 10_000;
const GATHER_MS = 1000;
const PICTURE_BITS = 400_000;
const OWN = "s";

interface Part {
  readonly connection: RTCPeerConnection;
  /** The sender of each one's picture. */
  readonly pictures: ReadonlyMap<string, RTCRtpSender>;
}

export class Taping {
  private readonly sound = new AudioContext();
  private readonly mixed = this.sound.createMediaStreamDestination();
  private readonly mixing = new Map<string, { track: MediaStreamTrack; node: MediaStreamAudioSourceNode }>();
  private readonly timer: ReturnType<typeof setInterval>;
  private part: Part | undefined;
  private opening = false;
  private over = false;

  constructor(
    private readonly signal: Signal,
    private readonly id: string,
    private readonly sources: Sources,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  end(): void {
    this.over = true;
    clearInterval(this.timer);
    this.part?.connection.close();
    void this.sound.close();
  }

  /** Takes in who came or went and whose tracks are others now; what is broken is made anew. */
  private async look(): Promise<void> {
    if (this.over || this.opening) return;
    const pictures = this.tracks("video");
    this.mix(this.tracks("audio"));
    const { part } = this;
    const same = part && [...pictures.keys()].join() === [...part.pictures.keys()].join();
    if (part && same && !["failed", "closed", "disconnected"].includes(part.connection.connectionState)) {
      for (const [who, sender] of part.pictures)
        if (sender.track !== pictures.get(who)) void sender.replaceTrack(pictures.get(who) ?? null);
      return;
    }
    this.opening = true;
    try {
      await this.open(pictures);
    } finally {
      this.opening = false;
    }
  }

  /** One track of everybody who has one, in a steady order. */
  private tracks(kind: "audio" | "video"): Map<string, MediaStreamTrack> {
    const found = new Map<string, MediaStreamTrack>();
    for (const [who, stream] of [...this.sources.far].sort()) {
      const track = stream.getTracks().find((one) => one.kind === kind && one.readyState === "live");
      if (track) found.set(who, track);
    }
    const own = this.sources.own()[kind];
    if (own) found.set(OWN, own);
    return found;
  }

  private mix(tracks: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [who, { track, node }] of this.mixing) {
      if (tracks.get(who) === track) continue;
      node.disconnect();
      this.mixing.delete(who);
    }
    for (const [who, track] of tracks) {
      if (this.mixing.has(who)) continue;
      const node = this.sound.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.mixed);
      this.mixing.set(who, { track, node });
    }
  }

  private async open(pictures: ReadonlyMap<string, MediaStreamTrack>): Promise<void> {
    this.part?.connection.close();
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    const [voice] = this.mixed.stream.getAudioTracks();
    if (voice) connection.addTransceiver(voice, { direction: "sendonly" });
    const sent = [...pictures].map(([who, track]) => {
      const sendEncodings = [{ maxBitrate: PICTURE_BITS }];
      return [who, connection.addTransceiver(track, { direction: "sendonly", sendEncodings })] as const;
    });
    this.part = { connection, pictures: new Map(sent.map(([who, { sender }]) => [who, sender])) };
    await connection.setLocalDescription();
    await gathered(connection);
    const sdp = connection.localDescription?.sdp ?? "";
    const views = Object.fromEntries(sent.map(([who, { mid }]) => [mid ?? "", who]));
    const ack = await this.signal.send("record-offer", { id: this.id, sdp, views }, PATIENCE_MS);
    // Refused, it is closed, and the next look tries again as long as the recording is on.
    if (!ack.ok || this.over) return connection.close();
    await connection.setRemoteDescription({ type: "answer", sdp: ack.sdp });
  }
}

/** Waits until the own addresses are known: the recorder takes them with the offer only. */
function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((done) => {
    const look = () => connection.iceGatheringState === "complete" && done();
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_MS);
    look();
  });
}
