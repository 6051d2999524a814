// What a screen reader is told of the place in line: where somebody waits, and nowhere else.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import type { MyVisit } from "../src/visit/mine";
import { Waiting } from "../src/visit/waiting";

const region = { textContent: "", content: { querySelector: () => null } };
const html = { lang: "en", dataset: { at: "wait" } };
const place = { textContent: "You are next", children: [] };
Object.assign(globalThis, {
  document: {
    documentElement: html,
    getElementById: () => region,
    querySelector: () => place,
    querySelectorAll: () => [],
  },
});

const STANDING = { ahead: 0, minutes: null, paused: false, late: 0, why: "" };
const visit = (status: string) =>
  ({ status, place: STANDING, text_me: "no", messages: [] }) as unknown as MyVisit;

/** Each test begins after every gap between two sentences about the line. */
let hour = 0;
beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  hour += 3_600_000;
  mock.method(performance, "now", () => hour);
  region.textContent = "";
});
afterEach(() => mock.reset());

/** What is said when the visit is read once more, in a view. */
function told(view: string, status: string, ahead: string): string {
  place.textContent = ahead;
  html.dataset.at = view;
  const room = new Waiting();
  room.show(visit(status));
  room.show(visit(status));
  mock.timers.tick(100);
  mock.timers.tick(100);
  return region.textContent;
}

test("who waits, for video or for a call by phone, is told how the line stands", () => {
  assert.equal(told("wait", "waiting", "You are next"), "You are next");
  region.textContent = "";
  hour += 30_000;
  assert.equal(told("phoned", "waiting", "2nd in line"), "2nd in line");
});

test("in the call and after it nothing is said of the line", () => {
  for (const [view, status] of [
    ["call", "waiting"],
    ["call", "in-progress"],
    ["phoned", "in-progress"],
    ["after", "finished"],
  ] as const)
    assert.equal(told(view, status, `${view} ${status}`), "", `${view} ${status}`);
});
