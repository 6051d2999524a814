// The day's list: rows change in place as news comes in. Their order never does, so nothing moves under a pointer.
//
// A row is [data-row="visit"] with data-status, data-device, data-connection, data-since, data-start and data-name; in it
// stand [data-cell="status"], [data-cell="connection"], a button [data-do="admit"] and a link [data-do="open"].

import { announce } from "../dom/announce";
import { all, one, only, text } from "../dom/page";
import { number } from "../dom/words";
import type { ClinicChange } from "../messages";
import { chime } from "../sound";

const HERE_TONE: Readonly<Record<string, string>> = {
  waiting: "ok",
  "in-progress": "info",
  finished: "warn",
  arrived: "warn",
};
const SEEN = ["finished", "completed"];
const MINUTE_MS = 60_000;

const minutesSince = (instant: string, now = Date.now()): number =>
  Math.max(0, Math.floor((now - new Date(instant).getTime()) / MINUTE_MS));

/** Where a visit stands, in the words of the list. */
export function statusWords(status: string, device: string, since: string): string {
  const special = status === "arrived" ? text(`status-arrived-${device}`) : "";
  return (special || text(`status-${status}`)).replace("{minutes}", number(minutesSince(since)));
}

export class List {
  constructor() {
    setInterval(() => this.refresh(), MINUTE_MS / 2);
    this.refresh();
  }

  row(visit: string): HTMLElement | undefined {
    return all("[data-row]").find((row) => row.dataset["row"] === visit);
  }

  name(visit: string): string {
    return this.row(visit)?.dataset["name"] ?? "";
  }

  /** News about one visit. */
  change(news: Partial<ClinicChange> & { readonly visit: string }): void {
    const row = this.row(news.visit);
    if (!row) return only("new-visit", true);
    const before = row.dataset["status"] ?? "";
    for (const key of ["status", "device", "connection", "since"] as const) {
      const value = news[key];
      if (value) row.dataset[key] = value;
    }
    const after = row.dataset["status"] ?? "";
    const name = row.dataset["name"] ?? "";
    if (after !== before && after === "waiting") {
      announce(text("waits", { name }));
      void chime().catch(() => undefined);
    } else if (after === "arrived" && ["booked", "missed"].includes(before)) announce(text("came", { name }));
    this.refresh();
  }

  /** Writes every row's words, and the figures above the list, anew. */
  refresh(): void {
    const rows = all("[data-row]");
    for (const row of rows) this.write(row);
    const states = rows.map((row) => row.dataset);
    const waiting = states.filter((one) => one["status"] === "waiting");
    const longest = Math.max(0, ...waiting.map((one) => minutesSince(one["since"] ?? "")));
    const late = Math.max(0, ...waiting.map((one) => minutesSince(one["start"] ?? "")));
    const seen = states.filter((one) => SEEN.includes(one["status"] ?? "")).length;
    const unsigned = states.filter((one) => one["status"] === "finished").length;
    this.tile("waiting", number(waiting.length));
    this.tile("longest", text("minutes", { n: number(longest) }));
    this.tile("seen", `${number(seen)} / ${number(rows.length)}`);
    this.tile("late", text("minutes", { n: number(late) }));
    this.tile("to-sign", number(unsigned));
  }

  private write(row: HTMLElement): void {
    const { status = "", device = "", connection = "", since = "" } = row.dataset;
    const cell = one('[data-cell="status"]', row);
    const words = statusWords(status, device, since);
    const tag = cell.querySelector<HTMLElement>(".tag") ?? cell;
    if (tag.textContent?.trim() !== words) tag.textContent = words;
    for (const tone of ["ok", "info", "warn"]) tag.classList.toggle(tone, HERE_TONE[status] === tone);
    const line = one('[data-cell="connection"]', row);
    const here = ["arrived", "waiting", "in-progress"].includes(status);
    const word = here ? text(`connection-${connection}`) || "–" : "–";
    if (line.textContent?.trim() !== word) line.textContent = word;
    for (const button of all('[data-do="admit"]', row)) button.hidden = status !== "waiting";
    for (const link of all('[data-do="open"]', row)) link.classList.toggle("alt", status !== "in-progress");
  }

  private tile(name: string, value: string): void {
    for (const element of all(`[data-tile="${name}"]`)) element.textContent = value;
  }
}
