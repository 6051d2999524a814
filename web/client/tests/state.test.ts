// The one thing to say about a room.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Judge, type Facts } from "../src/state";

const inCall: Facts = {
  now: 0,
  entered: true,
  up: true,
  other: { here: true },
  connected: true,
  stalled: 0,
  word: "good",
};

test("from the door to the call", () => {
  const judge = new Judge(0);
  assert.equal(judge.state({ ...inCall, entered: false, connected: false }), "entering");
  assert.equal(judge.state({ ...inCall, other: undefined, connected: false }), "waiting");
  assert.equal(judge.state({ ...inCall, other: { here: false }, connected: false }), "waiting");
  assert.equal(judge.state({ ...inCall, connected: false }), "connecting");
  assert.equal(judge.state({ ...inCall, word: "fair" }), "fair");
});

test("silence of two seconds is said, of twenty too, and it ends with the first packet", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  assert.equal(judge.state({ ...inCall, now: 1500, stalled: 1500 }), "good");
  assert.equal(judge.state({ ...inCall, now: 2500, stalled: 2500 }), "reconnecting");
  assert.equal(judge.state({ ...inCall, now: 21_000, stalled: 21_000 }), "reconnecting");
  assert.equal(judge.state({ ...inCall, now: 22_000, stalled: 22_000 }), "lost");
  assert.equal(judge.state({ ...inCall, now: 22_500 }), "good");
  assert.equal(judge.state({ ...inCall, now: 30_000, stalled: 2500 }), "reconnecting");
});

test("a call that never gets through is lost after twenty seconds as well", () => {
  const judge = new Judge(0);
  assert.equal(judge.state({ ...inCall, now: 19_000, connected: false }), "connecting");
  assert.equal(judge.state({ ...inCall, now: 20_000, connected: false }), "lost");
});

test("the time in the waiting room does not count as trouble", () => {
  const judge = new Judge(0);
  judge.state({ ...inCall, now: 90_000, other: undefined, connected: false });
  assert.equal(judge.state({ ...inCall, now: 90_500, connected: false }), "connecting");
});

test("the other side is away or has left", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  assert.equal(judge.state({ ...inCall, stalled: 3000, other: { here: false } }), "peer-away");
  assert.equal(judge.state({ ...inCall, stalled: 3000, other: undefined }), "peer-left");
});

test("whom a server has not heard of since it was restarted has not left for fifteen seconds", () => {
  const judge = new Judge(0);
  judge.returned(0);
  judge.state({ ...inCall, now: 9000 });
  judge.returned(10_000);
  const alone = { ...inCall, other: undefined, stalled: 3000 };
  assert.equal(judge.state({ ...alone, now: 10_000 }), "reconnecting");
  assert.equal(judge.state({ ...alone, now: 24_999 }), "reconnecting");
  assert.equal(judge.state({ ...alone, now: 25_000 }), "peer-left");
});

test("who comes back after a restart of the server and then goes has left at once", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  judge.returned(10_000);
  judge.state({ ...inCall, now: 11_000 });
  assert.equal(judge.state({ ...inCall, now: 12_000, other: undefined, connected: false }), "peer-left");
});

test("media that flows counts more than an old roster, and an old roster says nothing about the other side", () => {
  const judge = new Judge(0);
  assert.equal(judge.state({ ...inCall, other: { here: false } }), "good");
  assert.equal(judge.state({ ...inCall, up: false, other: { here: false }, stalled: 3000 }), "reconnecting");
});

test("a new epoch in mid-call is a reconnection", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  assert.equal(judge.state({ ...inCall, now: 100, connected: false }), "reconnecting");
});

test("what has led nowhere is built anew after 15 s, on the polite side after 25, and not twice in a row", () => {
  const judge = new Judge(0);
  judge.state({ ...inCall, connected: false });
  assert.ok(!judge.hopeless(14_999, false));
  assert.ok(!judge.hopeless(24_999, true));
  assert.ok(judge.hopeless(15_000, false));
  assert.ok(!judge.hopeless(44_000, false));
  assert.ok(judge.hopeless(45_000, false));
});

test("a way that led somewhere is kept until the server must have seen that the other one is gone", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  assert.ok(!judge.hopeless(20_500, false));
  assert.ok(judge.hopeless(22_000, false));
  assert.ok(!judge.hopeless(31_999, true));
  judge.state({ ...inCall, now: 50_000 });
  assert.ok(!judge.hopeless(60_000, true), "all is well since 50 s");
});

test("who was away is waited for anew before the last resort: what is under way may get through by itself", () => {
  const judge = new Judge(0);
  judge.state(inCall);
  judge.state({ ...inCall, now: 30_000, stalled: 30_000, up: false });
  judge.state({ ...inCall, now: 30_500, stalled: 30_500 });
  assert.ok(!judge.hopeless(30_500, true));
  judge.state({ ...inCall, now: 40_000, stalled: 40_000, other: { here: false } });
  assert.ok(!judge.hopeless(71_999, true));
  assert.ok(judge.hopeless(72_000, true));
});
