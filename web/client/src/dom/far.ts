// The other side's sound and picture. Sound has an element of its own and is heard at once: a video element plays
// nothing, not even sound, before its first frame, and somebody without a camera never sends one. A new picture takes
// the old one's place when its first frame is there, and not before.

import { mark } from "../marks";
import { one } from "./page";

/** How long a new stream may take to show a frame before it replaces the old picture all the same, ms. */
const PATIENCE_MS = 5000;

export class FarPicture {
  private video: HTMLVideoElement;
  private frames = 0;
  private readonly sound = document.createElement("audio");

  constructor(
    private readonly root: ParentNode,
    label: string,
    /** Whether the browser wants a tap before anything is heard. */
    private readonly onSilenced: (silenced: boolean) => void,
  ) {
    this.video = one<HTMLVideoElement>("[data-far]", root);
    this.video.setAttribute("aria-label", label);
    this.video.muted = true; // its sound comes from the other element
    this.video.after(this.sound);
  }

  /** Whether a picture of the other side has come in. */
  get seen(): boolean {
    return this.video.videoWidth > 0;
  }

  /** Whether it has moved since this was asked last. */
  get moved(): boolean {
    const { totalVideoFrames } = this.video.getVideoPlaybackQuality();
    const moved = totalVideoFrames !== this.frames;
    this.frames = totalVideoFrames;
    return moved;
  }

  show(stream: MediaStream): void {
    this.sound.srcObject = new MediaStream(stream.getAudioTracks());
    const old = this.video;
    if (!old.srcObject) {
      old.srcObject = stream;
      old.addEventListener("loadeddata", () => mark("frame"), { once: true });
      return this.play();
    }
    const next = old.cloneNode() as HTMLVideoElement;
    next.muted = true;
    next.srcObject = stream;
    next.classList.add("coming");
    old.after(next);
    this.video = next;
    const swap = () => {
      clearTimeout(timer);
      old.srcObject = null;
      old.remove();
      next.classList.remove("coming");
    };
    const timer = setTimeout(swap, PATIENCE_MS);
    next.addEventListener("loadeddata", swap, { once: true });
    this.play();
  }

  /** Call it from a tap when the browser has refused to play by itself. */
  play(): void {
    void this.video.play().catch(() => undefined); // a muted picture may always play
    this.sound.play().then(
      () => this.onSilenced(false),
      (error: unknown) => this.onSilenced(error instanceof Error && error.name === "NotAllowedError"),
    );
  }

  /** Nothing is seen or heard any more. */
  clear(): void {
    for (const video of this.root.querySelectorAll<HTMLVideoElement>("[data-far]")) video.srcObject = null;
    this.sound.remove();
    this.sound.srcObject = null;
  }
}
