// The other side's picture: a new stream takes the old one's place when its first frame is there, and not before.

import { one } from "./page";

/** How long a new stream may take to show a frame before it replaces the old picture all the same, ms. */
const PATIENCE_MS = 5000;

export class FarPicture {
  private video: HTMLVideoElement;

  constructor(
    private readonly root: ParentNode,
    label: string,
    /** Whether the browser wants a tap before anything is heard. */
    private readonly onSilenced: (silenced: boolean) => void,
  ) {
    this.video = one<HTMLVideoElement>("[data-far]", root);
    this.video.setAttribute("aria-label", label);
  }

  show(stream: MediaStream): void {
    const old = this.video;
    if (!old.srcObject) {
      old.srcObject = stream;
      return this.play();
    }
    const next = old.cloneNode() as HTMLVideoElement;
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
    this.video.play().then(
      () => this.onSilenced(false),
      (error: unknown) => this.onSilenced(error instanceof Error && error.name === "NotAllowedError"),
    );
  }

  /** Shows nothing any more. */
  clear(): void {
    for (const video of this.root.querySelectorAll<HTMLVideoElement>("[data-far]")) video.srcObject = null;
  }
}
