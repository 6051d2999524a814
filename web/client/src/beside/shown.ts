// What others share, on the page: a screen or a second camera large in the stage, the faces small beside it.

import { announce } from "../dom/announce";
import { text } from "../dom/page";
import type { Shown } from "../further";

const KINDS = ["screen", "camera"];

export class ShownPictures {
  private readonly figures = new Map<MediaStream, HTMLElement>();

  constructor(
    private readonly stage: HTMLElement,
    /** The name of a member. */
    private readonly called: (id: string) => string,
  ) {}

  show(all: readonly Shown[]): void {
    const shown = all.filter(({ kind }) => KINDS.includes(kind));
    for (const [stream, figure] of this.figures) {
      if (shown.some((one) => one.stream === stream)) continue;
      this.figures.delete(stream);
      figure.remove();
      announce(text("shares-no-more", { name: figure.dataset["from"] ?? "" }));
    }
    for (const one of shown) if (!this.figures.has(one.stream)) this.add(one);
    this.stage.classList.toggle("sharing", this.figures.size > 0);
  }

  end(): void {
    for (const figure of this.figures.values()) figure.remove();
    this.figures.clear();
    this.stage.classList.remove("sharing");
  }

  private add({ kind, stream, from }: Shown): void {
    const name = this.called(from);
    const figure = document.createElement("figure");
    figure.className = "shared";
    figure.dataset["from"] = name;
    const video = document.createElement("video");
    video.muted = video.autoplay = video.playsInline = true;
    video.srcObject = stream;
    video.setAttribute("aria-label", text(`${kind}-of`, { name }));
    const caption = document.createElement("figcaption");
    caption.textContent = text(`shares-${kind}`, { name });
    figure.append(video, caption, this.larger(figure));
    this.figures.set(stream, figure);
    this.stage.prepend(figure);
    void video.play().catch(() => undefined); // muted pictures may always play
    announce(caption.textContent);
  }

  /** A small page shows little of a screen: it can fill all of it. */
  private larger(figure: HTMLElement): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button alt small";
    button.textContent = text("full-screen");
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", () => {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void figure.requestFullscreen().catch(() => undefined); // it stays as large as it is
    });
    return button;
  }
}
