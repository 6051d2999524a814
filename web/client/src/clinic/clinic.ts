// The specialist's one document: the day's list and the consult beside it, with the call that outlives the switching.

import { Problem } from "../api";
import { MediaRefused } from "../devices";
import { announce } from "../dom/announce";
import { Camera } from "../dom/camera";
import { fill, one, only, text } from "../dom/page";
import { show } from "../dom/view";
import type { Stopped } from "../signal";
import { Line } from "./call";
import { Consult } from "./consult";
import { Desk } from "./desk";
import { List } from "./list";

const PICTURE: MediaTrackConstraints = { width: 640, height: 480, frameRate: 24 };

export class Clinic {
  private readonly desk = new Desk();
  private readonly camera = new Camera(PICTURE);
  private readonly list = new List();
  private readonly line: Line;
  private readonly title = document.title;
  private consult: Consult | undefined;
  private acting = false;

  constructor() {
    this.line = new Line({
      camera: this.camera,
      onChange: (news) => {
        this.list.change(news);
        if (news.visit === this.consult?.id) {
          this.consult.change({ status: news.status, since: news.since, device: news.device ?? "" });
        }
      },
      onUp: () => void this.catchUp(),
      onStopped: (why) => this.stopped(why),
      onEnded: (visit) => void this.over(visit),
    });
  }

  /** Opens the page where its address points; a running call goes on after a reload. */
  async start(visit: string): Promise<void> {
    show("list");
    if (!visit) return;
    await this.act(async () => {
      const consult = await this.open(visit, false);
      if (consult.status === "in-progress" && (await this.camera.granted())) await this.enter(consult);
    });
  }

  /** Back to the list; a running call goes on. */
  toList(push = true): void {
    void this.consult?.note.flush();
    if (push) history.pushState(null, "", "/clinic");
    document.title = this.title;
    show("list");
  }

  /** A visit of the list, without changing anything about it. */
  async look(visit: string, push = true): Promise<void> {
    await this.act(() => this.open(visit, push));
  }

  /** One press: the patient is told, the camera opens, the consult page shows, the call begins. */
  async admit(visit: string): Promise<void> {
    await this.act(async () => {
      const asked = this.camera.open(true);
      const state = await this.desk.admit(visit);
      this.list.change({ visit, status: state.status, since: state.since });
      const consult = await this.open(visit, true);
      consult.change(state);
      await this.enter(consult, await asked);
    });
  }

  async admitThis(): Promise<void> {
    if (this.consult) await this.admit(this.consult.id);
  }

  async rejoin(): Promise<void> {
    await this.act(async () => {
      if (this.consult) await this.enter(this.consult);
    });
  }

  /** "End visit"; asks once while the note is empty. */
  async end(anyway = false): Promise<void> {
    const { consult } = this;
    if (!consult) return;
    if (!anyway && consult.note.empty) return one<HTMLDialogElement>("[data-ask-end]").showModal();
    await this.act(async () => {
      await consult.note.flush();
      const state = await this.desk.end(consult.id);
      this.hangUp();
      consult.change(state);
      consult.calling(false);
      this.list.change({ visit: consult.id, status: state.status, since: state.since });
      announce(text(`status-${state.status}`));
    });
  }

  async confirm(): Promise<void> {
    await this.act(async () => this.consult?.confirm());
  }

  async sign(anyway = false): Promise<void> {
    await this.act(async () => this.consult?.note.sign(anyway));
  }

  async add(words: HTMLTextAreaElement): Promise<void> {
    const said = words.value.trim();
    if (!said) return words.focus();
    await this.act(async () => {
      await this.consult?.note.add(said);
      words.value = "";
    });
  }

  settle(choice: "mine" | "theirs" | "both"): void {
    this.consult?.note.settle(choice);
  }

  edited(): void {
    this.consult?.note.edited();
  }

  /** Saves what is not saved; `leaving` when the page may not come back. */
  flush(leaving: boolean): void {
    void this.consult?.note.flush(leaving);
  }

  get unsaved(): boolean {
    return this.consult?.note.unsaved ?? false;
  }

  get calls(): Line {
    return this.line;
  }

  private async open(visit: string, push: boolean): Promise<Consult> {
    if (this.consult?.id !== visit) {
      this.consult?.note.close();
      this.consult = await Consult.open(this.desk, visit, () => void this.catchUp());
    }
    const consult = this.consult as Consult;
    consult.calling(this.line.visit === visit);
    if (push && location.pathname !== `/clinic/${visit}`) history.pushState(null, "", `/clinic/${visit}`);
    document.title = `${consult.visit.patient.listed} – ${this.title}`;
    show("consult");
    return consult;
  }

  private async enter(consult: Consult, opened?: unknown): Promise<void> {
    const answer = opened ?? (this.camera.live || (await this.camera.open(true)));
    only("no-devices", answer instanceof MediaRefused);
    await this.line.call(consult.id, consult.other);
    consult.calling(true);
    this.camera.preview();
  }

  private hangUp(): void {
    this.line.end();
    this.camera.devices.stop();
  }

  /** Over for everybody, or refused: read where the visit stands. */
  private async over(visit: string): Promise<void> {
    if (this.line.visit === visit) this.hangUp();
    this.consult?.calling(false);
    await this.catchUp();
  }

  /** Reads the open visit again: after a lost line, or when something happened to it. */
  private async catchUp(): Promise<void> {
    const { consult } = this;
    if (!consult) return;
    try {
      const { visit } = await this.desk.visit(consult.id);
      consult.change(visit);
      this.list.change({ visit: visit.id, status: visit.status, since: visit.since });
    } catch {
      // The next news says it again.
    }
  }

  private stopped(why: Stopped): void {
    if (why !== "signed-out") return;
    this.hangUp();
    location.assign("/sign-in");
  }

  /** One thing at a time; what the server refused is said on the page. */
  private async act(does: () => Promise<unknown>): Promise<void> {
    if (this.acting) return;
    this.acting = true;
    only("failed", false);
    try {
      await does();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "session-locked" || error.code === "not-signed-in") only("locked", true);
      fill("failed", error.status && error.detail ? error.detail : text("offline"));
      only("failed", true);
    } finally {
      this.acting = false;
    }
  }
}
