// The day's list: rows change in place as news comes in. Their order never does, and while a pointer or the focus is in
// the list, what is new waits behind a button, so that nothing moves under them. Who waits next is said in the consult too. The markup's contract stands in templates/staff/clinic.html.

import { announce } from "../dom/announce";
import { ring } from "../dom/chime";
import { cameUnseen } from "./arrivals";
import { all, fill, one, only, text } from "../dom/page";
import { clock, languageName, number, otherDay } from "../dom/words";
import type { ClinicChange } from "../messages";
import type { Row } from "./desk";
import { checked } from "./checked";
import { besides, group } from "./row";
import { owed, signed } from "./unsigned";

const SEEN = ["finished", "completed"];
/** Who is in the waiting room or the call has a line; before, nobody has one. */
const ON_LINE = ["waiting", "in-progress"];
const RUNG = ["booked", ...ON_LINE];
const HERE = ["arrived", ...ON_LINE];
const AWAITED = ["booked", "arrived", "waiting"];
const UNBEGUN = [...AWAITED, "missed", "unseen"];
const TROUBLE = ["blocked", "missing", "busy", "unsupported"];
const TONES = ["ok", "info", "warn", "bad"];
const MINUTE_MS = 60_000;

/** What a state is called, of who is phoned as well; who is on the page and had a line before has left it. */
function named(status: string, device: string, connection: string): string {
  if (status !== "arrived") return device === "phone" && RUNG.includes(status) ? `${status}-phone` : status;
  if (TROUBLE.includes(device)) return "arrived-blocked";
  if (!["", "unknown"].includes(connection)) return "arrived-left";
  return device === "phone" ? "booked-phone" : "arrived";
}

export type News = Partial<ClinicChange> & { readonly visit: string; readonly priority?: string };

export class List {
  private readonly rows = one("#rows");
  private readonly root = one("#clinic");
  private readonly consult = one("#consult");
  /** How far this computer's clock is off the server's, ms. */
  private readonly skew = Date.now() - new Date(this.root.dataset["now"] ?? "").getTime() || 0;
  private readonly unknown = new Set<string>();
  private readonly gone = new Set<string>();

  /** Called when there is something to take in, and when nobody points at the list any more. */
  onLet = (): void => {};

  constructor() {
    this.rows.addEventListener("mouseleave", () => this.onLet());
    this.rows.addEventListener("focusout", () => this.onLet());
    setInterval(() => this.refresh(), MINUTE_MS / 2);
    this.refresh();
  }

  /** The visit whose turn it is: the first waiting row, urgent ones before the others. */
  get nextWaiting(): string | undefined {
    return this.line()[0]?.dataset["visit"];
  }

  /** Whose turn it is after a visit. */
  after(visit: string): string | undefined {
    return this.line().find((row) => row.dataset["visit"] !== visit)?.dataset["visit"];
  }

  /** What a row holds beside its words. */
  facts(visit: string): DOMStringMap {
    return this.row(visit)?.dataset ?? {};
  }

  /** Whether there are visits that the list does not show yet. */
  get lacking(): boolean {
    return this.unknown.size > 0;
  }

  /** The visits that a reading of the day which begins now will know. */
  get wanted(): ReadonlySet<string> {
    return new Set(this.unknown);
  }

  /** Whether somebody is about to press something in the list. */
  get touched(): boolean {
    return this.rows.matches(":hover, :focus-within");
  }

  /** News about one visit. */
  change(news: News): void {
    const row = this.row(news.visit);
    // Only news of the server is about a real visit of this clinic; a test, or a note of another day, is not.
    if (!row) return news.test === false ? this.hold(news.visit) : undefined;
    const before = row.dataset["status"] ?? "";
    const phone = row.dataset["device"] === "phone";
    for (const key of ["status", "device", "connection", "since", "priority"] as const) {
      const value = news[key];
      if (value) row.dataset[key] = value;
    }
    if (news.asking !== undefined) this.asks(row, news.asking);
    // Whom the specialist phones has not asked for it.
    const asks = before === "in-progress" || row.dataset["status"] !== "in-progress";
    if (news.device === "phone" && !phone && asks)
      announce(text("asks-phone", { name: row.dataset["name"] ?? "" }));
    else this.tell(before, row.dataset["status"] ?? "", row.dataset["name"] ?? "");
    const { status, name } = row.dataset;
    if (status === "finished") owed(news.visit, `${name} – ${one("time", row).textContent}`);
    if (status === "completed") signed(news.visit);
    this.refresh();
  }

  /** The number of who asked to be phoned. */
  number(visit: string, call_on: string): void {
    const row = this.row(visit);
    if (row) fill("call-on", call_on, row);
  }

  /** Whether the patient of a visit asked to be phoned. */
  byPhone(visit: string): boolean {
    return this.row(visit)?.dataset["device"] === "phone";
  }

  /** A visit takes place at another time: its row goes with the next update, and comes back where it stands then. */
  moved(visit: string): void {
    this.gone.add(visit);
    this.hold(visit);
    this.onLet();
  }

  /** Takes out who was moved, and puts in what the list lacks, each in its place by time; `wanted` is done then. */
  update(visits: readonly Row[], wanted: ReadonlySet<string>): void {
    for (const visit of wanted) {
      this.unknown.delete(visit);
      if (this.gone.delete(visit)) this.row(visit)?.remove();
    }
    for (const visit of visits) {
      const row = this.row(visit.id);
      if (row) {
        group(row, visit);
        checked(row, visit.check, this.root.dataset["zone"]);
        continue;
      }
      this.insert(visit);
      this.tell("", visit.status, visit.patient.listed);
    }
    this.pend();
    this.rows.querySelector("#empty")?.remove();
    this.refresh();
  }

  /** Writes every row's words, and the figures above the list, anew. */
  refresh(): void {
    const rows = this.all();
    for (const row of rows) this.write(row);
    const states = rows.map((row) => row.dataset);
    const waiting = this.line().map((row) => row.dataset);
    const waits = (one: DOMStringMap) => this.minutes(one["since"]);
    const longest = Math.max(0, ...waiting.map(waits));
    // As the server counts it: from the agreed time, or from the arrival of who came later; in steps of five.
    const overdue = waiting.map((one) => Math.min(waits(one), this.minutes(one["start"])));
    const late = Number(this.root.dataset["late"]) || Math.floor(Math.max(0, ...overdue) / 5) * 5;
    const seen = states.filter((one) => SEEN.includes(one["status"] ?? "")).length;
    fill("waiting", number(waiting.length), this.root);
    fill("longest", number(longest), this.root);
    fill("seen", `${number(seen)} / ${number(rows.length)}`, this.root);
    fill("late", number(late), this.root);
    fill("to-sign", number(states.filter((one) => one["status"] === "finished").length), this.root);
    for (const button of all('[data-do="admit-next"]')) button.hidden = waiting.length === 0;
    const next = waiting.filter((one) => one["visit"] !== this.consult.dataset["visit"]);
    const name = next[0]?.["name"] ?? "";
    for (const button of all('[data-do="sign-next"]')) button.hidden = name === "";
    fill("next-name", name);
    fill("next", name ? text("next", { count: number(next.length), name }) : text("next-none"));
  }

  private all(): HTMLElement[] {
    return all("tr[data-visit]", this.rows);
  }

  private row(visit: string): HTMLElement | undefined {
    return this.all().find((row) => row.dataset["visit"] === visit);
  }

  private line(): HTMLElement[] {
    const waiting = this.all().filter((row) => row.dataset["status"] === "waiting");
    const urgent = (row: HTMLElement) => Number(row.dataset["priority"] === "urgent");
    return waiting.sort((one, other) => urgent(other) - urgent(one));
  }

  /** The time since an instant by the server's clock, ms. */
  passed(since: string | undefined): number {
    return Math.max(0, Date.now() - this.skew - new Date(since ?? "").getTime()) || 0;
  }

  private minutes(since: string | undefined): number {
    return Math.floor(this.passed(since) / MINUTE_MS);
  }

  private tell(before: string, after: string, name: string): void {
    if (before === after) return;
    if (after === "waiting") {
      announce(text("in-room", { name }));
      if (this.root.dataset["silent"] === undefined) ring();
      cameUnseen();
    } else if (after === "arrived")
      announce(text(before === "waiting" ? "stepped-out" : "arrived", { name }));
  }

  /** The link is open on a second device, which wants to be let in. */
  private asks(row: HTMLElement, asking: boolean): void {
    const known = row.dataset["asking"] === String(asking);
    row.dataset["asking"] = String(asking);
    if (asking && !known) announce(text("asking", { name: row.dataset["name"] ?? "" }));
  }

  private hold(visit: string): void {
    this.unknown.add(visit);
    this.pend();
  }

  /** The button for what is held back. */
  private pend(): void {
    const { size } = this.unknown;
    one("#pending").hidden = size === 0;
    one('[data-do="update"]').textContent = text(size === 1 ? "change" : "changes", { count: number(size) });
  }

  private write(row: HTMLElement): void {
    const { status = "", device = "", connection = "", since } = row.dataset;
    const rung = device === "phone";
    const line = ON_LINE.includes(status);
    const name = named(status, device, connection);
    only("call-on", rung && line, row);
    only("sound-only", device === "sound-only" && line, row);
    fill("status", text(`status-${name}`, { minutes: number(this.minutes(since)) }), row);
    const tag = one(".tag", row);
    const tone = this.tone(name);
    for (const each of TONES) tag.classList.toggle(each, each === tone);
    fill("connection", text(`connection-${line && !rung ? connection : "unknown"}`), row);
    only("asking", row.dataset["asking"] === "true" && HERE.includes(status), row);
    if (!["booked", "missed"].includes(status)) only("undelivered", false, row);
    if (!UNBEGUN.includes(status)) only("closed", false, row);
    const { priority } = row.dataset;
    only("urgent", priority === "urgent", row);
    one('[data-do="message"]', row).hidden = !HERE.includes(status);
    one('[data-do="first"]', row).hidden = status !== "waiting" || priority === "urgent";
    one('[data-do="in-turn"]', row).hidden = status !== "waiting" || priority !== "urgent";
    const unmet = AWAITED.includes(status);
    one('.quiet[data-do="phone"]', row).hidden = rung || !unmet;
    one('[data-do="miss"]', row).hidden = !["booked", "arrived", "unseen"].includes(status);
    one('[data-do="attended"]', row).hidden = status !== "missed";
    one("[data-move]", row).hidden = !UNBEGUN.includes(status);
    one('[data-do="admit"]', row).hidden = rung || status !== "waiting";
    only("rings", rung && unmet, row);
    one('[data-do="open"]', row).hidden = status === "waiting";
  }

  private tone(name: string): string {
    const template = one<HTMLTemplateElement>("#texts");
    return template.content.querySelector<HTMLElement>(`[data-text="status-${name}"]`)?.dataset["tag"] ?? "";
  }

  private insert(visit: Row): void {
    const copy = one<HTMLTemplateElement>("template#row").content.cloneNode(true) as DocumentFragment;
    const row = one("tr", copy);
    const { patient } = visit;
    const facts = {
      status: visit.status,
      device: visit.device,
      connection: visit.connection,
      since: visit.since,
      asking: String(visit.asking),
      priority: visit.priority,
      language: patient.language,
    };
    Object.assign(row.dataset, { ...facts, visit: visit.id, start: visit.start, name: patient.listed });
    const start = new Date(visit.start);
    const { zone } = this.root.dataset;
    fill("weekday", otherDay(start, zone, one<HTMLTimeElement>("h1 time", this.root).dateTime), row);
    fill("time", clock(start, zone), row);
    fill("listed", patient.listed, row);
    fill("person", `${text(`gender-${patient.gender}`)} ${patient.age}`, row);
    fill("service", visit.service, row);
    group(row, visit);
    fill("language", languageName(patient.language), row);
    fill("open-name", ` ${patient.listed}`, row);
    fill("call-on", visit.call_on, row);
    only("assisted", visit.modality === "assisted", row);
    only("rung", visit.modality === "phone", row);
    besides(row, visit);
    checked(row, visit.check, zone);
    only("undelivered", visit.undelivered, row);
    only("closed", visit.closed, row);
    one<HTMLAnchorElement>('[data-only="undelivered"]', row).href = `/messages/${visit.id}`;
    one("bdi[id]", row).id = `of-${visit.id}`;
    for (const described of all("[aria-describedby]", row))
      described.setAttribute("aria-describedby", `of-${visit.id}`);
    one<HTMLAnchorElement>('[data-do="open"]', row).href = `/clinic/${visit.id}`;
    one<HTMLAnchorElement>("[data-move]", row).href = `/move/${visit.id}`;
    const later = this.all().find((other) => (other.dataset["start"] ?? "") > visit.start);
    this.rows.insertBefore(copy, later ?? null);
  }
}
