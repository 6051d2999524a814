// The patient's connection to the clinic: the socket of the waiting room, and the call on top of it. Loaded when idle.

import { one } from "../dom/page";
import { show } from "../dom/view";
import { Room } from "../room";
import { Signal, type Stopped } from "../signal";
import { CallScreen } from "../dom/callscreen";
import type { Camera } from "../dom/camera";

export interface LineOptions {
  readonly visit: string;
  readonly camera: Camera;
  readonly practitioner: string;
  readonly phone: string;
  /** The visit may have moved on: read it again. */
  readonly onNews: (status?: string) => void;
  readonly onLink: (up: boolean) => void;
  readonly onStopped: (why: Stopped) => void;
}

export class Line {
  private readonly signal: Signal;
  private room: Room | undefined;
  private prepared: Room | undefined;
  private screen: CallScreen | undefined;
  private broken = false;

  constructor(private readonly options: LineOptions) {
    const { onNews, onLink, onStopped } = options;
    this.signal = new Signal({ visit: options.visit });
    this.signal.on("visit", ({ status }) => onNews(status));
    this.signal.on("prepare", ({ on }) => this.prepare(on));
    this.signal.on("ended", () => onNews());
    this.signal.on("up", () => {
      onLink(true);
      // The server says by itself where the visit stands; after a break the place in line may be another one, too.
      if (this.broken) onNews();
    });
    this.signal.on("down", () => {
      this.broken = true;
      onLink(false);
    });
    this.signal.on("stopped", onStopped);
  }

  /** Connects for the waiting room: news comes in from now on. */
  open(): void {
    this.signal.open();
  }

  /** Enters the room with what the camera has; harmless when in it already. */
  call(): void {
    if (this.room) return;
    const { camera, practitioner, phone } = this.options;
    const screen = new CallScreen(one('[data-view="call"]'), { name: practitioner, phone });
    const room = this.prepared?.usable ? this.prepared : this.made();
    this.prepared = undefined;
    this.screen = screen;
    this.room = room;
    room.use(camera.tracks);
    room.enter();
    screen.begin();
    screen.hidden(!camera.tracks.video, false);
    show("call");
  }

  get inCall(): boolean {
    return this.room !== undefined;
  }

  mute(): void {
    const { room } = this;
    if (!room) return;
    room.mute(!room.muted);
    this.screen?.muted(room.muted);
  }

  /** Hides the own picture or shows it; who came with sound only is asked for the camera now. */
  async hide(): Promise<void> {
    const { room } = this;
    const { camera } = this.options;
    if (!room) return;
    if (camera.tracks.video) {
      room.hide(!room.hidden);
      this.screen?.hidden(room.hidden);
    } else if (await camera.addPicture()) {
      room.use(camera.tracks);
      this.screen?.hidden(false);
    }
  }

  /** Sends what the camera has now: after turning or reopening it. */
  use(): void {
    this.room?.use(this.options.camera.tracks);
  }

  hear(): void {
    this.screen?.hear();
  }

  /** Leaves the call; the socket stays for news. */
  async leave(): Promise<void> {
    const { room } = this;
    this.end();
    await room?.leave();
  }

  /** Puts the call away, e.g. because the visit has ended. */
  end(): void {
    this.screen?.end();
    this.room?.close();
    this.screen = undefined;
    this.room = undefined;
  }

  close(): void {
    this.prepare(false);
    this.end();
    this.signal.close();
  }

  private made(): Room {
    return new Room({
      signal: this.signal,
      onState: (state) => {
        this.screen?.state(state);
        if (state === "refused" || state === "ended") this.options.onNews();
      },
      onRoster: (members, you) => this.screen?.seat(members.find((one) => one.id !== you)),
      onRemoteStream: (stream) => this.screen?.far(stream),
    });
  }

  /** The next in line: the connection is made now, so that a picture stands as soon as the doctor is ready. */
  private prepare(on: boolean): void {
    this.prepared?.close();
    this.prepared = undefined;
    if (!on || this.room) return;
    this.prepared = this.made();
    this.prepared.prepare();
  }
}
