// The page that nobody touches: when it locks itself, how often, and that a call keeps it open.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Idle, LOCK_AFTER_MS } from "../src/idle";

function desk() {
  const state = { at: 0, busy: false, locks: 0 };
  const idle = new Idle({
    busy: () => state.busy,
    lock: () => void (state.locks += 1),
    now: () => state.at,
  });
  const pass = (ms: number) => {
    state.at += ms;
    idle.look();
    return state.locks;
  };
  return { state, idle, pass };
}

test("a page that nobody touches locks after fifteen minutes, once", () => {
  const { pass } = desk();
  assert.equal(LOCK_AFTER_MS, 900_000);
  assert.equal(pass(LOCK_AFTER_MS - 1), 0);
  assert.equal(pass(1), 1);
  assert.equal(pass(LOCK_AFTER_MS), 1);
});

test("every touch begins the quarter of an hour anew, after a lock too", () => {
  const { idle, pass } = desk();
  pass(LOCK_AFTER_MS - 1);
  idle.touched();
  assert.equal(pass(LOCK_AFTER_MS - 1), 0);
  assert.equal(pass(1), 1);
  idle.touched();
  assert.equal(pass(LOCK_AFTER_MS), 2);
});

test("a running call keeps the page open, and its end begins the quarter of an hour", () => {
  const { state, pass } = desk();
  state.busy = true;
  assert.equal(pass(3 * LOCK_AFTER_MS), 0);
  state.busy = false;
  assert.equal(pass(LOCK_AFTER_MS - 1), 0);
  assert.equal(pass(1), 1);
});
