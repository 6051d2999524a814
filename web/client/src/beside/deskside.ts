// What a call has beside face and voice on the specialist's page: a control of its own, and the rest under the picture.

import type { Camera } from "../dom/camera";
import { one } from "../dom/page";
import type { Room } from "../room";
import { Beside } from "./beside";

/** Opens it for a call, until that is over. */
export function beside(room: Room, root: HTMLElement, camera: Camera): void {
  const page = one("#consult");
  const before = one(".stage-box + *", page);
  void Beside.open({ room, root, page, camera, address: "/clinic-beside", before });
}
