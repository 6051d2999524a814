// The own side of a call on the page, the same for patient, guest and specialist: what is sent, and its controls.

import { mark } from "../marks";
import type { Room } from "../room";
import type { CallScreen } from "./callscreen";
import type { Camera } from "./camera";
import type { Kept } from "./kept";
import type { Picker } from "./picker";
import { recallOff, rememberOff } from "./turnedoff";

export class OwnSide {
  room: Room | undefined;
  screen: CallScreen | undefined;
  /** By what the tab remembers what is off: the visit, or the guest. */
  key = "";
  private kept: Kept | undefined;
  private picker: Picker | undefined;

  constructor(private readonly camera: Camera) {}

  /** A call begins: what the camera has is sent as soon as the room is entered, but for what was turned off before. */
  begin(room: Room, screen: CallScreen, key: string): void {
    this.room = room;
    this.screen = screen;
    this.key = key;
    mark("enter");
    screen.begun = () => room.begun;
    const off = recallOff(key);
    if (off.includes("audio")) room.mute(true);
    if (off.includes("video")) room.hide(true);
    room.use(this.camera.tracks);
  }

  /** The call is on the page: its controls show what is on, and what was off before a reload is said. */
  tell(): void {
    const { room, screen, camera } = this;
    if (!room || !screen) return;
    screen.muted(room.muted, false);
    screen.hidden(room.hidden || !camera.tracks.video, false);
    const off = [...(room.muted ? ["muted"] : []), ...(room.hidden ? ["hidden"] : [])];
    if (off.length) screen.note(...off);
  }

  /** Watches over camera and microphone from now on. */
  keep(root: HTMLElement, Watch: typeof Kept): void {
    if (this.room && this.screen) this.kept = new Watch(root, this.camera, this.room, this.screen);
  }

  /** Lets camera, microphone and speaker be chosen from now on. */
  choose(root: HTMLElement, Choice: typeof Picker): void {
    this.picker = new Choice(root, this.camera, () => this.use());
  }

  /** Whether there is a camera to hide. */
  get pictured(): boolean {
    return this.camera.tracks.video !== null;
  }

  mute(): void {
    const { room } = this;
    if (!room) return;
    room.mute(!room.muted);
    this.screen?.muted(room.muted);
    this.kept?.follow();
    this.remember(room);
  }

  /** Hides the own picture or shows it; who came with sound only is asked for the camera now. */
  async hide(): Promise<void> {
    const { room, camera } = this;
    if (!room) return;
    if (camera.tracks.video) {
      room.hide(!room.hidden);
      this.screen?.hidden(room.hidden);
    } else if (await camera.addPicture()) {
      room.hide(false);
      this.use();
      this.screen?.hidden(false);
    }
    this.remember(room);
  }

  /** Sends what the camera has now: after turning or reopening it. */
  use(): void {
    this.room?.use(this.camera.tracks);
    this.kept?.follow();
  }

  /** "Tap to continue", after an interruption. */
  async resume(): Promise<void> {
    await this.kept?.resume();
  }

  /** "Turn picture on", although the line was too slow for it. */
  brighten(): void {
    this.room?.brighten();
  }

  hear(): void {
    this.screen?.hear();
  }

  /** Puts the call away without a word to anybody. */
  end(): void {
    this.kept?.end();
    this.picker?.end();
    this.screen?.end();
    this.room?.close();
    this.kept = this.picker = this.screen = this.room = undefined;
  }

  private remember({ muted, hidden }: Room): void {
    rememberOff(this.key, muted, hidden);
  }
}
