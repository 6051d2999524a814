// The patient's own visit on the server: answers and news that cross each other.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Mine } from "../src/visit/mine";
import { settle } from "./fakes";

afterEach(() => mock.restoreAll());

test("an answer that left before the move does not undo what the socket has told", async () => {
  const answers: ((answer: Response) => void)[] = [];
  mock.method(globalThis, "fetch", () => new Promise((done) => answers.push(done)));
  const waiting = () => new Response(JSON.stringify({ status: "waiting", csrf: "token" }));
  const mine = new Mine("v1", "", () => undefined);
  const first = mine.read();
  await settle();
  answers.shift()?.(waiting());
  assert.equal((await first).status, "waiting");

  const crossing = mine.read();
  await settle();
  mine.moved("in-progress");
  answers.shift()?.(waiting());
  assert.equal((await crossing).status, "in-progress");
  assert.equal(mine.now?.status, "in-progress");
});

test("nor the place that the socket has told, and asking again with the mark costs no answer", async () => {
  const answers: ((answer: Response) => void)[] = [];
  const asked: string[] = [];
  mock.method(globalThis, "fetch", (address: string) => {
    asked.push(address);
    return new Promise((done) => answers.push(done));
  });
  const place = { ahead: 2, minutes: 30, late: 0, why: "", paused: false };
  const first = JSON.stringify({ status: "waiting", csrf: "token", place, mark: "m1" });
  const told: number[] = [];
  const mine = new Mine("v1", "", (now) => told.push(now.place.ahead));
  const reading = mine.read();
  await settle();
  answers.shift()?.(new Response(first));
  await reading;

  const crossing = mine.read();
  await settle();
  assert.match(asked[1] ?? "", /\?since=m1$/);
  mine.placed({ ...place, ahead: 1 });
  answers.shift()?.(new Response(first));
  assert.equal((await crossing).place.ahead, 1);

  const nothing = mine.read();
  await settle();
  answers.shift()?.(new Response(null, { status: 204 }));
  assert.equal((await nothing).place.ahead, 1);
  assert.deepEqual(told, [2, 1, 1, 1]);
});

test("the first look takes the answer that the page has asked for already, later ones ask", async () => {
  const asked = mock.method(globalThis, "fetch", async () => new Response('{"state": "over"}'));
  const page = globalThis as { looked?: Promise<Response> };
  page.looked = Promise.resolve(new Response('{"state": "open"}'));
  const mine = new Mine("", "TOKEN", () => undefined);
  assert.equal((await mine.look()).state, "open");
  assert.equal(asked.mock.callCount(), 0);
  assert.equal((await mine.look()).state, "over");
  assert.equal(asked.mock.callCount(), 1);
});

test("what the page has asked for and not got is asked for again, a refusal is not", async () => {
  const asked = mock.method(globalThis, "fetch", async () => new Response('{"state": "open"}'));
  const page = globalThis as { looked?: Promise<Response> };
  page.looked = Promise.reject(new TypeError("no line"));
  const mine = new Mine("", "TOKEN", () => undefined);
  assert.equal((await mine.look()).state, "open");
  assert.equal(asked.mock.callCount(), 1);
  page.looked = Promise.resolve(new Response('{"code": "no-such-link"}', { status: 404 }));
  await assert.rejects(mine.look(), { code: "no-such-link" });
  assert.equal(asked.mock.callCount(), 1);
});

test("a link that is opened twice at once is opened once, and again only when that failed", async () => {
  const answers: ((answer: Response) => void)[] = [];
  const asked: string[] = [];
  mock.method(globalThis, "fetch", (address: string) => {
    asked.push(address);
    return new Promise((done) => answers.push(done));
  });
  const mine = new Mine("", "TOKEN", () => undefined);
  const both = [mine.open(), mine.open()];
  await settle();
  assert.deepEqual(asked, ["/api/v1/visit-links/open"]);
  answers.shift()?.(new Response("{}", { status: 410 }));
  for (const each of both) await assert.rejects(each);
  const again = mine.open();
  await settle();
  answers.shift()?.(new Response(JSON.stringify({ visit: "v1", status: "arrived", csrf: "token" })));
  await again;
  await mine.open();
  assert.equal(mine.visit, "v1");
  assert.equal(asked.length, 2);
});

test("the wish to wait tells in the same question what the check has shown", async () => {
  const asked: [string, unknown][] = [];
  mock.method(globalThis, "fetch", async (address: string, init: RequestInit) => {
    asked.push([address, JSON.parse(init.body as string)]);
    return new Response(JSON.stringify({ status: "waiting", device: "ready", csrf: "token" }));
  });
  const mine = new Mine("v1", "", () => undefined);
  await mine.wait("ready");
  await mine.device("ready");
  assert.deepEqual(asked, [["/api/v1/my/v1/wait", { device: "ready" }]]);
});
