import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { announce, announceLine, announceLineNow } from "../src/dom/announce";

const region = { textContent: "" };
Object.assign(globalThis, { document: { getElementById: () => region } });

/** Each test begins after every gap between two sentences about the line. */
let hour = 0;
beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  hour += 3_600_000;
  mock.method(performance, "now", () => hour);
});
afterEach(() => mock.reset());

/** What is said after so long, ms. */
function after(time: number): string {
  for (let left = time; left > 0; left -= 20) {
    mock.timers.tick(20);
    hour += 20;
  }
  return region.textContent;
}

test("that the line is there takes back what was about to be said of it", () => {
  announceLine("Connecting you with Bo…");
  announceLineNow("You are connected with Bo.");
  assert.equal(after(100), "You are connected with Bo.");
  assert.equal(after(30_000), "You are connected with Bo.");
});

test("a sentence about the line waits 20 s after the last one, and the newest counts", () => {
  announceLine("The line is poor.");
  assert.equal(after(100), "The line is poor.");
  announceLine("Connecting again…");
  announceLine("The line is lost.");
  assert.equal(after(19_000), "The line is poor.");
  assert.equal(after(1000), "The line is lost.");
});

test("what has nothing to do with the line does not take back what waits", () => {
  announceLine("The line is poor.");
  after(1000);
  announceLine("The line is lost.");
  announce("You are muted.");
  assert.equal(after(100), "You are muted.");
  assert.equal(after(20_000), "The line is lost.");
});
