// A guest's call on the page: the others' pictures, the own controls, and what is written.

import { CallScreen } from "../dom/callscreen";
import type { Camera } from "../dom/camera";
import { bring } from "../dom/fragment";
import type { Kept } from "../dom/kept";
import { Others } from "../dom/others";
import { one } from "../dom/page";
import type { Picker } from "../dom/picker";
import { show } from "../dom/view";
import { partner } from "../messages";
import { Room } from "../room";
import type { Signal } from "../signal";
import type { Talk } from "./talk";

/** Who comes in, and who is there. */
export interface Company {
  /** The guest's own id. */
  readonly id: string;
  readonly practitioner: string;
  readonly phone: string;
}

export class GuestCall {
  private readonly root = one('[data-view="call"]');
  private readonly others = new Others(this.root);
  private room: Room | undefined;
  private screen: CallScreen | undefined;
  private extras: Promise<void> | undefined;
  private kept: Kept | undefined;
  private picker: Picker | undefined;
  private talk: Talk | undefined;
  /** The own id in the call. */
  private you = "";

  constructor(private readonly camera: Camera) {}

  get on(): boolean {
    return this.room !== undefined;
  }

  /** Enters the room with what the camera has; harmless when in it already. */
  begin(signal: Signal, { id, practitioner, phone }: Company): void {
    if (this.room) return;
    const { camera, root } = this;
    const screen = new CallScreen(root, { name: practitioner, phone });
    const room = this.made(signal, screen);
    this.room = room;
    this.screen = screen;
    room.use(camera.tracks);
    room.enter();
    show("call"); // before anything is said of the call: a new view takes back what was said
    screen.begin();
    screen.hidden(!camera.tracks.video, false);
    camera.preview();
    void this.add(signal, id, room, screen);
  }

  mute(): void {
    const { room } = this;
    if (!room) return;
    room.mute(!room.muted);
    this.screen?.muted(room.muted);
    this.kept?.follow();
  }

  /** Hides the own picture or shows it; who came with sound only is asked for the camera now. */
  async hide(): Promise<void> {
    const { room, camera } = this;
    if (!room) return;
    if (camera.tracks.video) {
      room.hide(!room.hidden);
      this.screen?.hidden(room.hidden);
    } else if (await camera.addPicture()) {
      this.use();
      this.screen?.hidden(false);
    }
  }

  /** Sends what the camera has now: after turning or reopening it. */
  use(): void {
    this.room?.use(this.camera.tracks);
    this.kept?.follow();
  }

  /** "Tap to continue". */
  async resume(): Promise<void> {
    await this.kept?.resume();
  }

  hear(): void {
    this.screen?.hear();
  }

  async leave(): Promise<void> {
    await this.room?.leave();
  }

  /** Puts the call away. */
  end(): void {
    this.kept?.end();
    this.picker?.end();
    this.talk?.end();
    this.kept = this.picker = this.talk = undefined;
    this.you = "";
    this.screen?.end();
    this.others.end();
    this.room?.close();
    this.room = this.screen = undefined;
  }

  private made(signal: Signal, screen: CallScreen): Room {
    return new Room({
      signal,
      fastest: 15,
      onState: (state) => screen.state(state),
      onRoster: (members, you) => {
        screen.seat(partner(members, you));
        this.you = you;
        this.talk?.present(you, true);
        this.others.seat(members, you);
      },
      onRemoteStream: (stream) => screen.far(stream),
      onFurther: (id, stream) => this.others.show(id, stream),
    });
  }

  /** What the first picture does not need comes after it; without it there are fewer controls, and the call goes on. */
  private async add(signal: Signal, id: string, room: Room, screen: CallScreen): Promise<void> {
    const { root, camera } = this;
    this.extras ??= bring(`/g/in-call?lang=${document.documentElement.lang}`, one("[data-hang]", root));
    try {
      await this.extras;
    } catch {
      this.extras = undefined;
      return;
    }
    const [{ Kept }, { Picker }, { Talk }] = await Promise.all([
      import("../dom/kept"),
      import("../dom/picker"),
      import("./talk"),
    ]);
    if (this.room !== room) return;
    this.kept = new Kept(root, camera, room, screen);
    this.picker = new Picker(root, camera, () => this.use());
    this.talk = new Talk(root, signal, id, "caption");
    if (this.you) this.talk.present(this.you, true);
  }
}
