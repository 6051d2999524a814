// How much picture a line gets, and when it gets more again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Gauge } from "../src/gauge";
import { Ladder } from "../src/ladder";
import { OFF, RUNGS, SMALL, start } from "../src/rungs";

const free = { room: Infinity, queued: false };
const line = (room: number, queued = false) => ({ room, queued });

/** A ladder whose beginning is over, at the top. */
function grown(): Ladder {
  const ladder = new Ladder();
  for (let now = -20_000; now <= 0; now += 1000) ladder.judge(free, now);
  assert.equal(ladder.rung, RUNGS[0]);
  return ladder;
}

test("a call begins with a small picture, and takes what the line has after a second", () => {
  const ladder = new Ladder();
  assert.ok(!ladder.judge(free, 0));
  assert.equal(ladder.rung, RUNGS[SMALL]);
  assert.ok(ladder.judge(line(400_000), 1000));
  assert.equal(ladder.rung, RUNGS[0]);
});

test("a line that is known to be very slow begins with sound only", () => {
  assert.equal(start({ effectiveType: "2g" }), OFF);
  assert.equal(start({ effectiveType: "3g", downlink: 0.1 }), OFF);
  assert.equal(start({ effectiveType: "4g", downlink: 10 }), SMALL);
  assert.equal(start({}), SMALL);
  assert.ok(new Ladder(OFF).off);
});

test("less room shrinks the picture at once, more room only after ten seconds, step by step", () => {
  const ladder = grown();
  assert.ok(ladder.judge(line(120_000), 2000));
  assert.equal(ladder.rung, RUNGS[2]);
  assert.ok(!ladder.judge(free, 4000));
  assert.ok(!ladder.judge(free, 13_000));
  assert.ok(ladder.judge(free, 14_000));
  assert.equal(ladder.rung, RUNGS[1]);
  assert.ok(!ladder.judge(free, 16_000));
  assert.ok(ladder.judge(free, 26_000));
  assert.equal(ladder.rung, RUNGS[0]);
});

test("a full queue shrinks the picture, and takes it away when it is small already", () => {
  const ladder = grown();
  assert.ok(ladder.judge(line(1e6, true), 2000));
  assert.equal(ladder.rung, RUNGS[SMALL]);
  assert.ok(ladder.hurried(2500), "the next look comes soon");
  assert.ok(ladder.judge(line(1e6, true), 2500));
  assert.ok(ladder.off);
});

test("a moment as bad as before starts the ten seconds anew", () => {
  const ladder = grown();
  ladder.judge(line(200_000), 1000);
  ladder.judge(free, 2000);
  ladder.judge(line(200_000), 8000);
  assert.ok(!ladder.judge(free, 13_000));
  assert.ok(ladder.judge(free, 23_000));
});

test("without room for a picture there is none; it is tried after 15 s, then 30, and so on up to 2 minutes", () => {
  const ladder = new Ladder();
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    assert.ok(ladder.judge(line(50_000, true), (now += 1)));
    assert.ok(ladder.off);
    const began = now;
    while (!ladder.judge(line(50_000), (now += 1000)));
    assert.equal(ladder.rung, RUNGS[SMALL], "at the smallest");
    waits.push((now - began) / 1000);
    assert.ok(!ladder.judge(line(50_000), now + 1000), "what the browser believes grows only with a picture");
  }
  assert.deepEqual(waits, [15, 30, 60, 120, 120, 120]);
});

test("a picture that somebody wants is tried at once, whatever was told before", () => {
  const ladder = new Ladder();
  assert.ok(!ladder.hurry(0), "it is there");
  ladder.judge(line(50_000, true), 1000);
  assert.ok(ladder.hurry(2000));
  assert.ok(!ladder.judge(line(50_000, true), 8999));
  assert.equal(ladder.rung, RUNGS[SMALL]);
  assert.ok(ladder.judge(line(50_000, true), 9000));
  assert.ok(ladder.off);
});

test("a picture that did not fit after 25 seconds is taken away again", () => {
  const ladder = new Ladder(OFF);
  ladder.judge(free, 0);
  assert.ok(ladder.judge(line(50_000), 15_000));
  assert.ok(!ladder.judge(line(50_000), 39_000));
  assert.ok(ladder.judge(line(50_000), 40_000));
  assert.ok(ladder.off);
});

test("a gauge turns the picture off, packs the voice, says so, and forgets the past when it tries again", async () => {
  let estimate = 50_000;
  let possible = false;
  const done: unknown[] = [];
  const report = () =>
    new Map<string, unknown>([
      ["t", { type: "transport", selectedCandidatePairId: "p" }],
      ["p", { type: "candidate-pair", currentRoundTripTime: 0.1, availableOutgoingBitrate: estimate }],
    ]);
  const gauge = new Gauge({
    rung: RUNGS[SMALL],
    stats: () => Promise.resolve(report() as unknown as ReadonlyMap<string, never>),
    limit: (rung) => Promise.resolve(void done.push(rung.active)),
    speak: ({ packet }) => Promise.resolve(done.push(packet) > 0 && possible),
  });
  await gauge.look(0);
  assert.deepEqual([gauge.word, done], ["audio-only", [false, 60]]);
  possible = true;
  await gauge.look(500, false);
  await gauge.look(1000, false);
  assert.deepEqual(done, [false, 60, 60], "again, because it was not possible at once; then no more");
  estimate = 800_000;
  for (let now = 2000; now < 15_000; now += 2000) await gauge.look(now);
  assert.equal(gauge.word, "audio-only", "as long as there is no picture");
  await gauge.look(16_000);
  assert.deepEqual([gauge.word, done.slice(3)], ["good", [true, 60]]);
  assert.equal(gauge.sample?.rtt, 100);
});
