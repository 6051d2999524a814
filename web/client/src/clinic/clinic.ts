// The specialist's one document: the day's list and the consult beside it, with the call that outlives the switching.

import { Problem } from "../api";
import { MediaRefused } from "../devices";
import { Camera } from "../dom/camera";
import { choose, fill, one, only, text } from "../dom/page";
import { loadCallStyle } from "../dom/style";
import { current, show } from "../dom/view";
import type { Stopped } from "../signal";
import { calling, consultOf, Line } from "./call";
import { Company } from "./company";
import type { Consult } from "./consult";
import { Desk } from "./desk";
import { List, type News } from "./list";
import { presses } from "./presses";
import { Signing } from "./signing";
import { Steering } from "./steering";
import { signed } from "./unsigned";

type Reading = ReturnType<typeof consultOf>;

export class Clinic {
  readonly line: Line;
  readonly desk = new Desk();
  private readonly camera = new Camera();
  private readonly list = new List();
  private readonly acts = presses();
  readonly steering = new Steering(this.desk, this.list, this.acts);
  readonly company = new Company(this.desk, this.acts, () =>
    current() === "consult" ? (this.consult?.id ?? "") : "",
  );
  readonly signing = new Signing({
    after: (visit) => this.list.after(visit),
    about: (name, does) => this.about(name, does),
    close: (consult) => this.close(consult),
    admit: (visit) => this.admit(visit),
    rest: () => this.rest(),
  });
  private readonly title = document.title;
  private consult: Consult | undefined;
  private reading: Promise<void> | undefined;
  private replaced = false;
  private backs = 0; // how often somebody went back to the list: what they opened before then does not show any more

  constructor() {
    this.line = new Line({
      camera: this.camera,
      onChange: (news) => this.news(news),
      onRunning: (state) => this.steering.told(state),
      onPriority: (news) => this.list.change(news),
      onMoved: (visit) => this.list.moved(visit),
      onGuest: (news) => void this.company.told(news).catch(() => undefined),
      onUp: () => {
        void this.catchUp();
        void this.steering.again();
      },
      onNext: (visit) => void this.next(visit),
      onStopped: (why) => this.stopped(why),
      onEnded: (visit) => void this.over(visit),
      written: (visit) => this.desk.conversation(visit),
    });
    this.list.onLet = () => this.takeIn();
  }

  /** The note on show, if any. */
  get note(): Consult["note"] | undefined {
    return this.consult?.note;
  }

  /** Opens the page where its address points; a running call goes on after a reload. What is pressed before waits. */
  async start(visit: string): Promise<void> {
    if (!visit) return show("clinic");
    const { backs } = this;
    await this.acts.take(`start ${visit}`, async () => {
      const consult = await this.open(visit, false, backs);
      if (consult.status === "in-progress" && !consult.byPhone && (await this.camera.granted()))
        await this.enter(consult);
    });
  }

  /** Back to the list; a running call goes on. */
  toList(push = true): void {
    void this.note?.flush();
    this.backs += 1;
    if (push) history.pushState(null, "", "/clinic");
    document.title = this.title;
    show("clinic");
  }

  /** A visit of the list, without changing anything about it. */
  async look(visit: string, push = true): Promise<void> {
    const { backs } = this;
    await this.acts.take(`look ${visit}`, () => this.open(visit, push, backs));
  }

  /** Puts new visits into the list. */
  async update(): Promise<void> {
    await this.acts.take("update", () => this.renew());
  }

  /** One press: the patient is told, the camera opens, the consult shows, the call begins. */
  async admit(visit: string, name = `admit ${visit}`): Promise<void> {
    const { backs } = this;
    await this.acts.take(name, async () => {
      if (this.replaced) return this.again();
      const phone = this.list.byPhone(visit);
      const asked = this.camera.live || phone || this.camera.open(true);
      const admitting = this.desk.admit(visit); // before all that is read: the patient waits for it
      const reading = this.consult?.id === visit ? undefined : consultOf(this.desk, visit);
      reading?.catch(() => undefined); // where the visit cannot be admitted, that is what is said
      if (!phone) this.line.ready(visit);
      const state = await admitting.catch(async (error: unknown) => {
        await this.line.unready();
        throw error;
      });
      this.list.change({ visit, status: state.status, since: state.since });
      const consult = await this.open(visit, true, backs, reading);
      consult.change(state);
      if (!consult.byPhone) await this.enter(consult, await asked);
    });
  }

  async admitNext(): Promise<void> {
    const visit = this.list.nextWaiting;
    if (visit) await this.admit(visit, "admit-next"); // pressed twice it is still this one, whoever is next by then
  }

  async rejoin(): Promise<void> {
    await this.about("rejoin", async (consult) => {
      if (this.replaced) return this.again();
      await this.enter(consult);
    });
  }

  /** "End visit"; asks once while the note is not signed. */
  async end(anyway = false): Promise<void> {
    await this.about("end", async (consult) => {
      const { owed } = consult.note;
      if (!anyway && owed) {
        choose("owed", owed);
        return one<HTMLDialogElement>("dialog[data-end]").showModal();
      }
      await consult.note.flush();
      await this.close(consult);
      this.rest();
      consult.announce();
    });
  }

  private async open(visit: string, push: boolean, backs: number, reading?: Reading): Promise<Consult> {
    loadCallStyle(); // the list does without it
    if (this.consult?.id !== visit) {
      const found = await (reading ?? consultOf(this.desk, visit));
      const { Consult } = await calling();
      this.consult?.close();
      this.consult = Consult.open(this.desk, found, () => this.signed(visit));
      if (current() === "consult") this.consult.greet();
      void this.company.shown(visit).catch(() => undefined); // the next news of a guest says it again
    }
    const consult = this.consult as Consult;
    this.list.refresh();
    consult.calling(this.line.visit === visit);
    void this.line.look(visit, consult.over).catch(() => undefined); // nothing of the visit depends on it
    if (backs !== this.backs) return consult;
    if (push && location.pathname !== `/clinic/${visit}`) history.pushState(null, "", `/clinic/${visit}`);
    document.title = `${consult.visit.patient.listed} – ${this.title}`;
    show("consult");
    return consult;
  }

  private async enter(consult: Consult, opened?: unknown): Promise<void> {
    // Opened at the press, it may have been closed since, because for a moment nobody was next.
    const refused = opened instanceof MediaRefused && opened;
    const answer = refused || this.camera.live || (await this.camera.open(true));
    only("no-devices", answer instanceof MediaRefused);
    await this.line.call(consult.id, consult.other, this.list.passed(consult.since));
    consult.calling(true);
    this.camera.preview();
  }

  /** Somebody is next in line: a camera that may open without asking stands ready for the press on Admit. */
  private async next(visit: string | undefined): Promise<void> {
    if (this.line.visit) return;
    if (visit === undefined) this.camera.devices.stop();
    // Asking takes a moment in which the call may have begun, with the camera that was opened for it.
    else if ((await this.camera.granted()) && !this.line.visit && !this.camera.live)
      await this.camera.open(true);
    only("camera-ready", this.camera.live);
  }

  private async again(): Promise<void> {
    await this.note?.flush();
    location.reload();
  }

  private hangUp(): void {
    this.line.end();
    this.rest();
    this.consult?.calling(false);
  }

  /** Nobody is to be seen or heard: the camera's light goes out. */
  private rest(): void {
    if (!this.line.visit) this.camera.devices.stop();
  }

  /** Ends a visit and its call; the camera stays on for who comes next. */
  private async close(consult: Consult): Promise<void> {
    const state = await this.desk.end(consult.id);
    this.line.end();
    consult.calling(false);
    consult.change(state);
    this.list.change({ visit: consult.id, status: state.status, since: state.since });
  }

  private news(news: News): void {
    const phone = this.list.byPhone(news.visit);
    this.list.change(news);
    if (phone || this.list.byPhone(news.visit)) void this.number(news.visit).catch(() => undefined);
    this.takeIn();
    if (news.visit !== this.consult?.id || !news.status || !news.since) return;
    const { status, since, device, asking } = news;
    const known = { ...(device && { device }), ...(asking !== undefined && { asking }) };
    this.consult.change({ status, since, ...known });
  }

  /** Who asks to be phoned, or no longer does: the number does not travel with the news. */
  private async number(visit: string): Promise<void> {
    const { call_on, status } = (await this.desk.visit(visit)).visit;
    this.list.number(visit, call_on);
    if (this.consult?.id !== visit) return;
    if (call_on && this.line.visit === visit) this.hangUp();
    this.consult.change({ call_on, status });
  }

  /** Shows who is new where no row moves under a pointer; who waits next should be known in the consult too. */
  private takeIn(): void {
    if (!this.list.lacking || (current() !== "consult" && this.list.touched)) return;
    void this.renew().then(
      () => this.takeIn(), // more may have come meanwhile
      () => undefined, // the button for it stays
    );
  }

  /** Reads the list, once at a time. */
  private renew(): Promise<void> {
    this.reading ??= this.steering.renew(this.list.wanted).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private signed(visit: string): void {
    signed(visit);
    void this.catchUp();
  }

  /** Over for everybody, or refused: read where the visit stands. */
  private async over(visit: string): Promise<void> {
    if (this.line.visit === visit) this.hangUp();
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
    if (why === "closed") return;
    this.hangUp();
    if (why === "replaced") {
      // The other window has the call and the news now; going on here takes both back.
      this.replaced = true;
      fill("failed", text("elsewhere"));
      return only("failed", true);
    }
    if (this.desk.drafts.unsaved) only("locked", true);
    else location.reload();
  }

  /** A press about the visit on show; where another one took its place before its turn, that is said instead. */
  async about(name: string, does: (consult: Consult) => Promise<unknown>): Promise<void> {
    const pressed = this.consult;
    await this.acts.take(`${name} ${pressed?.id}`, async () => {
      const { consult } = this;
      if (pressed && pressed !== consult) throw new Problem(409, "not-on-show", text("not-on-show"));
      if (consult) await does(consult);
    });
  }
}
