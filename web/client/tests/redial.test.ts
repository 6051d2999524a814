// When a lost connection is tried again, and how long an attempt may take.

import assert from "node:assert/strict";
import { test } from "node:test";

import { patience, pause } from "../src/redial";

test("the pause between attempts grows to 5 s in a long outage, and is never exact", () => {
  assert.equal(pause(0, 0.5), 100);
  assert.equal(pause(3, 0.5), 500);
  assert.equal(pause(19, 0.5), 500);
  assert.equal(pause(30, 0.5), 5000);
  assert.ok(pause(0, 0) < pause(0, 0.9));
});

test("where the line is not known an attempt has four seconds, and later ones up to ten", () => {
  assert.deepEqual(
    [0, 1, 5, 6, 30].map((attempt) => patience(attempt, 0)),
    [4000, 5000, 9000, 10_000, 10_000],
  );
});

test("on a line that was fast no attempt hangs for long", () => {
  assert.deepEqual(
    [0, 7, 8, 30].map((attempt) => patience(attempt, 100)),
    [3500, 3500, 7500, 7500],
  );
});

test("on a slow line every attempt has its round trips", () => {
  assert.equal(patience(0, 600), 4800);
  assert.equal(patience(8, 600), 7500);
  assert.equal(patience(0, 4000), 10_000);
});

/** Milliseconds after which a system sends the first packet of a connection again. */
const AGAIN = [0, 1000, 3000, 7000];

test("whenever the line comes back, something is sent soon after, and not so often that the browser minds", () => {
  const sent: number[] = [];
  const begun: number[] = [];
  for (let attempt = 0, at = 0; at < 100_000; attempt += 1) {
    const time = patience(attempt, 100);
    begun.push(at);
    sent.push(...AGAIN.filter((late) => late < time).map((late) => at + late));
    at += time + pause(attempt, 0.5);
  }
  const gaps = sent.slice(1).map((at, i) => at - (sent[i] as number));
  const during = (ms: number) => Math.max(...gaps.filter((_, i) => (sent[i] as number) < ms));
  assert.equal(during(30_000), 2000);
  assert.equal(during(90_000), 4000);
  assert.ok(begun.filter((at) => at < 90_000).length <= 16);
});
