// What is said of the line, by what a page has loaded.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reach, type Loaded } from "../src/reach";

/** An answer that began after `trip` ms and took `took` ms for its bytes. */
const answer = (trip: number, bytes: number, took: number): Loaded => ({
  requestStart: 1000,
  responseStart: 1000 + trip,
  responseEnd: 1000 + trip + took,
  transferSize: bytes,
});

test("a quick answer and a wide one are a good line, also where others shared it", () => {
  assert.equal(reach([answer(60, 900, 0), answer(900, 9000, 120), answer(400, 9000, 2000)]), "good");
  assert.equal(reach([answer(20, 9000, 0)]), "good");
});

test("a line is slow by its round trip or by its width", () => {
  assert.equal(reach([answer(800, 9000, 10)]), "slow");
  assert.equal(reach([answer(60, 9000, 260)]), "slow");
  assert.equal(reach([answer(60, 400, 260)]), "good", "so small an answer tells nothing of the width");
});

test("what came from the browser's own store tells nothing", () => {
  assert.equal(reach([]), "");
  assert.equal(reach([answer(0, 0, 0), { ...answer(0, 300, 0), responseStart: 0 }]), "");
  assert.equal(reach([answer(0, 0, 0), answer(900, 5000, 900)]), "slow");
});
