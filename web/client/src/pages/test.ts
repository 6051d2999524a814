// The check of a phone: camera, microphone, sound, and how fast the server answers. Nothing is recorded or sent.

import { MediaRefused } from "../devices";
import { actions, choose } from "../dom/page";
import { show } from "../dom/view";
import { testSound } from "../tones";
import { Camera } from "../dom/camera";

const ROUNDS = 4;
/** A page of this site within this time, ms: the line is fit for a picture. */
const FAST_MS = 800;

const camera = new Camera();

async function line(): Promise<void> {
  choose("reach", "");
  try {
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      const start = performance.now();
      await fetch("/health/live", { cache: "no-store" });
      times.push(performance.now() - start);
    }
    choose("reach", Math.min(...times) < FAST_MS ? "good" : "slow");
  } catch {
    choose("reach", "none");
  }
}

async function check(picture: boolean): Promise<void> {
  const opened = await camera.open(picture);
  if (opened instanceof MediaRefused) return show("fix");
  show("check");
  camera.listen();
  await line();
}

document.documentElement.dataset["at"] = "start";
actions({
  both: () => check(true),
  sound: () => check(false),
  again: () => check(camera.picture),
  flip: () => camera.flip(),
  "test-sound": () => testSound(),
});
