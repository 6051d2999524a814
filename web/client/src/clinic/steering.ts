// How the specialist steers the own line: late, paused, messages, who goes first, who did not come. The dialogs are
// loaded by the first press (controls.ts); what another window said comes in as news.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { fill, one, only, text } from "../dom/page";
import { dayAndTime, number } from "../dom/words";
import type { RunningChange } from "../messages";
import type { Acts } from "./acts";
import type { Controls } from "./controls";
import type { Closed, Desk, RunningState } from "./desk";
import type { List } from "./list";

/** How long a word about what is done stands, ms. */
const TOLD_MS = 8000;

export class Steering {
  private telling: ReturnType<typeof setTimeout> | undefined;
  private loading: Promise<Controls> | undefined;
  private asked: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly desk: Desk,
    private readonly list: List,
    private readonly acts: Acts,
  ) {}

  /** "Pause clinic" and "Running late"; patients are told at once. */
  async control(what: "late" | "pause"): Promise<void> {
    const step = await this.ask(what, (controls) => controls[what]());
    if (step) await this.acts.take(`${what} said`, async () => this.runs(await step()));
  }

  async resume(): Promise<void> {
    await this.acts.take("resume", async () => this.runs(await this.desk.resume()));
  }

  /** "Message", or without a visit "Message all". */
  async message(visit?: string): Promise<void> {
    const { name, language } = visit ? this.list.facts(visit) : {};
    const step = await this.ask(`message ${visit}`, (controls) =>
      controls.message(name ?? text("all-waiting"), language ?? "en", visit),
    );
    if (step)
      await this.acts.take(`send ${visit}`, async () => {
        const count = await step();
        this.tell(text(visit ? "sent-to" : "sent-to-all", { count, name: name ?? "" }));
      });
  }

  /** Says that something is done, aloud and for a while in place of the list's hint, so that no row moves. */
  private tell(words: string): void {
    announce(words);
    fill("told", words);
    const show = (yes: boolean) => {
      only("told", yes);
      only("list-hint", !yes);
    };
    show(true);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => show(false), TOLD_MS);
  }

  /** The list of keys. */
  async keys(): Promise<void> {
    (await this.ready("keys"))?.keys();
  }

  /** "See first" and "In turn". */
  async prioritize(visit: string, priority: string): Promise<void> {
    await this.acts.take(`${priority} ${visit}`, async () => {
      await this.desk.prioritize(visit, priority);
      this.list.change({ visit, priority });
    });
  }

  /** "Let it in" and "Not the patient": what becomes of the patient's second device. */
  async device(visit: string, word: "let-in" | "turn-away"): Promise<void> {
    await this.acts.take(`${word} ${visit}`, async () => {
      const { asking } = await this.desk.device(visit, word);
      this.list.change({ visit, asking });
    });
  }

  /** "Phone": asked once, for the visit goes on by telephone then; answers whether it does. */
  async phone(visit: string): Promise<boolean> {
    const step = await this.ask(`phone ${visit}`, (controls) => controls.phone(visit));
    let done = false;
    if (step)
      await this.acts.take(`phoned ${visit}`, async () => {
        const { status, since, device, call_on } = await step();
        this.list.change({ visit, status, since, device });
        this.list.number(visit, call_on);
        done = true;
      });
    return done;
  }

  /**
   * "Did not attend", and "Did attend", which takes it back; coming after all does so too. Who is on the page, as with
   * a camera that does not start, may only be slow: then it is asked first.
   */
  async miss(visit: string, word: "miss" | "attended"): Promise<void> {
    const { status, name = "" } = this.list.facts(visit);
    if (
      word === "miss" &&
      status === "arrived" &&
      !(await this.ask("miss", (controls) => controls.miss(name)))
    )
      return;
    await this.acts.take(`${word} ${visit}`, async () => {
      const { status, since, reserved } = await this.desk.miss(visit, word);
      this.list.change({ visit, status, since });
      if (reserved === false) this.tell(text("not-reserved", { name }));
    });
  }

  /** Another window of this specialist may have said it. */
  told({ late, lateReason, paused, pauseReason }: RunningChange): void {
    this.runs({ late_minutes: late, late_reason: lateReason, paused, pause_reason: pauseReason });
  }

  /** Connected again: what the list missed is read at once. */
  async again(): Promise<void> {
    try {
      const { rows, running, closed } = await this.desk.day();
      for (const row of rows) this.list.change({ ...row, visit: row.id, test: false });
      this.runs(running);
      this.shut(closed);
    } catch {
      // The next news says it again.
    }
  }

  /** Reads the day, and puts into the list what it lacks; `wanted` is done then. */
  async renew(wanted: ReadonlySet<string>): Promise<void> {
    const { rows, closed } = await this.desk.day();
    this.list.update(rows, wanted);
    this.shut(closed);
  }

  /** Says from when to when the clinic is closed, if it is. */
  private shut(closed: Closed | null): void {
    only("shut", closed !== null);
    if (closed) fill("shut", [closed.start, closed.end].map((at) => dayAndTime(new Date(at))).join(" – "));
  }

  /** Says how the clinic runs now. */
  private runs(state: RunningState | undefined): void {
    if (!state) return;
    const { late_minutes: late, paused } = state;
    const said = (name: string, why: string) =>
      text(why ? `${name}-why` : name, { minutes: number(late), reason: text(`reason-${why}`) });
    const lines = [
      paused && said("paused", state.pause_reason),
      late && said("runs-late", state.late_reason),
    ];
    fill("running", lines.filter(Boolean).join(" "));
    only("running", paused || late > 0);
    only("runs", !paused);
    only("is-paused", paused);
    one("#clinic").dataset["late"] = String(late);
    this.list.refresh();
  }

  /** Asks with a dialog; a second one pressed before the first stands there comes after it. */
  private async ask<T>(
    name: string,
    asks: (controls: Controls) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const controls = await this.ready(name);
    if (!controls) return undefined;
    const asked = this.asked.then(() => asks(controls));
    this.asked = asked.catch(() => undefined);
    return asked;
  }

  /** The dialogs; a failure to fetch them is said like any other. While one is open the list goes on changing. */
  private async ready(name: string): Promise<Controls | undefined> {
    let found: Controls | undefined;
    await this.acts.take(name, async () => {
      this.loading ??= import("./controls").then(({ Controls }) => Controls.open(this.desk));
      this.loading.catch(() => (this.loading = undefined));
      found = await this.loading.catch(() => {
        throw new Problem(0, "offline", "");
      });
    });
    return found;
  }
}
