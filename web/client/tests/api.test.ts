// The JSON API: what is sent, what a refusal becomes, and what is repeated.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Api, Problem, type RequestOptions } from "../src/api";
import { settle } from "./fakes";

interface Seen {
  readonly url: string;
  readonly init: RequestInit;
}

function api(...answers: (Response | Error | "never")[]) {
  const seen: Seen[] = [];
  const it = new Api({
    csrf: "token",
    random: () => 0.5,
    fetch: (url, init) => {
      seen.push({ url: String(url), init: init as RequestInit });
      const answer = answers.shift();
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer instanceof Response) return Promise.resolve(answer);
      return new Promise((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new Error("cut"))),
      );
    },
  });
  const header = (i: number, name: string) => (seen[i]?.init.headers as Record<string, string>)[name];
  return { it, seen, header };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string, more = {}) =>
  json({ type: "about:blank", title: "No", status, code, detail: "Because.", ...more }, status);

async function refused(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Problem);
  return error;
}

/** Runs a request while time passes. */
async function patiently<T>(promise: Promise<T>): Promise<T> {
  let over = false;
  void promise.catch(() => undefined).finally(() => (over = true));
  while (!over) {
    await settle();
    mock.timers.tick(100);
  }
  return promise;
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("a read sends no token and no key", async () => {
  const { it, seen, header } = api(json({ items: [] }));
  assert.deepEqual(await it.get("/visits"), { items: [] });
  assert.equal(seen[0]?.url, "/api/v1/visits");
  assert.equal(seen[0]?.init.method, "GET");
  assert.equal(header(0, "X-CSRF-Token"), undefined);
  assert.equal(header(0, "Idempotency-Key"), undefined);
});

test("a write carries token, key and JSON", async () => {
  const { it, seen, header } = api(json({ id: "1" }, 201));
  await it.post("/visits", { slot: "s" });
  assert.equal(header(0, "X-CSRF-Token"), "token");
  assert.match(header(0, "Idempotency-Key") ?? "", /^[0-9a-f]{32}$/);
  assert.equal(header(0, "Content-Type"), "application/json");
  assert.equal(seen[0]?.init.body, '{"slot":"s"}');
});

test("an empty answer is undefined", async () => {
  const { it } = api(new Response(null, { status: 204 }));
  assert.equal(await it.post("/visits/1/end"), undefined);
});

test("a refusal keeps code, detail, field errors and all other members", async () => {
  const errors = [{ field: "slot", code: "missing", detail: "Choose a time." }];
  const { it, seen } = api(problem(409, "slot-taken", { errors, current: { version: 4 } }));
  const error = await refused(it.post("/visits", {}));
  assert.deepEqual([error.status, error.code, error.detail], [409, "slot-taken", "Because."]);
  assert.deepEqual(error.errors, errors);
  assert.deepEqual(error.body["current"], { version: 4 });
  assert.equal(error.transient, false);
  assert.equal(seen.length, 1, "it is not repeated");
});

test("a refusal that is no JSON has a code all the same", async () => {
  const { it } = api(new Response("<h1>Not here</h1>", { status: 404 }));
  assert.equal((await refused(it.get("/visits/1"))).code, "http-404");
});

test("what may succeed later is tried three times, a write with the same key", async () => {
  const { it, seen, header } = api(new Error("no line"), problem(503, "draining"), json({ ok: 1 }));
  assert.deepEqual(await patiently(it.post("/visits", {})), { ok: 1 });
  assert.equal(seen.length, 3);
  assert.equal(header(0, "Idempotency-Key"), header(2, "Idempotency-Key"));
});

test("a third failure is told", async () => {
  const { it, seen } = api(new Error("1"), new Error("2"), new Error("3"), json({}));
  const error = await patiently(refused(it.get("/visits")));
  assert.deepEqual([error.status, error.code, error.transient], [0, "offline", true]);
  assert.equal(seen.length, 3);
});

test("no answer within the patience is a timeout", async () => {
  const { it } = api("never");
  const error = await patiently(refused(it.get("/visits", { patience: 1000, attempts: 1 })));
  assert.equal(error.code, "timeout");
});

test("an answer that is no JSON is a fault of the server", async () => {
  const { it } = api(new Response("<html>"));
  const error = await refused(it.get("/visits", { attempts: 1 }));
  assert.deepEqual([error.status, error.code], [502, "bad-answer"]);
});

test("a request that outlives the page is sent once", async () => {
  const { it, seen } = api(new Error("gone"));
  const options: RequestOptions = { keepalive: true, key: "k", headers: { "If-Match": '"3"' } };
  await refused(it.put("/notes/1", { plan: "" }, options));
  assert.equal(seen.length, 1);
  assert.equal(seen[0]?.init.keepalive, true);
  const headers = seen[0]?.init.headers as Record<string, string>;
  assert.deepEqual([headers["Idempotency-Key"], headers["If-Match"]], ["k", '"3"']);
});
