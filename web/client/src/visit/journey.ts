// The patient's way through the one document, up to the check: link → join → check. The rest of it (onward.ts) is loaded
// while the person looks at the picture. The server knows the place; this only goes there.

import { Problem } from "../api";
import { MediaRefused } from "../devices";
import { Camera } from "../dom/camera";
import { bring } from "../dom/fragment";
import { choose, one } from "../dom/page";
import { show } from "../dom/view";
import { recall, remember } from "./memory";
import { inLine, Mine, OVER, type MyVisit } from "./mine";
import type { Onward } from "./onward";
import { Press } from "./press";
import { presentLink, presentOpened } from "./screen";
import { Sideways, type Host } from "./sideways";

const TELL_AFTER_MS = 1000;

export class Journey implements Host {
  readonly camera = new Camera();
  readonly mine: Mine;
  readonly side: Sideways = new Sideways(this);
  private loading: Promise<Onward> | undefined;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private readonly press = new Press((why) => this.closed(why));

  constructor(visit: string, token: string) {
    this.mine = new Mine(visit, token, (now) => presentOpened(now));
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
      let here = false;
      const arrived = this.arrive().then(() => {
        here = true;
        this.tell();
      });
      arrived.catch(() => undefined); // whoever waits for it is told
      const opened = await asked;
      if (!here && !(opened instanceof MediaRefused)) {
        // The own picture needs nobody's answer: on a slow line it stands a round trip sooner.
        this.showCheck();
        return void this.settle(arrived);
      }
      await arrived;
      await this.checked(opened);
    });
  }

  /** The answer to an arrival whose picture stands already: whoever is in line goes there, whoever may not come in is told. */
  private async settle(arrived: Promise<void>): Promise<void> {
    await arrived.catch(() => undefined);
    await this.act(async () => {
      await arrived;
      await this.goOn();
    });
  }

  act(does: () => Promise<unknown>): Promise<void> {
    return this.press.act(does);
  }

  get pressing(): boolean {
    return this.press.on;
  }

  /** "Try again", and "Come back" to the waiting room: the same wish as before. */
  again(): Promise<void> {
    return this.join(this.camera.picture);
  }

  /** "Go to the waiting room". */
  async wait(): Promise<void> {
    await this.act(async () => {
      this.camera.still();
      await this.arrive();
      clearTimeout(this.telling);
      await this.follow(await this.mine.wait(this.camera.word));
    });
  }

  /** A button of a view whose code may still be on its way. */
  async later(does: (onward: Onward) => Promise<void>): Promise<void> {
    await this.act(async () => does(await this.onward()));
  }

  async flip(): Promise<void> {
    await this.camera.flip();
    (await this.loading?.catch(() => undefined))?.use();
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
    if (OVER.includes(now.status) || recall("left", now.visit) || now.call_on) return this.follow(now);
    const may = now.consented && (await this.camera.granted());
    const opened = may ? await this.camera.open(this.camera.picture) : undefined;
    this.camera.preview();
    const live = opened !== undefined && !(opened instanceof MediaRefused);
    if (live) await this.mine.device(this.camera.word);
    if (inLine(now)) {
      // Whoever waits has this view in the page already, and reads it before the code comes that says the rest.
      if (now.status === "waiting" && now.hold !== "asking") show("wait");
      return this.follow(this.mine.now as MyVisit);
    }
    if (!live) return show("join");
    this.showCheck();
  }

  /** What the browser has answered. */
  async checked(opened: unknown): Promise<void> {
    if (opened instanceof MediaRefused) return this.refused(opened);
    this.tell();
    if (!(await this.goOn())) this.showCheck();
  }

  /** Past the check, where the visit is past it; answers whether it is. */
  private async goOn(): Promise<boolean> {
    const now = this.mine.now as MyVisit;
    const past = OVER.includes(now.status) || inLine(now);
    if (past) await this.follow(now);
    return past;
  }

  showCheck(): void {
    show("check");
    this.camera.listen();
    this.tell();
    void this.onward().catch(() => undefined); // the next press asks for it again
  }

  /** Tells the clinic how the check stands, after a moment: a quick answer, or going on at once, needs no extra line. */
  private tell(): void {
    clearTimeout(this.telling);
    const { camera, mine } = this;
    this.telling = setTimeout(() => void mine.device(camera.live ? camera.word : "testing"), TELL_AFTER_MS);
  }

  async refused(why: MediaRefused): Promise<void> {
    clearTimeout(this.telling);
    await this.side.refused(why);
  }

  async follow(now: MyVisit): Promise<void> {
    await (await this.onward()).follow(now);
  }

  closed(why: unknown): void {
    this.camera.still();
    this.camera.devices.stop(); // the picture may have come before the answer
    if (why === "cancelled" || (why instanceof Problem && why.code === "visit-closed")) {
      // Looking once more tells why, and where to go from there.
      return this.mine.token ? void this.start() : location.reload();
    }
    let state = typeof why === "string" ? why : "offline";
    if (why instanceof Problem && !why.transient) state = "gone";
    choose("state", state);
    show("closed");
  }

  /** The arrival, and the consent where it was not given with it. */
  private async arrive(): Promise<void> {
    await this.opened();
    if (!this.mine.now?.consented) await this.mine.post("consent");
  }

  /** The arrival, with the consent that the press gives; the link's secret leaves the address. */
  async opened(): Promise<void> {
    await this.mine.open();
    if (!this.mine.token) return;
    remember("left", this.mine.visit, 0);
    history.replaceState(null, "", `/v/${this.mine.visit}${location.search}`);
  }

  /** Code and views of the way from the waiting room on; what did not come is asked for again. */
  private onward(): Promise<Onward> {
    this.loading ??= this.load();
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }

  private async load(): Promise<Onward> {
    const views = bring(`/v/waiting?lang=${document.documentElement.lang}`, one(".ways"));
    const [{ Onward }] = await Promise.all([import("./onward"), views]);
    return new Onward(this);
  }
}
