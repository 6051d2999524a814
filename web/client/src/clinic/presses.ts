// What the page shows of its presses: that one is being done, that another one is next, what the server refused.

import { Problem } from "../api";
import { announce } from "../dom/announce";
import { fill, only, text } from "../dom/page";
import { Acts } from "./acts";

/** What a refusal says to people; a request without an answer has nothing to say itself. */
export const sentenceOf = (error: unknown): string =>
  (error instanceof Problem && error.status > 0 && error.detail) || text("failed");

/** One thing at a time, for the whole document. */
export function presses(): Acts {
  return new Acts({ onTaken: taken, onFailed: failed });
}

function taken(count: number): void {
  document.documentElement.toggleAttribute("data-busy", count > 0);
  only("press-waits", count > 1);
  if (count > 1) announce(text("press-waits"));
}

function failed(error: unknown): void {
  if (error !== undefined && !(error instanceof Problem)) throw error;
  if (error) fill("failed", sentenceOf(error));
  only("failed", error !== undefined);
}
