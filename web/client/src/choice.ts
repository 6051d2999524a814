// Choosing another camera, microphone or loudspeaker in the middle of a call.

import type { Devices, MediaDevicesLike } from "./devices";

export type DeviceKind = "videoinput" | "audioinput" | "audiooutput";

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly chosen: boolean;
}

/** The element that the other side is heard from; not every browser lets anybody choose where. */
export interface Speaker {
  readonly sinkId?: string;
  setSinkId?(id: string): Promise<void>;
}

export class Choices {
  constructor(
    private readonly devices: Devices,
    private readonly media: Pick<MediaDevicesLike, "getUserMedia" | "enumerateDevices">,
    private readonly speaker: Speaker,
  ) {}

  /** What there is to choose from; nothing where there is no choice. */
  async list(kind: DeviceKind): Promise<Choice[]> {
    const known = (await this.media.enumerateDevices()).filter((one) => one.kind === kind && one.deviceId);
    const now = this.now(kind);
    if (known.length < 2 || now === undefined) return [];
    return known.map(({ deviceId, label }) => ({ id: deviceId, label, chosen: deviceId === now }));
  }

  /**
   * Takes another device; what was open before is closed. Whether that worked: if not, the former one goes on. The
   * tracks of the devices' stream may be other ones in either case.
   */
  async choose(kind: DeviceKind, id: string): Promise<boolean> {
    if (kind === "audiooutput") return this.speak(id);
    const old = this.track(kind);
    if (!old) return false;
    try {
      this.put(old, await this.open(kind, old, id));
      return true;
    } catch {
      // Many phones cannot hold two devices open; this costs a moment without picture or sound.
      const former = old.getSettings().deviceId ?? "";
      old.stop();
      for (const wanted of [id, former]) {
        const track = await this.open(kind, old, wanted).catch(() => undefined);
        if (track) this.put(old, track);
        if (track) return wanted === id;
      }
      return false;
    }
  }

  /** The device in use, "" for the browser's own choice; undefined where none can be chosen. */
  private now(kind: DeviceKind): string | undefined {
    if (kind === "audiooutput") return this.speaker.setSinkId && (this.speaker.sinkId || "default");
    const track = this.track(kind);
    return track && (track.getSettings().deviceId ?? "");
  }

  private track(kind: DeviceKind): MediaStreamTrack | undefined {
    const stream = this.devices.current;
    return (kind === "videoinput" ? stream?.getVideoTracks() : stream?.getAudioTracks())?.[0];
  }

  private async speak(id: string): Promise<boolean> {
    try {
      await this.speaker.setSinkId?.(id);
      return true;
    } catch {
      return false;
    }
  }

  /** Opened as the former one was, but for which way a camera looks. */
  private async open(kind: DeviceKind, old: MediaStreamTrack, id: string): Promise<MediaStreamTrack> {
    const { facingMode: _, ...same } = old.getConstraints();
    const wanted: MediaTrackConstraints = id ? { ...same, deviceId: { exact: id } } : same;
    const asked = kind === "videoinput" ? { video: wanted } : { audio: wanted };
    return (await this.media.getUserMedia(asked)).getTracks()[0] as MediaStreamTrack;
  }

  private put(old: MediaStreamTrack, track: MediaStreamTrack): void {
    old.stop();
    this.devices.current?.removeTrack(old);
    this.devices.current?.addTrack(track);
    if (track.kind !== "video") return;
    this.devices.facing = track.getSettings().facingMode === "environment" ? "environment" : "user";
  }
}
