// "More" in a call: which camera, microphone and loudspeaker. It offers a choice only where there is one.

import { Choices, type DeviceKind } from "../choice";
import { announce } from "./announce";
import type { Camera } from "./camera";
import { all, one, only, text } from "./page";

export class Picker {
  private readonly dialog: HTMLDialogElement;
  private readonly selects: readonly HTMLSelectElement[];
  private readonly choices: Choices;
  private readonly over = new AbortController();

  constructor(
    private readonly root: HTMLElement,
    private readonly camera: Camera,
    /** Other tracks are open now. */
    private readonly chosen: () => void,
  ) {
    const { mediaDevices } = navigator;
    const { signal } = this.over;
    this.choices = new Choices(camera.devices, mediaDevices, one<HTMLAudioElement>("audio", root));
    this.dialog = one<HTMLDialogElement>("dialog[data-more]", root);
    this.selects = all<HTMLSelectElement>("select", this.dialog);
    for (const button of all("[data-open-more]", root)) {
      button.addEventListener("click", () => void this.open(button.dataset["openMore"] ?? ""), { signal });
    }
    for (const select of this.selects) {
      select.addEventListener("change", () => void this.pick(select), { signal });
    }
    mediaDevices.addEventListener("devicechange", () => void this.fill(), { signal });
    void this.fill();
  }

  end(): void {
    this.over.abort();
    this.dialog.close();
  }

  /** Shows the choices, beginning with the one that was asked for. */
  private async open(first: string): Promise<void> {
    await this.fill();
    this.dialog.showModal();
    this.selects.find((select) => select.name === first)?.focus();
  }

  private async fill(): Promise<void> {
    only("pick-failed", false, this.root);
    let some = false;
    for (const select of this.selects) {
      const choices = await this.choices.list(select.name as DeviceKind);
      select.replaceChildren(
        ...choices.map(({ id, label, chosen }) => new Option(label, id, chosen, chosen)),
      );
      only(select.name, choices.length > 0, this.root);
      some ||= choices.length > 0;
    }
    only("no-choice", !some, this.root);
  }

  private async pick(select: HTMLSelectElement): Promise<void> {
    const worked = await this.choices.choose(select.name as DeviceKind, select.value);
    this.camera.preview();
    this.chosen();
    if (worked) return announce(text("picked", { name: select.selectedOptions[0]?.label ?? "" }));
    await this.fill();
    only("pick-failed", true, this.root);
  }
}
