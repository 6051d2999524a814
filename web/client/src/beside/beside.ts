// All that a call may have beside face and voice, on the page of either side: what the others share, and the own screen,
// second camera and body sound. Comes when the call is on; its part of the page comes with it.

import type { Camera } from "../dom/camera";
import type { OwnSide } from "../dom/ownside";
import { one } from "../dom/page";
import { Further, type Shown } from "../further";
import type { Room } from "../room";
import type { Side } from "../side";
import { BodySound } from "./bodysound";
import { Exchange, type ExchangeOptions } from "./exchange";
import { LineWords } from "./linewords";
import { bringParts } from "./parts";
import { PhotoAsked, PhotoAsking } from "./photo";
import { Screen } from "./screen";
import { Sealed } from "./sealed";
import { Second } from "./second";
import { ShownPictures } from "./shown";
import { SoundOnly } from "./soundonly";
import { Vouching } from "./vouching";

export interface Place {
  /** The call on the page. */
  readonly root: HTMLElement;
  /** All that belongs to it, e.g. what stands under the picture. */
  readonly page: HTMLElement;
  readonly room: Room;
  /** Where the part of the page comes from, and before what it goes. */
  readonly address: string;
  /** What this side does with pictures and documents. */
  readonly exchange: Pick<ExchangeOptions, "still" | "mine" | "keep">;
  readonly before: HTMLElement;
  /** The devices of face and voice, and what is sent of them. */
  readonly camera: Camera;
  readonly own: OwnSide;
}

interface Part {
  end(): void;
}

export class Beside {
  private readonly parts: Part[] = [];
  private readonly unwatch: () => void;

  private constructor({ root, page, room, camera, own, exchange }: Place) {
    const further = Further.of(room);
    const called = (id: string) => room.seats.find((one) => one.id === id)?.name ?? "";
    const shows: (Part & { show(shown: readonly Shown[]): void })[] = [];
    shows.push(new ShownPictures(one(".stage", root), called));
    // Whoever listens; beside the body itself its sound would be heard again and again.
    if (page.querySelector("[data-body-volume]")) shows.push(new BodySound(page));
    this.parts.push(...shows, ...this.photos(page, further.side(), { root, page, ...exchange }));
    if (root.querySelector("[data-share-screen]")) this.parts.push(new Screen(root, further));
    const used = (kind: string) => () => {
      const track = camera.devices.current?.getTracks().find((one) => one.kind === kind);
      return track?.getSettings().deviceId;
    };
    if (root.querySelector('[name="camera-device"]')) {
      this.parts.push(new Second(root, further, "camera", used("video")));
      this.parts.push(new Second(root, further, "body", used("audio")));
    }
    this.parts.push(new Vouching(root, room, further), new Sealed(page, room, further));
    this.parts.push(new SoundOnly(root, room, further, own), new LineWords(root, room));
    this.unwatch = further.watch((shown) => {
      for (const each of shows) each.show(shown);
    });
  }

  /** Pictures and documents, and the one photo that is asked for. */
  private photos(page: HTMLElement, side: Side, given: Omit<ExchangeOptions, "side">): Part[] {
    if (given.mine) {
      const exchange = new Exchange({ side, ...given });
      return [exchange, new PhotoAsked(given.root, side, () => exchange.take())];
    }
    const asking = new PhotoAsking(page, side);
    return [new Exchange({ side, onComing: () => asking.came(), ...given }), asking];
  }

  /** Opens it once its part of the page has come, until the call is over; without it the call goes on. */
  static async open(place: Place): Promise<void> {
    const { address, before, root, room } = place;
    const came = await bringParts(address, before, root).then(
      () => true,
      () => false,
    );
    if (!came || !room.usable) return;
    const beside = new Beside(place);
    room.ends.push(() => beside.end());
  }

  private end(): void {
    this.unwatch();
    for (const part of this.parts.splice(0)) part.end();
  }
}
