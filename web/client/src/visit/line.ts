// The patient's connection to the clinic: the socket of the waiting room, and the call on top of it.

import { one } from "../dom/page";
import { show } from "../dom/view";
import { askInstead } from "../dom/instead";
import { Poll } from "../poll";
import { Room } from "../room";
import { Signal, type Stopped } from "../signal";
import { dear, looked } from "../dom/thrift";
import { browserTriggers } from "../triggers";
import { CallScreen } from "../dom/callscreen";
import { bring } from "../dom/fragment";
import { Kept } from "../dom/kept";
import { Gathering } from "../dom/gathering";
import { OwnSide } from "../dom/ownside";
import { Recording } from "../dom/recording";
import type { Camera } from "../dom/camera";
import { partner, type Entered, type Place } from "../messages";
import { again } from "../again";
import type { Talk } from "./talk";

export interface LineOptions {
  readonly visit: string;
  /** The page's token for writes. */
  readonly csrf: () => string;
  readonly camera: Camera;
  readonly practitioner: string;
  readonly phone: string;
  /** The visit may have moved on: read it again. */
  readonly onNews: (status?: string) => void;
  /** Asks where the visit stands; answers whether the server did. */
  readonly onAsk: () => Promise<boolean>;
  /** The place in line is this now. */
  readonly onPlace: (place: Place) => void;
  readonly onLink: (up: boolean) => void;
  readonly onStopped: (why: Stopped) => void;
}

/** How long a socket may take before the visit is asked for instead. */
const SOCKET_PATIENCE_MS = 8000;
/** The first seconds of a call belong to its picture; what may stand beside it comes then. */
const REST_AFTER_MS = 3000;

const later = (): Promise<void> => new Promise((go) => setTimeout(go, REST_AFTER_MS));

export class Line {
  readonly own: OwnSide;
  private readonly signal: Signal;
  private readonly forget: () => void;
  private prepared: Room | undefined;
  private readonly recording: Recording;
  private others: Gathering | undefined;
  private extras: Promise<void> | undefined;
  private talk: Talk | undefined;
  /** The own id in the call. */
  private you = "";
  /** Whether somebody else is in the call. */
  private company = false;
  private broken = false;
  /** What came along with the news of being let in, while that is told. */
  private seat: Entered | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private readonly poll = new Poll({
    ask: () => this.ask(),
    visible: looked,
    dear,
  });

  constructor(private readonly options: LineOptions) {
    const { onNews, onLink, onStopped } = options;
    this.own = new OwnSide(options.camera);
    this.signal = new Signal({ visit: options.visit, instead: askInstead(options.csrf) });
    this.recording = new Recording(this.signal, `/v/recording?lang=${document.documentElement.lang}`, () =>
      one('[data-view="call"] [data-sentence]'),
    );
    this.signal.on("visit", ({ status, seat, ice = [] }) => {
      this.seat = seat && { ...seat, ice };
      onNews(status);
      this.seat = undefined; // good for going in at once
    });
    this.signal.on("place", (place) => options.onPlace(place));
    this.signal.on("message", () => onNews());
    this.signal.on("prepare", ({ on }) => this.prepare(on));
    this.signal.on("guest", async (news) => {
      await this.extras;
      (await import("./talk")).waits(news, (words) => this.own.screen?.remark(words));
    });
    this.signal.on("ended", () => onNews());
    this.signal.on("up", () => {
      clearTimeout(this.patience);
      this.poll.stop();
      onLink(true);
      // The server says by itself where the visit stands; after a break the place in line may be another one, too.
      if (this.broken) onNews();
    });
    this.signal.on("down", () => {
      this.broken = true;
      onLink(false);
      this.lose();
    });
    this.signal.on("stopped", (why) => {
      this.poll.stop();
      onStopped(why);
    });
    this.forget = browserTriggers((what) => {
      if (what === "hidden" || what === "visible") this.own.room?.away(what === "hidden");
      if (what !== "hidden") this.poll.hurry();
    });
  }

  /** Connects for the waiting room: news comes in from now on. */
  open(): void {
    if (!this.signal.up) this.lose();
    this.signal.open();
  }

  /** Where no socket comes through for a while, the visit is asked for over and over: the waiting room works all the same. */
  private lose(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.signal.stopped || this.poll.start(), SOCKET_PATIENCE_MS);
  }

  private async ask(): Promise<boolean> {
    const answered = !this.inCall && (await this.options.onAsk());
    if (!this.signal.up) this.options.onLink(answered);
    return answered;
  }

  /** Enters the room with what the camera has, in a call that began `passed` ms ago; harmless when in it already. */
  call(passed: number): void {
    if (this.inCall) return;
    const { practitioner, phone } = this.options;
    const root = one('[data-view="call"]');
    const screen = new CallScreen(root, { name: practitioner, phone });
    const room = this.prepared?.usable ? this.prepared : this.made();
    this.prepared = undefined;
    const part = `/v/company?lang=${document.documentElement.lang}`;
    const { visit: key } = this.options;
    this.others = new Gathering({ root, part, key, peers: room.beside.peers });
    this.own.begin(room, screen, key);
    room.enter(this.seat);
    show("call"); // before anything is said of the call: a new view takes back what was said
    screen.begin(passed);
    this.own.tell();
    this.own.keep(root, Kept);
    void this.add(root, room);
  }

  /** What the first picture does not need comes after it; without it there are fewer controls, and the call goes on. */
  private async add(root: HTMLElement, room: Room): Promise<void> {
    this.extras ??= bring(`/v/in-call?lang=${document.documentElement.lang}`, one("[data-hang]", root));
    try {
      await this.extras;
    } catch {
      this.extras = undefined;
      return;
    }
    if (this.own.room !== room) return;
    await later();
    const wanted = () => this.own.room === room;
    const talk = await again(() => import("./talk"), wanted);
    if (!talk || !wanted()) return;
    this.own.choose(root, talk.Picker);
    this.talk = new talk.Talk(root, this.signal, this.options.visit);
    if (this.you) this.talk.present(this.you, this.company);
    this.others?.parts();
    const rest = await again(() => import("../beside/bedside"), wanted);
    if (wanted()) rest?.beside(room, root, this.options.camera, this.own);
  }

  get inCall(): boolean {
    return this.own.room !== undefined;
  }

  /** Leaves the call; the socket stays for news. */
  async leave(): Promise<void> {
    const { room } = this.own;
    this.end();
    await room?.leave();
  }

  /** Puts the call away, e.g. because the visit has ended. */
  end(): void {
    this.talk?.end();
    this.talk = undefined;
    this.you = "";
    this.others?.end();
    this.recording.end();
    this.own.end();
  }

  close(): void {
    this.prepare(false);
    this.end();
    clearTimeout(this.patience);
    this.poll.stop();
    this.forget();
    this.signal.close();
  }

  private made(): Room {
    return new Room({
      signal: this.signal,
      fastest: 15,
      onState: (state) => {
        this.own.screen?.state(state);
        if (state === "refused" || state === "ended") this.options.onNews();
      },
      onRoster: (members, you) => {
        this.own.screen?.seat(partner(members, you));
        this.you = you;
        this.company = members.length > 2;
        this.talk?.present(you, this.company);
        this.others?.seat(members, you);
      },
      onRemoteStream: (stream) => this.own.screen?.far(stream),
      onFurther: (id, stream) => this.others?.show(id, stream),
    });
  }

  /** The next in line: the connection is made now, so that a picture stands as soon as the doctor is ready. */
  private prepare(on: boolean): void {
    this.prepared?.close();
    this.prepared = undefined;
    if (!on || this.inCall) return;
    this.prepared = this.made();
    this.prepared.prepare();
  }
}
