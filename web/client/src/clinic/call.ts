// The specialist's side of the line: one socket for the whole document, one call at a time on it.

import { again } from "../again";
import type { Camera } from "../dom/camera";
import type { Gathering } from "../dom/gathering";
import type { OwnSide } from "../dom/ownside";
import { one } from "../dom/page";
import {
  partner,
  type ClinicChange,
  type GuestChange,
  type PriorityChange,
  type RunningChange,
} from "../messages";
import type { Room, State } from "../room";
import type { Said } from "../saying";
import { askInstead } from "../dom/instead";
import { Signal, type Stopped } from "../signal";
import { ClinicRecording } from "./recording";
import type { Captions } from "./captions";
import { tokenOfPage, type Desk } from "./desk";
import { countWalkIns } from "./walkins";

export interface LineOptions {
  readonly camera: Camera;
  readonly onChange: (news: ClinicChange) => void;
  readonly onRunning: (state: RunningChange) => void;
  readonly onPriority: (news: PriorityChange) => void;
  /** The visit takes place at another time. */
  readonly onMoved: (visit: string) => void;
  readonly onGuest: (news: GuestChange) => void;
  /** Connected (again): what happened meanwhile was missed. */
  readonly onUp: () => void;
  /** Somebody is next in line and their call is being made ready, or nobody is any more. */
  readonly onNext: (visit: string | undefined) => void;
  readonly onStopped: (why: Stopped) => void;
  /** The call of this visit is over for everybody. */
  readonly onEnded: (visit: string) => void;
  /** Reads what was written in a visit. */
  readonly written: (visit: string) => Promise<readonly Said[]>;
}

export interface Other {
  readonly name: string;
  readonly phone: string;
  /** Whether it was known beforehand that no picture comes. */
  readonly soundOnly: boolean;
}

const LOAD_AFTER_MS = 500;
export const calling = () => import("./calling");

/** Reads a visit and what belongs to it. */
export const consultOf = (desk: Desk, visit: string) =>
  calling().then(({ Consult }) => Consult.read(desk, visit));

export class Line {
  /** Over once the first view stands and what comes next is loaded. */
  private readonly idle = new Promise<unknown>((over) =>
    setTimeout(() => over(calling().catch(() => undefined)), LOAD_AFTER_MS),
  );
  /** The own side of the call, once there was one. */
  own: OwnSide | undefined;
  private readonly signal = new Signal({ instead: askInstead(tokenOfPage) });
  /** What comes in from the others, by their ids. */
  private readonly far = new Map<string, MediaStream>();
  readonly recording = new ClinicRecording(
    this.signal,
    "/clinic-recording",
    () => one("#consult .call [data-sentence]"),
    { own: () => this.options.camera.tracks, far: this.far },
  );
  private others: Gathering | undefined;
  private captions: Captions | undefined;
  private talking: Promise<Captions> | undefined;
  private prepared: { readonly visit: string; readonly room: Room } | undefined;
  /** The visit whose call the server wants ready. */
  private wanted: string | undefined;
  private connectedBefore = false;
  /** Whether somebody else is in the call. */
  private company = false;
  /** The visit whose call is on. */
  visit = "";

  constructor(private readonly options: LineOptions) {
    this.signal.on("clinic", options.onChange);
    this.signal.on("running", options.onRunning);
    this.signal.on("priority", options.onPriority);
    this.signal.on("moved", ({ visit }) => options.onMoved(visit));
    this.signal.on("guest", options.onGuest);
    this.signal.on("prepare", ({ visit, on }) => void this.prepare(visit, on));
    this.signal.on("queue", countWalkIns);
    this.signal.on("up", () => {
      void this.signal.send("watch", {}).then(
        () => this.idle.then(countWalkIns),
        () => undefined,
      );
      if (this.connectedBefore) options.onUp();
      this.connectedBefore = true;
    });
    this.signal.on("stopped", options.onStopped);
    this.signal.open();
  }

  /** Goes into the call of a visit, which has been on for `passed` ms, out of any other one. */
  async call(visit: string, other: Other, passed: number): Promise<void> {
    if (this.visit === visit) return;
    await this.leave();
    const { CallScreen, Gathering, OwnSide, Room } = await calling();
    const root = one("#consult .call");
    const screen = new CallScreen(root, other);
    const ready = this.isReady(visit);
    const room = (ready && this.prepared?.room) || this.made(Room, visit);
    if (ready) this.prepared = undefined;
    this.visit = visit;
    this.others = new Gathering({ root, part: "/clinic-company", key: visit, peers: room.beside.peers });
    this.own ??= new OwnSide(this.options.camera);
    this.own.begin(room, screen, visit);
    room.enter();
    screen.begin(passed);
    this.own.tell();
    void this.keep(root, room, this.own);
  }

  /** What the first picture does not need comes after it. */
  private async keep(root: HTMLElement, room: Room, own: OwnSide): Promise<void> {
    const { Kept, Picker } = await calling();
    if (own.room !== room) return;
    own.keep(root, Kept);
    own.choose(root, Picker);
    const captions = await this.converse();
    if (own.room !== room || !captions) return;
    captions.live(this.visit, this.signal);
    captions.present(this.company);
    this.others?.parts();
    const wanted = () => own.room === room;
    const rest = await again(() => import("../beside/deskside"), wanted);
    if (wanted()) rest?.beside(room, root, this.options.camera, own, this.visit);
  }

  /** Another visit is on show: what was written in it, or in the call that is on. */
  async look(visit: string, over: boolean): Promise<void> {
    if (over || this.captions) await (await this.converse())?.look(visit, over);
  }

  /** The list of what was written; without it the call goes on. */
  private async converse(): Promise<Captions | undefined> {
    this.talking ??= calling().then(({ Captions }) => Captions.open(this.options.written));
    try {
      this.captions = await this.talking;
    } catch {
      this.talking = undefined;
    }
    return this.captions;
  }

  /** At the press on Admit: this side gets ready while the server is asked, if it is not ready already. */
  ready(visit: string): void {
    if (!this.visit && !this.isReady(visit)) void this.prepare(visit, true);
  }

  /** The visit could not be admitted. */
  async unready(): Promise<void> {
    const { prepared } = this;
    this.prepared = undefined;
    await prepared?.room.leave();
  }

  /** Leaves the call; the socket stays for the list. */
  async leave(): Promise<void> {
    const room = this.own?.room;
    this.end();
    await room?.leave();
  }

  /** Puts the call away without a word to anybody. */
  end(): void {
    this.captions?.quiet();
    this.recording.end();
    this.far.clear();
    this.others?.end();
    this.own?.end();
    this.visit = "";
  }

  private made(Made: typeof Room, visit: string): Room {
    return new Made({
      signal: this.signal,
      visit,
      offers: true,
      onState: (state) => this.state(visit, state),
      onRoster: (members, you) => {
        this.own?.screen?.seat(partner(members, you));
        this.company = members.length > 2;
        this.captions?.present(this.company);
        this.others?.seat(members, you);
      },
      onRemoteStream: (stream) => {
        this.far.set("p", stream);
        this.own?.screen?.far(stream);
      },
      onFurther: (id, stream) => {
        if (stream) this.far.set(id, stream);
        else this.far.delete(id);
        this.others?.show(id, stream);
      },
    });
  }

  private isReady(visit: string): boolean {
    return this.prepared?.visit === visit && this.prepared.room.usable;
  }

  /** The next in line: the connection is made now, so that a picture stands at once after Admit. */
  private async prepare(visit: string, on: boolean): Promise<void> {
    if (!on && this.wanted !== visit) return;
    this.wanted = on ? visit : undefined;
    this.prepared?.room.close();
    this.prepared = undefined;
    const { Room } = await calling();
    if (on && this.wanted === visit && !this.visit) {
      const room = this.made(Room, visit);
      this.prepared = { visit, room };
      room.prepare();
    }
    this.options.onNext(this.prepared?.visit);
  }

  private state(visit: string, state: State): void {
    if (this.visit !== visit) return;
    this.own?.screen?.state(state);
    if (state === "ended" || state === "refused") this.options.onEnded(visit);
  }
}
