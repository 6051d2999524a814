// The check of the line on the visit's own page, on a press: what it finds is kept with the visit.

import { bring } from "../dom/fragment";
import { all, choose, one } from "../dom/page";
import type { MyVisit } from "../visit/mine";
import type { Host } from "../visit/sideways";
import { checkLine } from "./showing";

let running = false;

export async function testLine({ camera, mine }: Pick<Host, "camera" | "mine">): Promise<void> {
  if (running) return;
  running = true;
  try {
    const button = one("[data-do=test-line]");
    if (!all("[data-line-check]").length) {
      await bring(`/line-check?lang=${document.documentElement.lang}`, button);
    }
    // What the pages' own loading has shown is nothing beside a measure.
    choose("reach", "");
    const { audio, video } = camera.tracks;
    const { csrf } = mine.now as MyVisit;
    const devices = { camera: video !== null, microphone: audio !== null };
    await checkLine(devices, { path: `/my/${mine.visit}/line-check`, csrf });
    await mine.read();
  } finally {
    running = false;
  }
}
