// When a page goes over to questions because no websocket comes through, and when it goes back to websockets.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Signal } from "../src/signal";
import { FakeSocket, settle } from "./fakes";

interface Dialled {
  readonly way: "websocket" | "questions";
  readonly socket: FakeSocket;
}

const dialled: Dialled[] = [];
const last = (): FakeSocket => (dialled[dialled.length - 1] as Dialled).socket;
const ways = (): string[] => dialled.map((one) => one.way);

function connect(changes: { known?: boolean; answers?: boolean; loads?: boolean } = {}) {
  const facts = { known: false, answers: true, loads: true, ...changes };
  let held: Promise<boolean> | undefined;
  /** Leaves the next question open until it is answered by what this returns. */
  const hold = () => {
    let answer: (it: boolean) => void = () => undefined;
    held = new Promise((done) => (answer = done));
    return answer;
  };
  const made = (way: Dialled["way"]) => (query: Record<string, string>) => {
    const socket = new FakeSocket(query);
    dialled.push({ way, socket });
    return socket;
  };
  const signal = new Signal({
    visit: "v1",
    random: () => 0.5,
    connect: made("websocket"),
    instead: {
      known: () => facts.known,
      answers: async () => held ?? facts.answers,
      load: () => (facts.loads ? Promise.resolve(made("questions")) : Promise.reject(new Error("no line"))),
    },
  });
  signal.open();
  return { signal, facts, hold };
}

/** The websocket fails before it has opened; what follows from it is waited for. */
async function refuse(after = 500): Promise<void> {
  last().refuse();
  await settle();
  mock.timers.tick(after);
  await settle();
}

beforeEach(() => {
  dialled.length = 0;
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
});
afterEach(() => mock.timers.reset());

test("refused twice while the server answers, a page asks instead, for the same visit", async () => {
  const { signal } = connect();
  await refuse();
  assert.deepEqual(ways(), ["websocket", "websocket"]);
  await refuse();
  assert.deepEqual(ways(), ["websocket", "websocket", "questions"]);
  assert.deepEqual(last().query, { visit: "v1" });
  last().accept();
  assert.ok(signal.up);
});

test("a websocket that hangs for four seconds is not tried twice", async () => {
  connect();
  mock.timers.tick(4000);
  await refuse(0);
  assert.deepEqual(ways(), ["websocket", "questions"]);
});

test("a websocket that worked before and hangs in a dead line is no sign of a blocked one", async () => {
  connect();
  last().accept();
  last().drop();
  mock.timers.tick(500);
  mock.timers.tick(4000);
  await refuse(0);
  assert.equal(dialled.length, 3);
  mock.timers.tick(5000);
  await refuse(0);
  assert.deepEqual(
    ways(),
    ["websocket", "websocket", "websocket", "questions"],
    "only a fresh one that fails, too, after the server has answered",
  );
});

test("no attempt waits for the answer over HTTP, and an answer makes a fresh one", async () => {
  const { hold } = connect();
  last().accept();
  last().drop();
  const answer = hold();
  mock.timers.tick(500);
  for (let n = 2; n < 6; n += 1) {
    await refuse();
    assert.equal(dialled.length, n + 1, "the answer is still out");
  }
  mock.timers.tick(1500);
  answer(true);
  await settle();
  assert.equal(dialled.length, 7, "what hung is replaced");
  last().accept();
  assert.ok(!ways().includes("questions"));
});

test("while the server is away nothing is concluded from it, however long it takes", async () => {
  const { facts } = connect({ answers: false });
  for (let n = 0; n < 8; n += 1) await refuse();
  assert.ok(!ways().includes("questions"));
  facts.answers = true;
  await refuse();
  last().accept();
  assert.ok(!ways().includes("questions"), "it came back, and so did the websocket");
});

test("a websocket that worked and is lost counts as blocked only when it fails anew", async () => {
  connect();
  await refuse();
  last().accept();
  last().drop();
  mock.timers.tick(500);
  await refuse();
  assert.deepEqual(ways(), ["websocket", "websocket", "websocket", "websocket"]);
  await refuse();
  assert.equal(ways().at(-1), "questions");
});

test("questions stay questions when their connection is lost; where they fail, websockets are tried again", async () => {
  const { signal } = connect();
  await refuse();
  await refuse();
  last().accept();
  signal.renew();
  assert.equal(ways().at(-1), "questions");
  last().accept();
  last().drop();
  mock.timers.tick(500);
  assert.equal(ways().at(-1), "questions");
  await refuse();
  assert.equal(ways().at(-1), "websocket");
});

test("a tab that knows asks from the beginning", async () => {
  const { signal } = connect({ known: true });
  signal.open();
  await settle();
  assert.deepEqual(ways(), ["questions"]);
});

test("what cannot be loaded is done without", async () => {
  connect({ known: true, loads: false });
  await settle();
  mock.timers.tick(500);
  assert.deepEqual(ways(), ["websocket"]);
  await refuse();
  await refuse();
  assert.deepEqual(new Set(ways()), new Set(["websocket"]));
});

test("a socket that was given up meanwhile decides nothing, and a closed connection stays closed", async () => {
  const { signal } = connect();
  await refuse();
  last().refuse();
  signal.renew();
  await settle();
  assert.deepEqual(ways(), ["websocket", "websocket", "websocket"]);
  last().refuse();
  signal.close();
  await settle();
  mock.timers.tick(60_000);
  await settle();
  assert.equal(dialled.length, 3);
});
