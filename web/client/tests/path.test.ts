// When the line is called broken, and which remedy comes when.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Path } from "../src/path";
import { settle } from "./fakes";

function world() {
  const log: string[] = [];
  const it = { time: 0, up: true, alive: true };
  const path = new Path({
    now: () => it.time,
    up: () => it.up,
    probe: () => {
      log.push("probe");
      return Promise.resolve(it.alive);
    },
    renew: () => log.push("renew"),
    revived: () => log.push("revived"),
    restartIce: () => log.push("restart"),
  });
  let packets = 0;
  let checks = 0;
  /** Lets time pass in looks of half a second, with media, with ICE's checks only, or with nothing. */
  const pass = async (ms: number, what: "media" | "checks" | "nothing") => {
    for (const until = it.time + ms; it.time < until;) {
      it.time += 500;
      if (what === "media") packets += 25;
      if (what === "checks" && it.time % 2500 === 0) checks += 1;
      path.look({ media: packets, checks: packets + checks });
      await settle(5);
    }
  };
  return { path, log, it, pass };
}

test("while media flows nobody asks anything", async () => {
  const { path, log, pass } = world();
  await pass(60_000, "media");
  assert.deepEqual(log, []);
  assert.ok(path.connected);
  assert.equal(path.stalled, 0);
});

test("one second of silence leads to one probe; no answer to a new socket, and then to a restart of ICE", async () => {
  const { path, log, it, pass } = world();
  await pass(5000, "media");
  it.alive = false;
  await pass(1000, "nothing");
  assert.deepEqual(log, ["probe", "renew"]);
  it.up = false;
  await pass(4000, "nothing");
  assert.deepEqual(log, ["probe", "renew"], "while a socket is being tried nobody probes");
  it.up = it.alive = true;
  path.rejoined();
  assert.deepEqual(log, ["probe", "renew", "restart"]);
});

test("media that come in again after a silence are told once: the line is back, and a socket need not wait", async () => {
  const { log, it, pass } = world();
  await pass(5000, "media");
  it.alive = false;
  await pass(1000, "nothing");
  it.up = false;
  await pass(8000, "nothing");
  await pass(3000, "media");
  assert.deepEqual(log, ["probe", "renew", "revived"]);
});

test("after a restart of the server media still flows, and ICE is left alone", async () => {
  const { path, log, it, pass } = world();
  await pass(5000, "media");
  it.up = false;
  await pass(6000, "media");
  it.up = true;
  path.rejoined();
  assert.deepEqual(log, []);
});

test("a socket that answers while nothing comes in: ICE is restarted after three seconds, not before", async () => {
  const { log, pass } = world();
  await pass(5000, "media");
  await pass(2500, "nothing");
  assert.deepEqual(log, ["probe"]);
  await pass(1000, "nothing");
  assert.deepEqual(log, ["probe", "probe", "restart"]);
});

test("restarts of ICE are at least five seconds apart, and probes become rarer", async () => {
  const { log, pass } = world();
  await pass(5000, "media");
  await pass(20_000, "nothing");
  const restarts = log.filter((one) => one === "restart").length;
  assert.ok(restarts >= 2 && restarts <= 4, String(restarts));
  assert.ok(log.filter((one) => one === "probe").length <= 5);
});

test("with both sides muted and hidden, ICE's own checks are life enough", async () => {
  const { path, log, pass } = world();
  await pass(5000, "media");
  await pass(30_000, "checks");
  assert.equal(path.stalled, 0);
  assert.ok(log.filter((one) => one === "probe").length <= 1, "one look when media stopped");
  assert.ok(!log.includes("restart"));
});

test("ICE says disconnected: the same probe, and a restart if the server answers", async () => {
  const { path, log } = world();
  path.iceChanged("disconnected");
  path.iceChanged("failed");
  await settle();
  assert.deepEqual(log, ["probe", "restart"]);
  path.iceChanged("connected");
  await settle();
  assert.deepEqual(log, ["probe", "restart"]);
});

test("ICE that fails soon after a restart is given five seconds", async () => {
  const { path, log, it } = world();
  const restarts = () => log.filter((one) => one === "restart").length;
  for (const [time, count] of [
    [0, 1],
    [4900, 1],
    [5000, 2],
  ] as const) {
    it.time = time;
    path.iceChanged("failed");
    await settle();
    assert.equal(restarts(), count, `after ${time} ms`);
  }
});

test("many suspicions at once are one probe", async () => {
  const { path, log } = world();
  void path.suspect();
  void path.suspect();
  await path.suspect();
  assert.deepEqual(log, ["probe"]);
});

test("counters that fall, because ICE chose another pair, are no sign of life", async () => {
  const { path, it, pass } = world();
  await pass(5000, "media");
  it.time += 2000;
  path.look({ media: 0, checks: 0 });
  assert.ok(path.stalled >= 2000);
});

test("a pair that ICE falls back to is no sign of life before something comes in on it", async () => {
  const { path, it } = world();
  const look = (checks: number, pair: string) => {
    it.time += 500;
    path.look({ media: 25, checks, pair });
  };
  look(112, "a");
  for (let i = 0; i < 8; i += 1) look(112, "a");
  look(3, "b");
  for (let i = 0; i < 8; i += 1) look(112, "a");
  assert.equal(path.stalled, 8500);
  look(113, "a");
  assert.equal(path.stalled, 0);
});

test("a new epoch begins without a past", async () => {
  const { path, log, pass } = world();
  await pass(5000, "media");
  path.begin();
  assert.ok(!path.connected);
  path.rejoined();
  assert.deepEqual(log, []);
});
