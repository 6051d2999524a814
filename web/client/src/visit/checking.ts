// What the check says of the line, and its way to go on by sound; comes with the code of the way onward.

import { choose, one, only } from "../dom/page";
import { toHeading } from "../dom/view";
import { reach, type Loaded } from "../reach";
import type { Host } from "./sideways";

export class Checking {
  constructor(private readonly host: Host) {
    const [said, offered] = one("[data-check-more]").children as unknown as [HTMLElement, HTMLElement];
    const onward = one('[data-view="check"] [data-do="wait"]');
    onward.before(said);
    onward.after(offered);
    for (const change of ["online", "offline"]) addEventListener(change, () => this.say());
    this.offer();
    this.say();
  }

  /** "Sound only": the camera's light goes out, and the clinic is told. */
  bySound(): void {
    const { camera } = this.host;
    // The microphone stays open: asking for it anew might bring up the browser's question again.
    const { current } = camera.devices;
    for (const track of current?.getVideoTracks() ?? []) {
      track.stop();
      current?.removeTrack(track);
    }
    camera.picture = false;
    camera.preview();
    this.begin();
  }

  /** The check once more, with what is open now; the pressed button may be gone. */
  begin(): void {
    this.host.showCheck();
    this.say();
    toHeading("check");
  }

  /** The part came after the picture. */
  private offer(): void {
    const { devices, tracks } = this.host.camera;
    const seen = tracks.video !== null;
    only("picture", seen);
    only("sound", !seen);
    void devices.cameras().then((count) => only("cameras", seen && count > 1));
  }

  private say(): void {
    const loaded = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
    choose("reach", navigator.onLine ? reach(loaded as unknown as Loaded[]) : "none");
  }
}
