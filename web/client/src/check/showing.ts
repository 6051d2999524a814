// Checks a line on a press, has the server judge it, and shows how a visit had best begin. The markup is line_check.html.

import { Api, Problem } from "../api";
import { announce } from "../dom/announce";
import { choose, one } from "../dom/page";
import { check } from "./line";

/** What the server advises. */
export interface Advice {
  readonly plan: string;
  readonly because: string;
}

/** Where what was found goes: only there it is kept. */
export interface Keeper {
  readonly path: string;
  readonly csrf?: string;
  /** Beside the figures. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Checks once; answers the advice, or nothing where none could be had, which the page says. */
export async function checkLine(
  devices: { camera: boolean; microphone: boolean },
  keeper: Keeper,
): Promise<Advice | undefined> {
  tell("running");
  try {
    const found = await check(devices);
    const api = new Api(keeper.csrf ? { csrf: keeper.csrf } : {});
    const advice = await api.post<Advice>(keeper.path, { ...found, ...keeper.more });
    tell(advice.plan, `${away(advice.plan) ? "away" : advice.plan}-${advice.because}`);
    return advice;
  } catch (error) {
    const full = error instanceof Problem && (error.status === 429 || error.code === "many-testing");
    tell(full ? "full" : "failed");
    return undefined;
  }
}

function away(plan: string): boolean {
  return plan === "phone" || plan === "clinic";
}

function tell(state: string, because = ""): void {
  const place = one("[data-line-check]");
  place.hidden = false;
  choose("checked", state);
  choose("because", because);
  const seen = [...place.querySelectorAll<HTMLElement>("[data-checked]")].find((one) => !one.hidden);
  announce((seen?.innerText ?? "").trim());
}
