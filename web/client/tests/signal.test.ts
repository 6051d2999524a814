// The connection of a page: what it sends, when it comes back, and when it must not.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Signal, type SignalEvents } from "../src/signal";
import { FakeSocket, settle } from "./fakes";

const sockets: FakeSocket[] = [];
const last = (): FakeSocket => sockets[sockets.length - 1] as FakeSocket;

function connect(visit?: string, random = () => 0.5): Signal {
  const signal = new Signal({
    ...(visit === undefined ? {} : { visit }),
    random,
    connect: (query) => {
      sockets.push(new FakeSocket(query));
      return last();
    },
  });
  signal.open();
  return signal;
}

function record(signal: Signal, ...events: (keyof SignalEvents)[]): unknown[] {
  const seen: unknown[] = [];
  for (const event of events)
    signal.on(event, (body) => seen.push(body === undefined ? event : [event, body]));
  return seen;
}

beforeEach(() => {
  sockets.length = 0;
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
});
afterEach(() => mock.timers.reset());

test("a patient's socket names the visit, a staff socket does not", () => {
  connect("v1");
  assert.deepEqual(last().query, { visit: "v1" });
  connect();
  assert.deepEqual(last().query, {});
  assert.ok(last().dialled);
});

test("opening twice makes one socket", () => {
  connect().open();
  assert.equal(sockets.length, 1);
});

test("an event is answered by its acknowledgement", async () => {
  const signal = connect();
  last().accept();
  const answer = signal.send("media", { audio: true, video: false, away: false });
  last().emitted[0]?.answered(null, { ok: true });
  assert.deepEqual(await answer, { ok: true });
  assert.deepEqual(last().emitted[0]?.body, { audio: true, video: false, away: false });
});

test("without a socket, and when it is lost, an event is refused as offline; without an answer as timeout", async () => {
  const signal = connect();
  const early = await signal.send("leave", {});
  assert.ok(!early.ok && early.code === "offline");
  last().accept();
  const slow = signal.send("leave", {}, 700);
  mock.timers.tick(700);
  const late = await slow;
  assert.ok(!late.ok && late.code === "timeout");
  const cut = signal.send("leave", {});
  last().drop();
  const lost = await cut;
  assert.ok(!lost.ok && lost.code === "offline");
});

test("a lost socket is replaced within 100 to 500 ms, again and again", () => {
  const signal = connect();
  const seen = record(signal, "up", "down");
  last().accept();
  last().drop();
  assert.deepEqual(seen, ["up", "down"]);
  assert.equal(sockets.length, 1);
  mock.timers.tick(100);
  assert.equal(sockets.length, 2);
  for (let i = 0; i < 10; i += 1) {
    last().refuse();
    mock.timers.tick(500);
    assert.equal(sockets.length, 3 + i, "every refusal is followed by an attempt");
  }
  last().accept();
  assert.deepEqual(seen, ["up", "down", "up"]);
});

test("a connection that worked is missed at once: after it the pauses begin anew", () => {
  connect();
  for (let i = 0; i < 6; i += 1) {
    last().refuse();
    mock.timers.tick(500);
  }
  last().accept();
  last().drop();
  const count = sockets.length;
  mock.timers.tick(100);
  assert.equal(sockets.length, count + 1);
});

for (const [event, body, reason] of [
  ["replaced", { by: "window" }, "replaced"],
  ["replaced", { by: "device" }, "moved"],
  ["signed-out", {}, "signed-out"],
] as const) {
  test(`after ${reason} it does not come back`, () => {
    const signal = connect();
    const seen = record(signal, "stopped", "down");
    last().accept();
    const socket = last();
    socket.say(event, body);
    socket.drop();
    signal.renew();
    signal.hurry();
    signal.open();
    mock.timers.tick(60_000);
    assert.equal(sockets.length, 1);
    assert.ok(socket.closed);
    assert.equal(signal.stopped, reason);
    assert.deepEqual(seen, ["down", ["stopped", reason]]);
  });
}

test("when the server drains, clients come back spread over the time that it names", () => {
  const signal = connect(undefined, () => 0.9);
  const seen = record(signal, "draining");
  last().accept();
  last().say("draining", { retry: 2 });
  assert.ok(signal.up, "until the server closes, everything goes on");
  last().drop();
  mock.timers.tick(1800);
  assert.equal(sockets.length, 1);
  mock.timers.tick(200);
  assert.equal(sockets.length, 2);
  last().refuse();
  mock.timers.tick(600);
  assert.equal(sockets.length, 3, "the spread counts for the first attempt only");
  assert.deepEqual(seen, [["draining", { retry: 2 }]]);
});

test("renew throws a silent socket away at once, and hears nothing of it any more", () => {
  const signal = connect();
  const seen = record(signal, "up", "down", "visit", "stopped");
  const old = last();
  old.accept();
  signal.renew();
  assert.equal(sockets.length, 2);
  assert.ok(old.closed);
  old.say("visit", { visit: "v1" });
  old.say("replaced");
  last().accept();
  assert.deepEqual(seen, ["up", "down", "up"]);
});

test("hurry shortens a pause and does nothing to a socket that works or has just been begun", () => {
  const signal = connect();
  signal.hurry();
  assert.equal(sockets.length, 1);
  last().accept();
  signal.hurry();
  assert.equal(sockets.length, 1);
  last().drop();
  signal.hurry();
  assert.equal(sockets.length, 2);
  mock.timers.tick(900);
  assert.equal(sockets.length, 2, "the attempt that was planned is gone");
});

test("hurry replaces an attempt that has been under way for a second: what it sent is lost", () => {
  const signal = connect();
  last().accept();
  signal.renew();
  const old = last();
  mock.timers.tick(1000);
  signal.hurry();
  assert.equal(sockets.length, 3);
  assert.ok(old.closed);
  signal.close();
  signal.hurry();
  assert.equal(sockets.length, 3);
});

test("an attempt whose socket opened into silence is given up like one that never opened", () => {
  connect();
  mock.timers.tick(5000);
  assert.equal(sockets.length, 1, "the socket has four seconds, the greeting a fifth");
  mock.timers.tick(100);
  assert.equal(sockets.length, 2);
  assert.ok(sockets[0]?.closed);
  last().accept();
  mock.timers.tick(60_000);
  assert.equal(sockets.length, 2, "a connection that came to be has no limit");
});

test("a probe fails after a second of silence, and passes with any answer", async () => {
  const signal = connect();
  last().accept();
  const silent = signal.probe();
  mock.timers.tick(1000);
  assert.equal(await silent, false);
  const alive = signal.probe();
  last().emitted[1]?.answered(null, { ok: true, n: 2 });
  assert.equal(await alive, true);
  const refused = signal.probe();
  last().emitted[2]?.answered(null, { ok: false, code: "too-fast", detail: "" });
  assert.equal(await refused, true);
  assert.deepEqual(
    last().emitted.map((one) => one.body),
    [{ n: 1 }, { n: 2 }, { n: 3 }],
  );
});

test("where round trips are long a probe waits longer", async () => {
  const signal = connect();
  last().accept();
  const first = signal.probe();
  mock.timers.tick(800);
  last().emitted[0]?.answered(null, { ok: true, n: 1 });
  await first;
  let result: boolean | undefined;
  void signal.probe().then((ok) => (result = ok));
  mock.timers.tick(2300);
  await settle();
  assert.equal(result, undefined);
  mock.timers.tick(200);
  await settle();
  assert.equal(result, false);
});

test("listeners hear the server's events until they end", () => {
  const signal = connect();
  const seen: string[] = [];
  const end = signal.on("visit", ({ status }) => seen.push(status));
  last().accept();
  last().say("visit", { visit: "v1", status: "waiting", changed: "" });
  end();
  last().say("visit", { visit: "v1", status: "in-progress", changed: "" });
  assert.deepEqual(seen, ["waiting"]);
});

test("closing is for good", () => {
  const signal = connect();
  last().accept();
  signal.close();
  assert.equal(signal.up, false);
  mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
  assert.equal(signal.stopped, "closed");
});
