// What is told of a line: differences since the last time that arrived, and a score that falls with what is missing.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Lane } from "../src/lane";
import { Logbook, mos, since, smooth, totals, wayOf } from "../src/logbook";
import { mark } from "../src/marks";
import { pairOf } from "../src/flow";
import { Telling } from "../src/telling";
import type { Signal } from "../src/signal";
import literals from "../../../tests/data/messages.json";

type Stat = Record<string, unknown>;
const report = (...stats: Stat[]) => new Map(stats.map((one, i) => [String(one["id"] ?? i), one]));
const paths = (local: Stat, remote: Stat) =>
  report(
    { type: "transport", selectedCandidatePairId: "P" },
    {
      id: "P",
      type: "candidate-pair",
      currentRoundTripTime: 0.12,
      localCandidateId: "L",
      remoteCandidateId: "R",
    },
    { id: "L", ...local },
    { id: "R", ...remote },
  );

/** A call of so many seconds over a line on which every tenth sample had to be made up. */
const after = (seconds: number): ReadonlyMap<string, Stat> =>
  new Map([
    ...paths({ candidateType: "srflx", protocol: "udp" }, { candidateType: "host" }),
    ...report(
      {
        id: "A",
        type: "inbound-rtp",
        kind: "audio",
        packetsReceived: 50 * seconds,
        packetsLost: 5 * seconds,
        totalSamplesReceived: 48_000 * seconds,
        concealedSamples: 5800 * seconds,
        silentConcealedSamples: 1000 * seconds,
        bytesReceived: 4000 * seconds,
        jitter: 0.012,
      },
      {
        id: "V",
        type: "inbound-rtp",
        kind: "video",
        freezeCount: seconds,
        totalFreezesDuration: 0.1 * seconds,
      },
      { id: "O", type: "outbound-rtp", kind: "video", bytesSent: 50_000 * seconds },
      { id: "F", type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.02 },
    ),
  ]) as ReadonlyMap<string, Stat>;

class FakeLane {
  seconds = 0;
  stats = after;
  readonly path = { connected: true, stalled: 0 };
  readonly rung = 1;
  peer = { stats: async () => this.stats(this.seconds) };
}

function booked() {
  const lane = new FakeLane();
  const book = new Logbook(lane as unknown as Lane, pairOf, () => 1000 * lane.seconds);
  return { lane, book };
}

test("a look tells what moved, and once it has arrived the next one begins there", async () => {
  const { lane, book } = booked();
  lane.seconds = 10;
  const first = await book.look();
  assert.deepEqual(
    { ...first, mos: 0, marks: 0 },
    {
      seconds: 10,
      rtt: 120,
      loss: 91,
      concealed: 100,
      jitter: 12,
      soundUp: 0,
      soundDown: 32,
      pictureUp: 400,
      pictureDown: 0,
      freezes: 10,
      frozen: 1000,
      frames: 0,
      rung: 1,
      mos: 0,
      breaks: 0,
      path: "srflx",
      way: "udp",
      marks: 0,
    },
  );
  assert.deepEqual(Object.keys(first ?? {}).sort(), Object.keys(literals.client.measured).sort());
  lane.seconds = 20;
  assert.equal((await book.look())?.seconds, 20, "what was not told yet is told with the rest");
  book.told();
  lane.seconds = 30;
  const { seconds, freezes, marks } = (await book.look()) ?? {};
  assert.deepEqual([seconds, freezes, marks], [10, 10, undefined]);
});

test("another peer connection counts from nothing", async () => {
  const { lane, book } = booked();
  lane.seconds = 100;
  await book.look();
  book.told();
  lane.peer = { stats: async () => after(5) };
  lane.seconds = 110;
  assert.equal((await book.look())?.freezes, 5);
});

test("a path that is lost is counted once, and nothing heard is as bad as it gets", async () => {
  const { lane, book } = booked();
  lane.seconds = 10;
  lane.path.stalled = 3000;
  for (let tick = 0; tick < 20; tick += 1) book.watch();
  const look = await book.look();
  assert.deepEqual([look?.breaks, look?.mos], [1, 100]);
  lane.path.connected = false;
  assert.equal(await book.look(), undefined, "nobody else was there yet");
});

const fine = { loss: 0, rtt: 80, jitter: 5 };

test("the opinion score falls with delay, jitter and loss, and stays between 1 and 4.5", () => {
  assert.ok(Math.abs(mos(fine) - 4.39) < 0.02, String(mos(fine)));
  assert.ok(mos({ ...fine, rtt: 600 }) < mos(fine));
  assert.ok(mos({ ...fine, jitter: 80 }) < mos(fine));
  assert.ok(mos({ ...fine, loss: 0.1 }) < 3.6);
  assert.equal(mos({ ...fine, loss: 1 }), 1);
});

test("the score falls faster than it rises", () => {
  assert.equal(smooth(undefined, 4.2), 420);
  assert.equal(Math.round(smooth(400, 2)), 240);
  assert.equal(Math.round(smooth(200, 4)), 280);
});

const kinds = (told: ReturnType<typeof report>) => wayOf(told, pairOf(told));

test("the way is told in kinds, the relay of either side first, and never an address", () => {
  const host = { candidateType: "host", protocol: "udp", address: "192.0.2.7" };
  assert.deepEqual(kinds(paths(host, host)), { path: "host", way: "udp" });
  assert.deepEqual(kinds(paths(host, { candidateType: "prflx" })), { path: "srflx", way: "udp" });
  assert.deepEqual(kinds(paths(host, { candidateType: "relay" })), { path: "relay", way: "udp" });
  const tls = { candidateType: "relay", protocol: "udp", relayProtocol: "tls" };
  assert.deepEqual(kinds(paths(tls, host)), { path: "relay", way: "tls" });
  assert.deepEqual(kinds(report()), { path: "none", way: "udp" });
  assert.equal(totals(report()).received, 0);
});

test("a step is counted from going into the call; what stood before took no time", () => {
  mark("ice");
  assert.equal(since("sound"), undefined);
  mark("enter");
  assert.equal(since("ice"), 0);
  mark("frame");
  assert.ok((since("frame") ?? -1) >= 0);
});

test("the server is told every ten seconds while it is there, and again what did not arrive", async () => {
  const { lane } = booked();
  const told: unknown[] = [];
  const signal = { up: true, send: async (_: string, body: unknown) => ({ ok: told.push(body) > 1 }) };
  const telling = new Telling(signal as unknown as Signal, lane as unknown as Lane);
  const tick = async (times: number) => {
    for (let i = 0; i < times; i += 1) await telling.tick();
  };
  await tick(19);
  assert.equal(told.length, 0);
  for (const seconds of [10, 20, 30]) {
    lane.seconds = seconds;
    await tick(20);
  }
  assert.deepEqual(
    told.map((body) => (body as { freezes: number }).freezes),
    [10, 20, 10],
  );
  signal.up = false;
  await tick(20);
  assert.equal(told.length, 3);
});
