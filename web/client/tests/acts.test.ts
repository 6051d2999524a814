// Presses: one thing at a time, none lost, a double press done once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Acts } from "../src/clinic/acts";
import { settle } from "./fakes";

function desk() {
  const began: string[] = [];
  const counts: number[] = [];
  const failed: unknown[] = [];
  const open = new Map<string, { done: () => void; fail: (error: unknown) => void }>();
  const acts = new Acts({ onTaken: (count) => counts.push(count), onFailed: (error) => failed.push(error) });
  const press = async (name: string) => {
    const taken = acts.take(name, () => {
      began.push(name);
      return new Promise<void>((done, fail) => open.set(name, { done, fail }));
    });
    taken.catch(() => undefined);
    await settle();
    return taken;
  };
  const ends = async (name: string, error?: unknown) => {
    await settle();
    if (error) open.get(name)?.fail(error);
    else open.get(name)?.done();
    await settle();
  };
  return { acts, began, counts, failed, press, ends };
}

test("a press during another one is done after it, in the order of the presses", async () => {
  const { began, counts, press, ends } = desk();
  void press("see first");
  void press("admit");
  void press("pause");
  await settle();
  assert.deepEqual(began, ["see first"]);
  await ends("see first");
  assert.deepEqual(began, ["see first", "admit"]);
  await ends("admit");
  await ends("pause");
  assert.deepEqual(began, ["see first", "admit", "pause"]);
  assert.deepEqual(counts, [1, 2, 3, 2, 1, 0]);
});

test("a double press is done once, also while it waits for its turn", async () => {
  const { began, press, ends } = desk();
  for (const name of ["admit-next", "admit-next", "message", "message"]) void press(name);
  await ends("admit-next");
  await ends("message");
  assert.deepEqual(began, ["admit-next", "message"]);
});

test("going there and back again ends where the last press points", async () => {
  const { began, press, ends } = desk();
  for (const name of ["look Bo", "look Cy", "look Bo"]) void press(name);
  for (const name of ["look Bo", "look Cy", "look Bo"]) await ends(name);
  assert.deepEqual(began, ["look Bo", "look Cy", "look Bo"]);
});

test("what fails is told and holds nothing up; the words stay until a press that did not wait", async () => {
  const { began, failed, press, ends } = desk();
  void press("admit");
  void press("pause");
  await ends("admit", "gone");
  await ends("pause");
  assert.deepEqual(began, ["admit", "pause"]);
  assert.deepEqual(failed, [undefined, "gone"]);
  void press("late");
  assert.deepEqual(failed, [undefined, "gone", undefined]);
});

test("a fault of the page's own reaches the one who pressed, and the next press is done all the same", async () => {
  const fault = new TypeError("broken");
  const acts = new Acts({
    onTaken: () => undefined,
    onFailed: (error) => {
      if (error) throw error;
    },
  });
  await assert.rejects(
    acts.take("first", () => Promise.reject(fault)),
    fault,
  );
  let done = false;
  await acts.take("second", async () => (done = true));
  assert.ok(done);
});
