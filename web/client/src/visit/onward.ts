// The patient's way from the waiting room on: line → call → after. Code and views come while the person looks at the
// picture of the check. The server knows the place; this only goes there.

import { Problem } from "../api";
import { MediaRefused } from "../devices";
import { ring } from "../dom/chime";
import { actions, choose, one, only, text } from "../dom/page";
import { loadCallStyle } from "../dom/style";
import { current, show } from "../dom/view";
import { keepOffline } from "../offline";
import type { Stopped } from "../signal";
import { testSound } from "../tones";
import { after } from "./after";
import { Checking } from "./checking";
import type { Inviting } from "./inviting";
import { Line } from "./line";
import { recall, remember } from "./memory";
import { inLine, OVER, type MyVisit } from "./mine";
import type { Host } from "./sideways";
import { Waiting } from "./waiting";

/** How often the place in line is asked for when nothing else happens, ms: waiting may cost 1 KB a minute, an answer costs 2. */
const LOOK_AGAIN_MS = 180_000;

export class Onward {
  /** None before the first wish for it, and after stepping out. */
  private open: Line | undefined;
  /** When the call was left on purpose; 0 while it was not. */
  private left: number;
  private inviting: Promise<Inviting> | undefined;
  private readonly checking: Checking;
  private readonly title = document.title;

  constructor(private readonly host: Host) {
    const { mine } = host;
    this.left = recall("left", mine.visit);
    loadCallStyle();
    keepOffline();
    const room = new Waiting();
    mine.watch((now) => room.show(now));
    // The call then begins with what measures its line, and there is time for it now.
    mine.watch(({ check }) => check?.plan === "sound" && void import("../gauge").catch(() => undefined));
    mine.show();
    this.checking = new Checking(host);
    setInterval(() => this.lookAgain(), LOOK_AGAIN_MS);
    this.buttons();
  }

  /** Goes where the visit stands. */
  async follow(now: MyVisit): Promise<void> {
    if (OVER.includes(now.status)) return this.after(0);
    if (this.left) return this.after(this.left);
    if (now.status === "cancelled") return this.host.closed(now.status);
    if (now.call_on) return this.phoned(now);
    const asking = now.hold === "asking";
    if (now.status === "in-progress" && !asking) return this.called();
    const { camera, pressing } = this.host;
    if (!inLine(now) || (current() === "check" && !pressing)) return;
    camera.preview();
    only("ready", camera.live);
    only("unready", !camera.live);
    show(asking ? "pending" : "wait");
    this.line.open();
  }

  /** "Play a test sound"; whoever goes on meanwhile need not hear it out. */
  async testSound(): Promise<void> {
    void testSound();
  }

  /** "Check my camera again", and a picture after all: the place in line is kept. */
  async check(): Promise<void> {
    const { camera } = this.host;
    const opened = await camera.open(true);
    if (opened instanceof MediaRefused) return this.host.refused(opened);
    this.checking.begin();
  }

  async stepOut(): Promise<void> {
    await this.host.mine.post("step-out");
    this.open?.close();
    this.open = undefined;
    this.host.camera.devices.stop();
    show("away");
  }

  /** Sends what the camera has now, e.g. after turning it. */
  use(): void {
    this.open?.own.use();
  }

  private buttons(): void {
    const { host } = this;
    const leaving = one<HTMLDialogElement>("[data-leave]");
    const join = () => host.act(() => this.joinCall());
    actions({
      "text-me": () => host.act(() => host.mine.post("text-me", { wanted: true })),
      "no-text": () => host.act(() => host.mine.post("text-me", { wanted: false })),
      "sound-only": () => host.act(async () => this.checking.bySound()),
      "test-line": () => import("../check/own").then(({ testLine }) => testLine(host)),
      invite: () => host.act(() => this.invite()),
      join,
      return: join,
      mute: () => this.line.own.mute(),
      hide: () => this.line.own.hide(),
      continue: () => this.line.own.resume(),
      hear: () => this.line.own.hear(),
      brighten: () => this.line.own.brighten(),
      leave: () => leaving.showModal(),
      stay: () => leaving.close(),
      "really-leave": () => {
        leaving.close();
        return this.leave();
      },
    });
  }

  /** "Invite someone"; where the call began before the form came, it waits for the next press. */
  private async invite(): Promise<void> {
    const from = current();
    const { Inviting } = await import("./inviting");
    this.inviting ??= Inviting.load(this.host.mine);
    this.inviting.catch(() => (this.inviting = undefined));
    const inviting = await this.inviting;
    if (current() === from) inviting.open();
  }

  private get line(): Line {
    const { camera, mine } = this.host;
    const { visit, practitioner, phone } = mine.now as MyVisit;
    this.open ??= new Line({
      visit,
      csrf: () => (mine.now as MyVisit).csrf,
      camera,
      practitioner,
      phone,
      onNews: (status) => void this.news(status),
      onAsk: () => this.news(),
      onPlace: (place) => mine.placed(place),
      onLink: (up) => only("offline", !up),
      onStopped: (why) => this.stopped(why),
    });
    return this.open;
  }

  /** "Join now". */
  private async joinCall(): Promise<void> {
    const { camera, mine } = this.host;
    this.remember(0);
    if (!camera.live) {
      const opened = await camera.open(camera.picture);
      if (opened instanceof MediaRefused) return this.host.refused(opened);
      void mine.device(camera.word);
    }
    this.enterCall();
  }

  /** "Yes, leave the visit". */
  private async leave(): Promise<void> {
    this.remember(Date.now());
    await this.open?.leave();
    this.host.camera.devices.stop();
    await this.host.mine.post("leave").catch(() => undefined);
    this.after(this.left);
  }

  /** The doctor is ready: the call starts by itself where the person can see it start, else one button does it. */
  private called(): void {
    const { camera, mine, pressing } = this.host;
    this.line.open();
    if (this.line.inCall) return;
    ring([200, 100, 200]);
    const seen = document.visibilityState === "visible";
    const came = ["wait", "pending", "loading", ""].includes(current()) || pressing;
    if (camera.live && seen && came) return this.enterCall();
    if (current() === "called" || current() === "fix") return;
    document.title = text("ready-title", { name: mine.now?.practitioner ?? "" });
    show("called");
  }

  /** By phone: the page only tells how it goes on; nothing of it is seen or heard. */
  private async phoned(now: MyVisit): Promise<void> {
    const { camera, side } = this.host;
    await this.open?.leave();
    camera.still();
    camera.devices.stop();
    await side.phoned(now);
    this.line.open();
  }

  private enterCall(): void {
    document.title = this.title;
    this.host.camera.still();
    const { visit } = this.host.mine;
    const now = Date.now();
    const began = recall("began", visit) || now;
    remember("began", visit, began);
    this.line.call(now - began);
    this.host.camera.preview();
  }

  private after(left: number): void {
    document.title = this.title;
    this.open?.end();
    this.host.camera.still();
    this.host.camera.devices.stop();
    only("left", left > 0);
    only("ended", left === 0);
    show("after");
    void after(this.host.mine.visit, left);
  }

  private remember(left: number): void {
    this.left = left;
    remember("left", this.host.mine.visit, left);
  }

  private lookAgain(): void {
    const { now } = this.host.mine;
    if (now && inLine(now) && !this.open?.inCall) void this.news();
  }

  /** Something may have moved; answers whether the server said how things stand. */
  private async news(status?: string): Promise<boolean> {
    const { camera, mine } = this.host;
    const asked = mine.now?.hold === "asking";
    if (status !== undefined && status === mine.now?.status && !asked) return true;
    try {
      // Being admitted needs no further answer: every round trip less is a picture sooner.
      const now = status === "in-progress" && !asked ? mine.moved(status) : undefined;
      const { hold } = now ?? (await mine.read());
      // From now on this is the person's device: it has the place in line.
      if (asked && hold === "bound") await mine.wait(camera.word);
      await this.follow(mine.now as MyVisit);
      return true;
    } catch (error) {
      const final = error instanceof Problem && !error.transient;
      if (final) this.host.closed(error);
      return final;
    }
  }

  private stopped(why: Stopped): void {
    if (why === "closed" || this.left) return;
    this.open?.end();
    this.host.camera.devices.stop();
    if (why !== "replaced" && why !== "moved") return void this.news();
    choose("stopped", why);
    show("stopped");
  }
}
