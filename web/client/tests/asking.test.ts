// A socket made of questions: each event said once, each news told once, whatever gets lost on the way.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import literals from "../../../tests/data/messages.json";
import { Problem, type RequestOptions } from "../src/api";
import { Asking } from "../src/asking";
import { settle } from "./fakes";

const { json } = literals;
const TOLD = { news: [], over: false };
const away = new Problem(0, "offline", "");

interface Request {
  readonly path: string;
  readonly body: unknown;
  readonly options: RequestOptions;
  answer(told?: unknown): Promise<void>;
  fail(problem: Problem): Promise<void>;
}

/** Lets all news of one answer be told: each in a task of its own. */
async function tasks(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((go) => setImmediate(go));
}

/** A server whose answers a test gives by hand. */
function made(query: Record<string, string> = { visit: "v1" }) {
  const requests: Request[] = [];
  const heard: [string, unknown][] = [];
  const farewells: [string, unknown][] = [];
  const world = { worked: 0, going: () => undefined as void, running: false, busy: () => false };
  let ask: () => Promise<boolean> = async () => false;
  const request = <T>(path: string, body: unknown, options: RequestOptions = {}) =>
    new Promise<T>((resolve, reject) => {
      requests.push({
        path,
        body,
        options,
        answer: (told = TOLD) => (resolve(told as T), tasks()),
        fail: (problem) => (reject(problem), settle()),
      });
    });
  const socket = new Asking({
    query,
    patience: 4000,
    api: {
      get: (path, options) => request(path, undefined, options),
      post: (path, body, options) => request(path, body, options),
    },
    poll: (how, busy) => {
      ask = how;
      world.busy = busy;
      return { start: () => (world.running = true), stop: () => (world.running = false) };
    },
    farewell: (path, body) => void farewells.push([path, body]),
    leaving: (happened) => ((world.going = happened), () => undefined),
    worked: () => (world.worked += 1),
  });
  for (const event of ["connect", "connect_error", "disconnect", "prepare", "visit", "ended"])
    socket.on(event, (body: unknown) => heard.push([event, body]));
  const emit = (event: string, body: unknown, ms = 5000) => {
    const answers: unknown[] = [];
    socket.timeout(ms).emit(event, body, (error, ack) => answers.push(error ? "error" : ack));
    return answers;
  };
  const next = () => requests[requests.length - 1] as Request;
  return { socket, requests, heard, farewells, world, emit, next, ask: () => ask() };
}

async function connected(query?: Record<string, string>) {
  const all = made(query);
  all.socket.connect();
  await all.next().answer(json.connected);
  return all;
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("it connects once, with the patience it was given, for the visit or for nobody's", async () => {
  const { socket, requests, heard, world } = await connected();
  assert.equal(requests[0]?.path, "?visit=v1");
  assert.equal(requests[0]?.options.patience, 4000);
  assert.deepEqual(
    [socket.connected, world.running, world.worked, heard],
    [true, true, 1, [["connect", undefined]]],
  );
  assert.equal((await connected({})).requests[0]?.path, "");
});

test("refused, it says so and asks nothing", async () => {
  const { socket, heard, world, next } = made();
  socket.connect();
  await next().fail(away);
  assert.deepEqual([heard, world.running, world.worked], [[["connect_error", undefined]], false, 0]);
});

test("a connection that nobody wants any more is given back", async () => {
  const { socket, heard, farewells, next } = made();
  socket.connect();
  socket.off();
  socket.disconnect();
  await next().answer(json.connected);
  assert.deepEqual(farewells, [["/live/end?visit=v1", json.end]]);
  assert.deepEqual([heard, socket.connected], [[], false]);
});

test("events leave in order, one request at a time, numbered, and those that gather go together", async () => {
  const { emit, next, requests } = await connected();
  const first = emit("probe", { n: 1 });
  const second = emit("enter", { epoch: 1, since: 4 });
  const third = emit("probe", { n: 7 });
  assert.equal(requests.length, 2);
  assert.deepEqual(next().body, { since: 0, first: 1, events: [["probe", { n: 1 }]] });
  assert.deepEqual(next().options.headers, { "X-Connection": json.connected.connection });
  await next().answer({ news: [{ n: 9, ack: 1, body: { ok: true } }], over: false });
  assert.deepEqual(next().body, { ...json.events, first: 2 });
  assert.deepEqual([first, second, third], [[{ ok: true }], [], []]);
});

test("what one request does not take goes with the next, and a large one by itself", async () => {
  const { emit, next } = await connected();
  emit("probe", { n: 0 });
  for (let n = 1; n <= 40; n += 1) emit("probe", { n });
  emit("signal", { sdp: "x".repeat(60_000) });
  emit("signal", { sdp: "y".repeat(60_000) });
  const sizes: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    sizes.push((next().body as { events: unknown[] }).events.length);
    await next().answer();
  }
  assert.deepEqual(sizes, [1, 32, 8, 1, 1]);
});

test("news are told once and in order, whichever answer brings them", async () => {
  const { ask, emit, next, heard, requests } = await connected();
  const answers = [emit("enter", {}), emit("probe", {}), emit("enter", {}), emit("probe", {})];
  const asked = ask();
  const held = next();
  const early = { n: 9, event: "visit", body: {} };
  await held.answer({ news: [early, ...json.news.news], over: false });
  assert.equal(await asked, true);
  await (requests[1] as Request).answer(json.news);
  assert.deepEqual(heard.slice(1), [
    ["visit", {}],
    ["prepare", json.news.news[2]?.body],
  ]);
  assert.deepEqual(answers[2], [json.news.news[0]?.body]);
  void ask();
  assert.equal(next().path, "?visit=v1&since=12");
});

test("without an acknowledgement in time an event fails, and a late one is dropped", async () => {
  const { emit, next } = await connected();
  const answers = emit("probe", { n: 1 }, 1000);
  mock.timers.tick(1000);
  assert.deepEqual(answers, ["error"]);
  await next().answer({ news: [{ n: 1, ack: 1, body: { ok: true } }], over: false });
  assert.deepEqual(answers, ["error"]);
});

for (const [how, problem, questions] of [
  ["at the third question without an answer", away, 3],
  ["at once where one hangs", new Problem(0, "timeout", ""), 1],
  ["at once where the server does not know it", new Problem(404, "not-connected", ""), 1],
] as const) {
  test(`the connection is lost ${how}`, async () => {
    const { ask, emit, heard, next, socket, world } = await connected();
    const unanswered = emit("probe", {});
    for (let n = 0; n < questions; n += 1) {
      assert.ok(socket.connected);
      const asked = ask();
      await next().fail(problem);
      assert.equal(await asked, false);
    }
    assert.deepEqual([socket.connected, world.running, unanswered], [false, false, ["error"]]);
    assert.deepEqual(heard.at(-1), ["disconnect", undefined]);
  });
}

test("the connection is lost when events cannot be said, and nothing more is", async () => {
  const { emit, heard, next, requests } = await connected();
  emit("probe", {});
  emit("probe", {});
  await next().fail(away);
  assert.equal(heard.filter(([event]) => event === "disconnect").length, 1);
  assert.equal(requests.length, 2);
});

test("closed in good order, it is over, after what was said last", async () => {
  const { ask, heard, next, farewells } = await connected();
  void ask();
  await next().answer({ news: [{ n: 1, event: "visit", body: {} }], over: true });
  assert.deepEqual(heard.slice(1), [
    ["visit", {}],
    ["disconnect", undefined],
  ]);
  assert.deepEqual(farewells, []);
});

test("thrown away, or with its page, it says so to the server and to nobody else", async () => {
  const { socket, heard, farewells, world } = await connected();
  world.going();
  assert.equal(farewells.length, 1);
  socket.off();
  socket.disconnect();
  assert.equal(farewells.length, 2);
  assert.deepEqual(heard, [["connect", undefined]]);
});

test("nothing waits from the way into a call until its end", async () => {
  const { ask, emit, next, world } = await connected();
  assert.equal(world.busy(), false);
  emit("enter", {});
  assert.equal(world.busy(), true);
  emit("leave", {});
  assert.equal(world.busy(), false);
  emit("enter", {});
  void ask();
  await next().answer({ news: [{ n: 1, event: "ended", body: {} }], over: false });
  assert.equal(world.busy(), false);
});

test("who waited for an acknowledgement has gone on before the event behind it is told", async () => {
  const { socket, next, heard } = await connected();
  const emitted = new Promise((resolve) =>
    socket.timeout(5000).emit("enter", { epoch: 1, since: 4 }, (_, ack) => resolve(ack)),
  );
  const went = emitted.then(() => settle()).then(() => heard.push(["went on", undefined]));
  const news = [
    { n: 1, ack: 1, body: { ok: true } },
    { n: 2, event: "visit", body: { status: "in-progress" } },
  ];
  await next().answer({ news, over: false });
  await went;
  assert.deepEqual(
    heard.map(([event]) => event),
    ["connect", "went on", "visit"],
  );
});

test("two answers told at the same time tell each piece of news once, in order", async () => {
  const { ask, next, emit, heard } = await connected();
  const told = (from: number, to: number) => ({
    news: Array.from({ length: to - from + 1 }, (_, i) => ({ n: from + i, event: "visit", body: from + i })),
    over: false,
  });
  emit("probe", { n: 1 });
  const said = next();
  void ask();
  await Promise.all([said.answer(told(1, 4)), next().answer(told(1, 6))]);
  assert.deepEqual(
    heard.slice(1).map(([, body]) => body),
    [1, 2, 3, 4, 5, 6],
  );
});
