// Cameras and microphones that open, refuse and are plugged in as a test says.

import { Devices, type MediaDevicesLike } from "../src/devices";

export class FakeTrack {
  stopped = false;
  constructor(
    readonly kind: string,
    readonly constraints: unknown = {},
  ) {}
  stop(): void {
    this.stopped = true;
  }
  /** A phone's cameras look this way or that; a computer's look neither, and only their names tell them apart. */
  getSettings(): MediaTrackSettings {
    const { facingMode, deviceId } = (this.constraints ?? {}) as {
      facingMode?: string;
      deviceId?: { exact: string };
    };
    if (FakeTrack.phone && facingMode) return { facingMode, deviceId: facingMode };
    return { deviceId: deviceId?.exact ?? "first" };
  }
  static phone = true;
}

export class FakeStream {
  constructor(readonly tracks: FakeTrack[]) {}
  getTracks = () => this.tracks;
  getVideoTracks = () => this.tracks.filter((one) => one.kind === "video");
  getAudioTracks = () => this.tracks.filter((one) => one.kind === "audio");
  addTrack = (track: FakeTrack) => void this.tracks.push(track);
  removeTrack = (track: FakeTrack) => void this.tracks.splice(this.tracks.indexOf(track), 1);
}

interface Set {
  /** The name of the error for what is asked, if any. */
  readonly refuse?: (asked: MediaStreamConstraints) => string | undefined;
  readonly takes?: number;
  readonly permission?: PermissionState;
  readonly message?: string;
  readonly app?: boolean;
  readonly able?: boolean;
}

export function devices({
  refuse = () => undefined,
  takes = 0,
  permission,
  message,
  app,
  able = true,
}: Set = {}) {
  const asked: MediaStreamConstraints[] = [];
  let clock = 0;
  let changed = () => undefined as void;
  const media = {
    getUserMedia: (constraints: MediaStreamConstraints) => {
      asked.push(constraints);
      clock += takes;
      const name = refuse(constraints);
      if (name) return Promise.reject(Object.assign(new Error(message ?? name), { name }));
      const kinds = (["audio", "video"] as const).filter((kind) => constraints[kind]);
      return Promise.resolve(new FakeStream(kinds.map((kind) => new FakeTrack(kind, constraints[kind]))));
    },
    enumerateDevices: () =>
      Promise.resolve([
        { kind: "videoinput", deviceId: "first" },
        { kind: "audioinput", deviceId: "sound" },
        { kind: "videoinput", deviceId: "second" },
        { kind: "videoinput", deviceId: "third" },
      ]),
    addEventListener: (_: string, handler: () => void) => (changed = handler),
    removeEventListener: () => (changed = () => undefined),
  };
  const made = new Devices({
    media: media as unknown as MediaDevicesLike,
    secure: true,
    app: app ?? false,
    able,
    permission: () => Promise.resolve(permission),
    now: () => clock,
  });
  return { devices: made, asked, plug: () => changed() };
}
