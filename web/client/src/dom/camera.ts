// Own camera and microphone on the page: preview, and the level of the microphone.

import { Devices, MediaRefused, type Cause, type Opened } from "../devices";
import { meter, SPEECH } from "../meter";
import type { Tracks } from "../peer";
import { announce } from "./announce";
import { all, choose, one, only, text } from "./page";

export class Camera {
  readonly devices = new Devices();
  /** Whether the person wants to be seen: what "Try again" asks for. */
  picture = true;
  private endMeter: (() => void) | undefined;

  /** Whether sound (and perhaps a picture) can be sent now. */
  get live(): boolean {
    return this.devices.current?.getAudioTracks().some((track) => track.readyState === "live") ?? false;
  }

  get tracks(): Tracks {
    const stream = this.devices.current;
    return { audio: stream?.getAudioTracks()[0] ?? null, video: stream?.getVideoTracks()[0] ?? null };
  }

  /** The word for the clinic's list. */
  get word(): string {
    if (!this.live) return "unknown";
    return this.tracks.video ? "ready" : "sound-only";
  }

  /** Opens what is wanted; answers the refusal instead of throwing it. */
  async open(picture: boolean): Promise<Opened | MediaRefused> {
    this.picture = picture;
    try {
      const opened = await this.devices.open(picture);
      this.preview(opened.lacking);
      return opened;
    } catch (error) {
      if (!(error instanceof MediaRefused)) throw error;
      return error;
    }
  }

  /** Takes what the browser's own control has opened. */
  take(stream: MediaStream): Opened {
    const opened = this.devices.take(stream);
    this.preview();
    return opened;
  }

  /** Whether the browser would open without asking: then a returning person need not press anything. */
  granted(): Promise<boolean> {
    return this.devices.granted(this.picture);
  }

  /** Opens the camera beside the microphone, e.g. after "Use sound only"; whether there is a picture now. */
  async addPicture(): Promise<boolean> {
    try {
      await this.devices.addPicture();
      this.picture = true;
    } catch (error) {
      if (!(error instanceof MediaRefused)) throw error;
    }
    this.preview();
    return this.tracks.video !== null;
  }

  async flip(): Promise<MediaStreamTrack | null> {
    try {
      return await this.devices.flip();
    } catch {
      return null; // the old picture stays
    } finally {
      this.preview();
    }
  }

  /** Shows the own stream wherever the page has a place for it. */
  preview(lacking?: Cause): void {
    const stream = this.devices.current ?? null;
    const seen = Boolean(this.tracks.video);
    for (const video of all<HTMLVideoElement>("[data-own]")) {
      if (video.srcObject !== stream) video.srcObject = stream;
      video.classList.toggle("mirrored", this.devices.facing === "user");
      void video.play().catch(() => undefined); // muted pictures may always play; a hidden one plays later
    }
    only("picture", seen);
    only("sound", !seen);
    const told = lacking === "none" || lacking === "busy" ? lacking : "other";
    choose("lacking", lacking ? told : "");
    void this.devices.cameras().then((count) => only("cameras", seen && count > 1));
  }

  /** Moves the bar of the microphone until `still` is called; says once that speech was heard. */
  listen(): void {
    this.still();
    const stream = this.devices.current;
    if (!stream || !this.live) return;
    const bar = one<HTMLMeterElement>("[data-level]");
    const heard = one("[data-heard]");
    heard.hidden = true;
    let loud = 0;
    this.endMeter = meter(stream, (level) => {
      bar.value = level;
      if (level >= SPEECH && ++loud === 3) {
        heard.hidden = false;
        announce(text("heard"));
      }
    });
  }

  still(): void {
    this.endMeter?.();
    this.endMeter = undefined;
  }
}
