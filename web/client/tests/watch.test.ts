// Windows of one session: a touch or a call in one keeps the others open, a lock in one hides all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LOCK_AFTER_MS } from "../src/idle";
import { Watch } from "../src/watch";

const real = { now: Date.now, listen: globalThis.addEventListener, every: globalThis.setInterval };

const channels: BroadcastChannel[] = [];

/** Gives two windows of one browser and a clock for both. */
function desk() {
  let at = 0;
  let unheard = 0;
  Date.now = () => at;
  globalThis.addEventListener = () => undefined;
  globalThis.setInterval = (() => 0) as unknown as typeof setInterval;
  const window = (busy: boolean) => {
    const state = { busy, locks: 0, veiled: false };
    const channel = new BroadcastChannel("staff");
    channels.push(channel);
    const post = channel.postMessage.bind(channel);
    channel.postMessage = (word) => {
      unheard += channels.length - 1;
      post(word);
    };
    channel.addEventListener("message", () => (unheard -= 1));
    const page = {
      busy: () => state.busy,
      lock: () => void (state.locks += 1),
      veil: () => void (state.veiled = true),
      unveil: () => void (state.veiled = false),
    };
    const watch = new Watch(page, channel);
    return { state, watch };
  };
  /** Until every window has heard all that was said. */
  const heard = async () => {
    while (unheard > 0) await new Promise((done) => setTimeout(done, 1));
  };
  const pass = (ms: number) => (at += ms);
  return { window, heard, pass };
}

function undo(): void {
  for (const channel of channels.splice(0)) channel.close();
  Object.assign(Date, { now: real.now });
  globalThis.addEventListener = real.listen;
  globalThis.setInterval = real.every;
}

test("a call in one window keeps another one open, and its end lets it lock", async () => {
  const { window, heard, pass } = desk();
  const [clinic, book] = [window(true), window(false)];
  pass(LOCK_AFTER_MS);
  clinic.watch.look();
  await heard();
  book.watch.look();
  assert.deepEqual([clinic.state.locks, book.state.locks], [0, 0]);
  clinic.state.busy = false;
  pass(LOCK_AFTER_MS);
  book.watch.look();
  assert.equal(book.state.locks, 1);
  undo();
});

test("a lock hides every window, and a page that shows itself brings them back", async () => {
  const { window, heard } = desk();
  const [clinic, book] = [window(false), window(false)];
  await heard();
  book.watch.veil();
  await heard();
  assert.deepEqual([clinic.state.veiled, book.state.veiled], [true, true]);
  window(false);
  await heard();
  assert.deepEqual([clinic.state.veiled, book.state.veiled], [false, false]);
  undo();
});
