// The own screen, shared with the others: asked of the browser, sharp rather than smooth, over by this page or its own bar.

import { announce } from "../dom/announce";
import { choose, one, only, text } from "../dom/page";
import type { Further } from "../further";

export class Screen {
  private stream: MediaStream | undefined;
  private readonly button: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly further: Further,
  ) {
    this.button = one("[data-share-screen]", root);
    // Phones cannot; there is no button then. (The types say that every browser can.)
    this.button.hidden = !("getDisplayMedia" in navigator.mediaDevices);
    this.button.onclick = () => void (this.stream ? this.stop() : this.start());
    this.tell();
  }

  /** Nothing is shared any more. */
  end(): void {
    this.button.onclick = null;
    this.button.hidden = true;
    if (this.stream) this.stop();
  }

  private async start(): Promise<void> {
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 10 }, audio: false });
    } catch {
      return; // the person has changed their mind, or the system forbids it: it says so itself
    }
    for (const track of stream.getVideoTracks()) {
      track.contentHint = "detail";
      track.onended = () => this.stop();
    }
    this.stream = stream;
    this.further.share(stream, "screen");
    this.tell();
    announce(text("sharing"));
  }

  private stop(): void {
    const { stream } = this;
    if (!stream) return;
    this.stream = undefined;
    this.further.unshare(stream);
    for (const track of stream.getTracks()) track.stop();
    this.tell();
    announce(text("not-sharing"));
  }

  private tell(): void {
    choose("screen", this.stream ? "on" : "off", this.button);
    this.button.classList.toggle("off", this.stream !== undefined);
    only("sharing-screen", this.stream !== undefined, this.root);
  }
}
