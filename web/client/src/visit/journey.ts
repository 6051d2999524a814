// The patient's way through the one document: link → check → waiting room → call → after. The server knows the place;
// this only goes there.

import { Problem } from "../api";
import { MediaRefused } from "../devices";
import { ring } from "../dom/chime";
import { choose, only, text } from "../dom/page";
import { current, show } from "../dom/view";
import type { Place } from "../messages";
import type { Stopped } from "../signal";
import { Camera } from "../dom/camera";
import { loadLine } from "./connect";
import type { Line } from "./line";
import { hasLeft, rememberLeft } from "./memory";
import { inLine, Mine, type MyVisit } from "./mine";
import { Press } from "./press";
import { presentLink, presentOpened } from "./screen";
import { Sideways, type Host } from "./sideways";

const OVER = ["finished", "completed"];
const TESTING_AFTER_MS = 1000;

export class Journey implements Host {
  readonly camera = new Camera();
  readonly mine: Mine;
  readonly side: Sideways = new Sideways(this);
  private line: Promise<Line> | undefined;
  private readonly press = new Press((why) => this.closed(why));
  private left: boolean;
  private readonly title = document.title;

  constructor(visit: string, token: string) {
    this.mine = new Mine(visit, token, (now) => presentOpened(now));
    this.left = hasLeft(visit);
  }

  /** The first view: by the link's token, by the cookie that the page was opened with, or by typing a code. */
  async start(): Promise<void> {
    try {
      if (this.mine.token) await this.look();
      else if (this.mine.visit) await this.resume(await this.mine.first());
      else show("code");
    } catch (error) {
      this.closed(error);
    }
  }

  /** "Use microphone and camera" and "Use sound only", on the join view and on the view that explains a refusal. */
  async join(picture: boolean): Promise<void> {
    await this.act(async () => {
      // Asking the browser must not wait for the server: the question belongs to the press.
      const asked = this.camera.open(picture);
      await this.opened();
      if (!this.mine.now?.consented) await this.mine.step("consent");
      // Somebody who is still reading the browser's question is shown as testing; a quick answer needs no extra line.
      const slow = setTimeout(() => void this.mine.device("testing"), TESTING_AFTER_MS);
      await this.checked(await asked.finally(() => clearTimeout(slow)));
    });
  }

  act(does: () => Promise<unknown>): Promise<void> {
    return this.press.act(does);
  }

  /** "Try again", and "Come back" to the waiting room: the same wish as before. */
  again(): Promise<void> {
    return this.join(this.camera.picture);
  }

  /** "Go to the waiting room". */
  async wait(): Promise<void> {
    await this.act(async () => {
      this.camera.still();
      await this.follow(await this.mine.step("wait"));
    });
  }

  /** "Check my camera again": the place in line is kept. */
  async check(): Promise<void> {
    await this.act(async () => {
      const opened = await this.camera.open(true);
      if (opened instanceof MediaRefused) return this.refused(opened);
      await this.mine.device(this.camera.word);
      this.showCheck();
    });
  }

  /** "Text me when it is my turn", and taking it back. */
  async textMe(wanted: boolean): Promise<void> {
    await this.act(() => this.mine.text(wanted));
  }

  async stepOut(): Promise<void> {
    await this.act(async () => {
      await this.mine.step("step-out");
      (await this.line)?.close();
      this.line = undefined;
      this.camera.devices.stop();
      show("away");
    });
  }

  /** "Join now". */
  async joinCall(): Promise<void> {
    await this.act(async () => {
      this.remember(false);
      if (!this.camera.live) {
        const opened = await this.camera.open(this.camera.picture);
        if (opened instanceof MediaRefused) return this.refused(opened);
        await this.mine.device(this.camera.word);
      }
      await this.enterCall();
    });
  }

  async flip(): Promise<void> {
    await this.camera.flip();
    (await this.line)?.use();
  }

  /** "Yes, leave the visit". */
  async leave(): Promise<void> {
    this.remember(true);
    const line = await this.line;
    await line?.leave();
    this.camera.devices.stop();
    await this.mine.step("leave").catch(() => undefined);
    this.after(true);
  }

  /** The loaded line, for the call's own controls. */
  async onLine(does: (line: Line) => void): Promise<void> {
    const line = await this.line;
    if (line) does(line);
  }

  private async look(): Promise<void> {
    const screen = await this.mine.look();
    presentLink(screen);
    if (screen.state === "open") return show("join");
    choose("state", screen.state);
    show("closed");
  }

  /** After a reload: back to the same place, with the camera if the browser opens it without asking. */
  private async resume(now: MyVisit): Promise<void> {
    this.camera.picture = now.device !== "sound-only";
    if (OVER.includes(now.status)) return this.after(false);
    if (now.status === "cancelled") return this.closed(now.status);
    if (this.left && now.status === "in-progress") return this.after(true);
    if (now.call_on) return this.phoned(now);
    const may = now.consented && (await this.camera.granted());
    const opened = may ? await this.camera.open(this.camera.picture) : undefined;
    this.camera.preview();
    const live = opened !== undefined && !(opened instanceof MediaRefused);
    if (live) await this.mine.device(this.camera.word);
    if (inLine(now)) return this.follow(this.mine.now as MyVisit);
    if (!live) return show("join");
    this.showCheck();
  }

  /** What the browser has answered. */
  async checked(opened: unknown): Promise<void> {
    if (opened instanceof MediaRefused) return this.refused(opened);
    void this.mine.device(this.camera.word);
    const now = this.mine.now as MyVisit;
    if (OVER.includes(now.status)) return this.after(false);
    if (inLine(now)) return this.follow(now);
    this.showCheck();
  }

  private showCheck(): void {
    show("check");
    this.camera.listen();
    void this.connect(); // the code of the waiting room and the call, while the person looks at the picture
  }

  private async refused(why: MediaRefused): Promise<void> {
    await this.side.refused(why);
  }

  /** Goes where the visit stands. */
  async follow(now: MyVisit): Promise<void> {
    if (OVER.includes(now.status)) return this.after(false);
    if (this.left) return;
    if (now.status === "cancelled") return this.closed(now.status);
    if (now.call_on) return this.phoned(now);
    const asking = now.hold === "asking";
    if (now.status === "in-progress" && !asking) return this.called();
    if (!inLine(now) || (current() === "check" && !this.press.on)) return;
    only("ready", this.camera.live);
    only("unready", !this.camera.live);
    show(asking ? "pending" : "wait");
    (await this.connect()).open();
  }

  /** The doctor is ready: the call starts by itself where the person can see it start, else one button does it. */
  private async called(): Promise<void> {
    const line = await this.connect();
    line.open();
    if (line.inCall) return;
    ring();
    navigator.vibrate?.([200, 100, 200]);
    const seen = document.visibilityState === "visible";
    const came = ["wait", "pending", "loading", ""].includes(current()) || this.press.on;
    if (this.camera.live && seen && came) return this.enterCall();
    if (current() === "called" || current() === "fix") return;
    document.title = text("ready-title", { name: this.mine.now?.practitioner ?? "" });
    show("called");
  }

  /** By phone: the page only tells how it goes on; nothing of it is seen or heard. */
  private async phoned(now: MyVisit): Promise<void> {
    const line = await this.connect();
    await line.leave();
    this.camera.still();
    this.camera.devices.stop();
    await this.side.phoned(now);
    line.open();
  }

  private async enterCall(): Promise<void> {
    document.title = this.title;
    this.camera.still();
    (await this.connect()).call();
    this.camera.preview();
  }

  private after(left: boolean): void {
    document.title = this.title;
    void this.line?.then((line) => line.end());
    this.camera.still();
    this.camera.devices.stop();
    only("left", left);
    only("ended", !left);
    show("after");
  }

  /** Nothing more to do here, with the reason: an answer of the server, or the visit's own state. */
  private closed(why: unknown): void {
    const shut = why instanceof Problem && why.code === "visit-closed";
    if (shut && this.mine.token) return void this.start(); // looking once more tells why
    let state = typeof why === "string" ? why : "offline";
    if (why instanceof Problem && !why.transient) state = shut ? "over" : "gone";
    choose("state", state);
    show("closed");
  }

  /** The arrival, with the consent that the press gives; the link's secret leaves the address. */
  async opened(): Promise<void> {
    await this.mine.open();
    if (this.mine.token) history.replaceState(null, "", `/v/${this.mine.visit}${location.search}`);
  }

  private remember(left: boolean): void {
    this.left = left;
    rememberLeft(this.mine.visit, left);
  }

  private connect(): Promise<Line> {
    const told = {
      camera: this.camera,
      onNews: (status?: string) => void this.news(status),
      onAsk: () => this.news(),
      onPlace: (place: Place) => this.mine.placed(place),
      onLink: (up: boolean) => only("offline", !up),
      onStopped: (why: Stopped) => this.stopped(why),
    };
    const waits = () => this.mine.now !== undefined && inLine(this.mine.now);
    this.line ??= loadLine(this.mine, told, waits);
    return this.line;
  }

  /** Something may have moved; answers whether the server said how things stand. */
  private async news(status?: string): Promise<boolean> {
    const asked = this.mine.now?.hold === "asking";
    if (status !== undefined && status === this.mine.now?.status && !asked) return true;
    try {
      // Being admitted needs no further answer: every round trip less is a picture sooner.
      const now = status === "in-progress" && !asked ? this.mine.moved(status) : undefined;
      const { hold } = now ?? (await this.mine.read());
      if (asked && hold === "bound") await this.mine.letIn(this.camera.word);
      await this.follow(this.mine.now as MyVisit);
      return true;
    } catch (error) {
      const final = error instanceof Problem && !error.transient;
      if (final) this.closed(error);
      return final;
    }
  }

  private stopped(why: Stopped): void {
    if (why === "closed" || this.left) return;
    void this.line?.then((line) => line.end());
    this.camera.devices.stop();
    if (why === "replaced") this.closed("elsewhere");
    else if (why === "moved") this.closed("moved");
    else void this.news();
  }
}
