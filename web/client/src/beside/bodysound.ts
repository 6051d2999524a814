// The sounds of a body, as a listener hears them: apart from the voices, as loud as wanted, through the headphones chosen.

import { announce } from "../dom/announce";
import { one, only, text } from "../dom/page";
import type { Shown } from "../further";
import { meter } from "../meter";

type Player = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

export class BodySound {
  private readonly sound: Player = document.createElement("audio");
  private readonly speaker: HTMLSelectElement;
  private stream: MediaStream | undefined;
  private still: (() => void) | undefined;

  constructor(private readonly root: HTMLElement) {
    const volume = one<HTMLInputElement>("[data-body-volume]", root);
    volume.oninput = () => (this.sound.volume = Number(volume.value));
    this.speaker = one<HTMLSelectElement>("[data-body-speaker]", root);
    this.speaker.onchange = () => void this.choose();
  }

  show(shown: readonly Shown[]): void {
    const stream = shown.find(({ kind }) => kind === "body")?.stream;
    if (stream === this.stream) return;
    this.end();
    this.stream = stream;
    only("body-sound", stream !== undefined, this.root);
    if (!stream) return;
    this.sound.srcObject = stream;
    void this.sound.play().catch(() => undefined); // a call was pressed into: sound may play
    const bar = one<HTMLMeterElement>("[data-body-level]", this.root);
    this.still = meter(stream, (level) => (bar.value = level));
    announce(text("hears-body"));
    void this.fill();
  }

  end(): void {
    this.still?.();
    this.still = undefined;
    this.stream = undefined;
    this.sound.srcObject = null;
    only("body-sound", false, this.root);
  }

  /** Not every browser lets anybody choose where one hears. */
  private async fill(): Promise<void> {
    const known = await navigator.mediaDevices.enumerateDevices();
    const outputs = known.filter(({ kind, deviceId }) => kind === "audiooutput" && deviceId);
    const { value } = this.speaker;
    this.speaker.replaceChildren(
      ...outputs.map(({ deviceId, label }) => new Option(label, deviceId, false, deviceId === value)),
    );
    only("body-speaker", outputs.length > 1 && "setSinkId" in this.sound, this.root);
  }

  private async choose(): Promise<void> {
    await this.sound.setSinkId?.(this.speaker.value).catch(() => undefined); // it goes on where it was
  }
}
