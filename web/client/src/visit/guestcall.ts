// A guest's call on the page: the others' pictures, the own controls, and what is written.

import { CallScreen } from "../dom/callscreen";
import type { Camera } from "../dom/camera";
import { bring } from "../dom/fragment";
import { Gathering } from "../dom/gathering";
import { OwnSide } from "../dom/ownside";
import { one } from "../dom/page";
import { Recording } from "../dom/recording";
import { show } from "../dom/view";
import { partner } from "../messages";
import { Room } from "../room";
import { again } from "../again";
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
  private others: Gathering | undefined;
  readonly own: OwnSide;
  private extras: Promise<void> | undefined;
  private talk: Talk | undefined;
  private recording: Recording | undefined;
  /** The own id in the call. */
  private you = "";

  constructor(private readonly camera: Camera) {
    this.own = new OwnSide(camera);
  }

  get on(): boolean {
    return this.own.room !== undefined;
  }

  /** Enters the room with what the camera has; harmless when in it already. */
  begin(signal: Signal, { id, practitioner, phone }: Company): void {
    if (this.on) return;
    const { camera, root } = this;
    const screen = new CallScreen(root, { name: practitioner, phone });
    this.recording ??= new Recording(signal, `/v/recording?lang=${document.documentElement.lang}`, () =>
      one("[data-sentence]", root),
    );
    const room = this.made(signal, screen);
    const part = `/v/company?lang=${document.documentElement.lang}`;
    this.others = new Gathering({ root, part, key: id, peers: room.beside.peers });
    this.own.begin(room, screen, id);
    room.enter();
    show("call"); // before anything is said of the call: a new view takes back what was said
    screen.begin();
    this.own.tell();
    camera.preview();
    void this.add(signal, id, room);
  }

  async leave(): Promise<void> {
    await this.own.room?.leave();
  }

  /** Puts the call away. */
  end(): void {
    this.talk?.end();
    this.talk = undefined;
    this.you = "";
    this.others?.end();
    this.recording?.end();
    this.own.end();
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
        this.others?.seat(members, you);
      },
      onRemoteStream: (stream) => screen.far(stream),
      onFurther: (id, stream) => this.others?.show(id, stream),
    });
  }

  /** What the first picture does not need comes after it; without it there are fewer controls, and the call goes on. */
  private async add(signal: Signal, id: string, room: Room): Promise<void> {
    const { root, own } = this;
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
    if (own.room !== room) return;
    own.keep(root, Kept);
    own.choose(root, Picker);
    this.talk = new Talk(root, signal, id, "caption");
    if (this.you) this.talk.present(this.you, true);
    this.others?.parts();
    const wanted = () => own.room === room;
    const rest = await again(() => import("../beside/bedside"), wanted);
    if (wanted()) rest?.beside(room, root, this.camera, own);
  }
}
