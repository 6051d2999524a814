// The own camera and microphone: opening them by the service's rules, and what it means when a browser refuses.

import { inApp } from "./apps";

/** Why there is no camera or microphone; the pages have words and ways out for each (experience design, "Problem states"). */
export type Cause =
  | "blocked" // the person, the browser or the system said no
  | "system" // the phone or computer says no to the whole browser
  | "none" // no such device
  | "busy" // another app has it
  | "in-app" // this app's built-in browser does not let anyone ask
  | "too-old" // the browser cannot do calls
  | "insecure" // not served over https: a fault of the installation
  | "other";

/** What the clinic's list calls each cause (PROTOCOL.md, server `clinic`). */
export const DEVICE_WORDS: Readonly<Record<Cause, string>> = {
  blocked: "blocked",
  system: "blocked",
  none: "missing",
  busy: "busy",
  "in-app": "unsupported",
  "too-old": "unsupported",
  insecure: "unsupported",
  other: "unknown",
};

export class MediaRefused extends Error {
  constructor(
    override readonly cause: Cause,
    /** The name of the browser's own error, for the log. */
    readonly browser: string,
    /** Whether it was the microphone alone that was asked for: then going on by sound is no way out. */
    readonly sound = false,
  ) {
    super(`media refused: ${cause}`);
  }
}

export interface Opened {
  readonly stream: MediaStream;
  /** Why there is no picture although one was wanted. */
  readonly lacking?: Cause;
}

export type Facing = "user" | "environment";

/** The part of navigator.mediaDevices that is used here. */
export type MediaDevicesLike = Pick<
  MediaDevices,
  "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"
>;

export interface DevicesOptions {
  /** Default: the browser's, which lacks it in insecure contexts and in some apps. */
  readonly media?: MediaDevicesLike | undefined;
  readonly secure?: boolean;
  /** Whether the page stands in an app where asking may get no answer ever: there nobody is asked, until `dare`. */
  readonly app?: boolean;
  /** Whether the browser can do calls at all. */
  readonly able?: boolean;
  /** The state of a permission, or undefined where the browser does not tell. */
  readonly permission?: (name: "camera" | "microphone") => Promise<PermissionState | undefined>;
  /** Milliseconds that only rise. */
  readonly now?: () => number;
}

/** No human answers a question within this time: the app has said no by itself. */
const REFLEX_MS = 300;
/**
 * As cameras run by themselves. Where a lower rate is asked for than the camera has, Chromium leaves frames out, and when
 * the track goes into a connection it may leave out all of them for two seconds; the sender sees to the rate instead.
 */
const PICTURE: MediaTrackConstraints = { width: 640, height: 480, frameRate: 30 };
const SOUND: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const WITHOUT_PICTURE = ["NotFoundError", "NotReadableError", "OverconstrainedError", "AbortError"];

async function permission(name: string): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return undefined; // some browsers do not know the name, some have no permissions at all
  }
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

export class Devices {
  private readonly media: MediaDevicesLike | undefined;
  private readonly options: Required<Omit<DevicesOptions, "media">>;
  private stream: MediaStream | undefined;
  /** What is being opened just now. */
  private opening: { readonly picture: boolean; readonly answer: Promise<Opened> } | undefined;
  private daring = false;
  /** Which way the camera looks; the page mirrors the own picture for "user" only. */
  facing: Facing = "user";

  constructor(options: DevicesOptions = {}) {
    this.media = "media" in options ? options.media : globalThis.navigator?.mediaDevices;
    this.options = {
      secure: options.secure ?? globalThis.isSecureContext,
      app: options.app ?? inApp(globalThis.navigator?.userAgent ?? ""),
      able: options.able ?? "RTCPeerConnection" in globalThis,
      permission: options.permission ?? permission,
      now: options.now ?? (() => performance.now()),
    };
  }

  /** The stream that is open now, if any; its tracks change with flip() and reopen(). */
  get current(): MediaStream | undefined {
    return this.stream;
  }

  /** Whether the microphone, and the camera if a picture is wanted, will open without a question. */
  async granted(picture = true): Promise<boolean> {
    return (await this.states(picture)).every((state) => state === "granted");
  }

  private states(picture: boolean): Promise<(PermissionState | undefined)[]> {
    const names = picture ? (["microphone", "camera"] as const) : (["microphone"] as const);
    return Promise.all(names.map((one) => this.options.permission(one)));
  }

  /**
   * Asks once, for sound and picture together. Where only the camera fails, sound alone is opened and `lacking` says
   * why. Throws MediaRefused. What was open before is closed; who asks for the same meanwhile shares the answer, and what
   * comes after stop() is closed as it comes.
   */
  open(picture = true): Promise<Opened> {
    if (this.opening?.picture === picture) return this.opening.answer;
    this.stop();
    const answer: Promise<Opened> = this.first(picture)
      .then((opened) => {
        if (this.opening?.answer === answer) this.stream = opened.stream;
        else close(opened.stream);
        return opened;
      })
      .finally(() => {
        if (this.opening?.answer === answer) this.opening = undefined;
      });
    this.opening = { picture, answer };
    return answer;
  }

  private async first(picture: boolean): Promise<Opened> {
    if (!picture) return { stream: await this.ask({ audio: SOUND }) };
    try {
      return { stream: await this.ask({ audio: SOUND, video: this.camera() }) };
    } catch (error) {
      if (!(error instanceof MediaRefused) || !WITHOUT_PICTURE.includes(error.browser)) throw error;
      return { stream: await this.ask({ audio: SOUND }), lacking: error.cause };
    }
  }

  /** Whether there is anybody to ask. */
  get able(): boolean {
    return this.media !== undefined;
  }

  /** From now on asks in an app, too. */
  dare(): void {
    this.daring = true;
  }

  /** Takes what the browser's own control has opened. */
  take(stream: MediaStream): Opened {
    this.stop();
    return { stream: (this.stream = stream) };
  }

  /** Opens the same kinds again: after a phone call tracks look alive and are silent. Call it from a tap. */
  async reopen(): Promise<Opened> {
    return this.open((this.stream?.getVideoTracks().length ?? 1) > 0);
  }

  /**
   * The other camera. Answers its track, which takes the old one's place in `current`; throws MediaRefused, and then too
   * the track in `current` may be another one: use() it.
   */
  async flip(): Promise<MediaStreamTrack> {
    const { turned } = await import("./turning");
    const wanted: Facing = this.facing === "user" ? "environment" : "user";
    const turning = {
      ask: (constraints: MediaStreamConstraints) => this.ask(constraints),
      camera: (facing?: Facing) => this.camera(facing),
      put: (opened: MediaStream, old?: MediaStreamTrack) => this.put(opened, old),
      cameras: () => this.list(),
    };
    const track = await turned(turning, wanted, this.stream?.getVideoTracks()[0]);
    this.facing = track.getSettings().facingMode === "environment" ? "environment" : "user";
    return track;
  }

  /** Adds (or reopens) the camera alone, e.g. after "Use sound only"; throws MediaRefused. */
  async addPicture(): Promise<MediaStreamTrack> {
    return this.put(await this.ask({ video: this.camera() }), this.stream?.getVideoTracks()[0]);
  }

  /** Closes everything: the camera's light goes out. */
  stop(): void {
    if (this.stream) close(this.stream);
    this.stream = this.opening = undefined;
  }

  /** Tells when a device was plugged in or out, and how many cameras there are now; answers the end of it. */
  onChange(changed: (cameras: number) => void): () => void {
    const media = this.media;
    if (!media) return () => undefined;
    const handler = () => void this.cameras().then(changed);
    media.addEventListener("devicechange", handler);
    return () => media.removeEventListener("devicechange", handler);
  }

  /** How many cameras there are: "Turn camera" makes sense from two on. */
  async cameras(): Promise<number> {
    return (await this.list()).length;
  }

  private async list(): Promise<MediaDeviceInfo[]> {
    const all = (await this.media?.enumerateDevices()) ?? [];
    return all.filter((device) => device.kind === "videoinput");
  }

  private camera(facing: Facing = this.facing): MediaTrackConstraints {
    return { ...PICTURE, facingMode: facing };
  }

  private put(opened: MediaStream, old: MediaStreamTrack | undefined): MediaStreamTrack {
    const track = opened.getVideoTracks()[0] as MediaStreamTrack;
    if (old) {
      old.stop();
      this.stream?.removeTrack(old);
    }
    if (this.stream) this.stream.addTrack(track);
    else this.stream = opened;
    return track;
  }

  private async ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
    const { app, secure, able, now } = this.options;
    if (!able) throw new MediaRefused("too-old", "");
    if (app && !this.daring) throw new MediaRefused("in-app", "");
    if (!this.media) throw new MediaRefused(secure ? "in-app" : "insecure", "");
    const asked = now();
    try {
      return await this.media.getUserMedia(constraints);
    } catch (error) {
      const name = nameOf(error);
      if (name === "NotAllowedError" && /system/i.test(String(error)))
        throw new MediaRefused("system", name, !constraints.video);
      throw new MediaRefused(await this.cause(name, now() - asked, constraints), name, !constraints.video);
    }
  }

  private async cause(name: string, waited: number, { video }: MediaStreamConstraints): Promise<Cause> {
    if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
    if (name === "NotReadableError" || name === "AbortError") return "busy";
    if (name !== "NotAllowedError" && name !== "SecurityError") return "other";
    if (waited >= REFLEX_MS) return "blocked";
    // A refusal remembered from earlier is as quick as an app's own: only the browser knows which of both it was.
    return (await this.states(Boolean(video))).includes("denied") ? "blocked" : "in-app";
  }
}
