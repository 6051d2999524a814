// The check of a phone or computer: camera, microphone, sound, and the line. Nothing is recorded. For a visit, by its own
// page or with the secret of its link behind the #, what the check finds is kept, and the clinic sees it.

import type { Keeper } from "../check/showing";
import { MediaRefused } from "../devices";
import { Camera } from "../dom/camera";
import { actions, all, one, only } from "../dom/page";
import { show } from "../dom/view";
import { testSound } from "../tones";

const NOBODYS = "/line-checks";

const camera = new Camera();
let running = false;

/** Where what is found goes: a link's secret stays behind the #, as on the page of the visit itself. */
function keeper(): Keeper {
  const { keep = "", token = "" } = one('[data-view="check"]').dataset;
  const secret = location.hash.slice(1);
  if (token) return { path: keep, csrf: token };
  return keep && secret.length > 40 ? { path: keep, more: { token: secret } } : { path: NOBODYS };
}

async function line(): Promise<void> {
  if (running) return;
  running = true;
  try {
    const { checkLine } = await import("../check/showing");
    const { audio, video } = camera.tracks;
    const to = keeper();
    const advice = await checkLine({ camera: video !== null, microphone: audio !== null }, to);
    only("kept", advice !== undefined && to.path !== NOBODYS);
  } finally {
    running = false;
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
for (const link of all<HTMLAnchorElement>("[data-language]")) link.hash = location.hash;
actions({
  both: () => check(true),
  sound: () => check(false),
  again: () => check(camera.picture),
  flip: () => camera.flip(),
  "test-sound": () => testSound(),
});
