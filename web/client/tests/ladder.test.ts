// How much picture a line gets, and when it gets more again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Gauge } from "../src/gauge";
import { Ladder, RUNGS } from "../src/ladder";
import type { Peer } from "../src/peer";

test("a worse word shrinks the picture at once, a better one only after ten seconds, step by step", () => {
  const ladder = new Ladder();
  assert.equal(ladder.judge("good", 0), false);
  assert.ok(ladder.judge("poor", 2000));
  assert.equal(ladder.rung, RUNGS[2]);
  assert.ok(!ladder.judge("good", 4000));
  assert.ok(!ladder.judge("good", 13_000));
  assert.ok(ladder.judge("good", 14_000));
  assert.equal(ladder.rung, RUNGS[1]);
  assert.ok(!ladder.judge("good", 16_000));
  assert.ok(ladder.judge("good", 26_000));
  assert.equal(ladder.rung, RUNGS[0]);
});

test("a moment as bad as before starts the ten seconds anew", () => {
  const ladder = new Ladder();
  ladder.judge("fair", 0);
  ladder.judge("good", 2000);
  ladder.judge("fair", 8000);
  assert.ok(!ladder.judge("good", 13_000));
  assert.ok(ladder.judge("good", 23_000));
});

test("without room for a picture there is none; it is tried after 15 s, then 30, and so on up to 2 minutes", () => {
  const ladder = new Ladder();
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    assert.ok(ladder.judge("audio-only", now));
    assert.ok(ladder.off);
    const start = now;
    while (!ladder.judge("good", (now += 1000)));
    assert.equal(ladder.rung, RUNGS[2], "at the smallest");
    waits.push((now - start) / 1000);
  }
  assert.deepEqual(waits, [15, 30, 60, 120, 120, 120]);
});

test("the lowest rung is the smallest picture with an end to it", () => {
  assert.deepEqual(
    RUNGS.map((one) => [one.active, one.bitrate]),
    [
      [true, 450_000],
      [true, 250_000],
      [true, 110_000],
      [false, 110_000],
    ],
  );
});

test("a gauge turns the picture off, says so while it is off, and forgets the past when it tries again", async () => {
  let estimate = 50_000;
  let sent = 0;
  const limits: boolean[] = [];
  const report = () => {
    sent += 1000;
    return new Map<string, unknown>([
      ["t", { type: "transport", selectedCandidatePairId: "p" }],
      ["p", { type: "candidate-pair", currentRoundTripTime: 0.1, availableOutgoingBitrate: estimate }],
      ["o", { type: "outbound-rtp", kind: "video", bytesSent: sent }],
    ]);
  };
  const gauge = new Gauge({
    stats: () => Promise.resolve(report()),
    limit: (rung: { active: boolean }) => Promise.resolve(void limits.push(rung.active)),
  } as unknown as Peer);
  await gauge.look(0);
  assert.equal(gauge.word, "good");
  await gauge.look(2000);
  assert.deepEqual([gauge.word, limits], ["audio-only", [false]]);
  estimate = 800_000;
  for (let now = 4000; now < 17_000; now += 2000) await gauge.look(now);
  assert.equal(gauge.word, "audio-only", "as long as there is no picture");
  await gauge.look(18_000);
  assert.deepEqual([gauge.word, limits], ["good", [false, true]]);
  assert.equal(gauge.sample?.rtt, 100);
});
