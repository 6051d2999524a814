// The autosave of a note: soon, one at a time, never over somebody else's text.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Draft, type DraftState, type Saved } from "../src/draft";
import { settle } from "./fakes";

interface Request {
  readonly value: string;
  readonly version: number;
  readonly leaving: boolean;
  readonly answer: (saved: Saved<string>) => Promise<void>;
  readonly fail: (error?: unknown) => Promise<void>;
}

const AT = new Date("2026-11-23T10:41:07Z");

function draft(version = 0) {
  const requests: Request[] = [];
  const states: DraftState[] = [];
  const conflicts: [string, string][] = [];
  const it = new Draft<string>({
    version,
    save: (value, at, leaving) =>
      new Promise((resolve, reject) => {
        const answer = async (saved: Saved<string>) => {
          resolve(saved);
          await settle();
        };
        const fail = async (error: unknown = new Error("offline")) => {
          reject(error);
          await settle();
        };
        requests.push({ value, version: at, leaving, answer, fail });
      }),
    same: (one, other) => one === other,
  });
  const view = {
    onState: (state: DraftState) => states.push(state),
    onConflict: (mine: string, theirs: string) => conflicts.push([mine, theirs]),
  };
  it.watch(view);
  const words = () => states.map((one) => one.code).filter((one, i, all) => one !== all[i - 1]);
  const next = (): Request => requests[requests.length - 1] as Request;
  return { it, view, requests, states, conflicts, words, next };
}

async function wait(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    mock.timers.tick(Math.min(100, left));
    await settle(10);
  }
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
afterEach(() => mock.timers.reset());

test("it saves a second after the last keystroke and says so", async () => {
  const { it, requests, states, words, next } = draft(3);
  it.edit("Cough");
  await wait(400);
  it.edit("Cough 3 weeks");
  await wait(900);
  assert.equal(requests.length, 0);
  await wait(100);
  assert.equal(requests.length, 1);
  assert.deepEqual([next().value, next().version, next().leaving], ["Cough 3 weeks", 3, false]);
  assert.ok(!it.unsaved || words().at(-1) === "saving");
  await next().answer({ version: 4, at: AT });
  assert.deepEqual(words(), ["typing", "saving", "saved"]);
  assert.deepEqual(states.at(-1), { code: "saved", at: AT });
  assert.equal(it.savedVersion, 4);
  assert.equal(it.unsaved, false);
});

test("who types without a pause never has more than two seconds that the server does not know", async () => {
  const { it, requests, next } = draft();
  const typed: number[] = [];
  let known = -1;
  let comes = Infinity;
  for (let tick = 0; tick < 200; tick += 1) {
    typed.push(Date.now());
    it.edit(`${tick}`);
    const asked = requests.length;
    await wait(100);
    if (requests.length > asked) comes = tick + 5; // the line takes half a second
    if (tick === comes) {
      known = Number(next().value);
      await next().answer({ version: requests.length, at: AT });
    }
    const lost = Date.now() - (typed[known + 1] ?? Date.now());
    assert.ok(lost <= 2000, `${lost} ms would be lost`);
  }
  assert.ok(known > 150);
});

test("one request at a time: what is typed meanwhile goes with the next, on top of the new version", async () => {
  const { it, requests, next, words } = draft();
  it.edit("a");
  await wait(1500);
  it.edit("ab");
  await wait(4000);
  assert.equal(requests.length, 1, "a slow line holds the second one back");
  assert.ok(it.unsaved);
  await next().answer({ version: 1, at: AT });
  await wait(100);
  assert.equal(requests.length, 2);
  assert.deepEqual([next().value, next().version], ["ab", 1]);
  await next().answer({ version: 2, at: AT });
  assert.equal(words().at(-1), "saved");
});

test("an answer in mid-word does not cut the pause short", async () => {
  const { it, requests, next } = draft();
  it.edit("a");
  await wait(1500);
  it.edit("ab");
  await wait(300);
  await next().answer({ version: 1, at: AT });
  await wait(600);
  assert.equal(requests.length, 1);
  await wait(200);
  assert.equal(requests.length, 2);
});

test("what is not saved is tried again, less and less often, and loses nothing", async () => {
  const { it, requests, states, next } = draft();
  it.edit("a");
  await wait(1500);
  for (const pause of [1000, 2000, 4000, 8000, 15_000, 15_000]) {
    const count = requests.length;
    await next().fail();
    assert.deepEqual((states.at(-1) as { again?: boolean }).again, true);
    assert.ok(it.unsaved);
    await wait(pause - 100);
    assert.equal(requests.length, count);
    await wait(100);
    assert.equal(requests.length, count + 1);
  }
  await next().answer({ version: 1, at: AT });
  assert.equal(next().value, "a");
  assert.equal(states.at(-1)?.code, "saved");
});

test("a refusal for good is said and not repeated until somebody types", async () => {
  const { it, requests, states, next } = draft();
  it.edit("a");
  await wait(1500);
  await next().fail({ transient: false });
  assert.deepEqual([states.at(-1)?.code, (states.at(-1) as { again?: boolean }).again], ["not-saved", false]);
  await wait(60_000);
  assert.equal(requests.length, 1);
  it.edit("ab");
  await wait(1500);
  assert.equal(requests.length, 2);
});

test("a conflict shows both texts, saves nothing, and ends with a decision", async () => {
  const { it, requests, conflicts, words, next } = draft(1);
  it.edit("mine");
  await wait(1500);
  it.edit("mine, and more");
  await next().answer({ conflict: { value: "theirs", version: 7, at: AT } });
  assert.deepEqual(conflicts, [["mine, and more", "theirs"]]);
  assert.equal(words().at(-1), "conflict");
  it.edit("mine, and more still");
  await it.flush();
  await wait(60_000);
  assert.equal(requests.length, 1);
  it.resolve("both");
  await settle();
  assert.deepEqual([next().value, next().version], ["both", 7]);
  await next().answer({ version: 8, at: AT });
  assert.equal(words().at(-1), "saved");
});

test("flush saves at once, waits for what is running, and does nothing when all is saved", async () => {
  const { it, requests, next } = draft();
  await it.flush();
  assert.equal(requests.length, 0);
  it.edit("a");
  const first = it.flush();
  assert.equal(requests.length, 1);
  it.edit("ab");
  let done = false;
  const second = it.flush().then(() => (done = true));
  await next().answer({ version: 1, at: AT });
  await first;
  assert.equal(requests.length, 2);
  assert.equal(done, false);
  await next().answer({ version: 2, at: AT });
  await second;
  assert.equal(it.unsaved, false);
});

test("leaving the page saves with keepalive", async () => {
  const { it, next } = draft();
  it.edit("a");
  void it.flush(true);
  assert.equal(next().leaving, true);
});

test("a save whose answer was lost is recognised by its text and asks nobody to choose", async () => {
  const { it, requests, conflicts, words, next } = draft(1);
  it.edit("a");
  await wait(1000);
  await next().fail();
  it.edit("ab");
  await wait(1000);
  assert.deepEqual([next().value, next().version], ["ab", 1]);
  await next().answer({ conflict: { value: "a", version: 2, at: AT } });
  await wait(100);
  assert.deepEqual([next().value, next().version], ["ab", 2]);
  await next().fail();
  await wait(2000);
  await next().answer({ conflict: { value: "ab", version: 3, at: AT } });
  assert.deepEqual([requests.length, it.savedVersion, it.unsaved], [4, 3, false]);
  assert.equal(words().at(-1), "saved");
  assert.deepEqual(conflicts, []);
});

test("the same words two versions on are somebody else's", async () => {
  const { it, conflicts, next } = draft(1);
  it.edit("a");
  await wait(1000);
  await next().fail();
  await wait(1000);
  await next().answer({ conflict: { value: "a", version: 3, at: AT } });
  assert.deepEqual(conflicts, [["a", "a"]]);
});

test("out of view it goes on saving and says nothing; back in view it says where it stands", async () => {
  const { it, view, states, conflicts, next } = draft(1);
  it.edit("a");
  it.watch(undefined);
  const said = states.length;
  await wait(1000);
  await next().fail();
  assert.ok(it.unsaved);
  await wait(1000);
  await next().answer({ conflict: { value: "theirs", version: 4, at: AT } });
  assert.deepEqual([states.length, conflicts.length, it.text], [said, 0, "a"]);
  it.watch(view);
  assert.equal(states.at(-1)?.code, "conflict");
  assert.deepEqual(conflicts, [["a", "theirs"]]);
});

test("after closing nothing is saved or said", async () => {
  const { it, requests, states } = draft();
  it.edit("a");
  it.close();
  it.edit("ab");
  await wait(10_000);
  await it.flush();
  assert.equal(requests.length, 0);
  assert.equal(states.length, 1);
});
