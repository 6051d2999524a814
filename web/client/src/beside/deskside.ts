// What a call has beside face and voice on the specialist's page: a control of its own, and the rest under the picture.

import type { Camera } from "../dom/camera";
import type { OwnSide } from "../dom/ownside";
import { one } from "../dom/page";
import type { Room } from "../room";
import { tokenOfPage } from "../clinic/desk";
import { frame } from "./pictures";
import { Beside } from "./beside";
import { keepFile } from "./keeping";

/** Opens it for the call of a visit, until that is over: while it is on, another visit may be on show. */
export function beside(room: Room, root: HTMLElement, camera: Camera, own: OwnSide, visit: string): void {
  const page = one("#consult");
  const before = one(".stage-box + *", page);
  const exchange = {
    mine: false,
    still: () => frame(one<HTMLVideoElement>(".shared video, [data-far]", root)),
    keep: (file: Blob) => keepFile(visit, file, tokenOfPage()),
  };
  void Beside.open({ room, root, page, camera, own, address: "/clinic-beside", before, exchange });
}
