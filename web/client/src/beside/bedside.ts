// What a call has beside face and voice on the page of a patient or a guest: its choices stand in "More".

import type { Camera } from "../dom/camera";
import type { OwnSide } from "../dom/ownside";
import { one } from "../dom/page";
import type { Room } from "../room";
import { still } from "./pictures";
import { Beside } from "./beside";

/** Opens it for a call, until that is over. */
export function beside(room: Room, root: HTMLElement, camera: Camera, own: OwnSide): void {
  const address = `/v/beside?lang=${document.documentElement.lang}`;
  const before = one("dialog[data-more] .sizes", root);
  const seen = () => still(one<HTMLVideoElement>("[data-own]", root), camera.tracks.video ?? undefined);
  void Beside.open({
    room,
    root,
    page: root,
    camera,
    own,
    address,
    before,
    exchange: { still: seen, mine: true },
  });
}
