// Blocks of hours on days of 23, 24 and 25 hours: what is moved where, and what clocks show there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { between, moved, rowOf, wallOf } from "../src/week";

const walls = (hours: readonly number[]) =>
  hours.flatMap((hour) =>
    ["00", "15", "30", "45"].map((minutes) => `${String(hour).padStart(2, "0")}:${minutes}`),
  );
const all = [...Array(24).keys()];
const plain = walls(all);
const forward = walls(all.filter((hour) => hour !== 2));
const back = walls([...all.slice(0, 3), ...all.slice(2)]);

test("a block stands where clocks show its times", () => {
  assert.equal(rowOf("09:00", plain), 36);
  assert.equal(rowOf("09:00", forward), 32);
  assert.equal(rowOf("09:00", back), 40);
});

test("an end of midnight is the end of the day, a start its beginning", () => {
  assert.equal(rowOf("00:00", back, true), 100);
  assert.equal(rowOf("00:00", back), 0);
  assert.equal(wallOf(92, forward), "00:00");
});

test("a time that clocks leave out stands where they go on", () => {
  assert.equal(rowOf("02:30", forward), 8);
  assert.equal(wallOf(8, forward), "03:00");
});

test("a time between two rows stands at the later one, behind the last at the end", () => {
  assert.equal(wallOf(rowOf("09:10", plain), plain), "09:15");
  assert.equal(rowOf("23:50", plain), 96);
});

test("a block is moved within the day and keeps its length", () => {
  assert.deepEqual(moved({ start: 32, end: 40 }, "all", 4, 96), { start: 36, end: 44 });
  assert.deepEqual(moved({ start: 2, end: 10 }, "all", -4, 96), { start: 0, end: 8 });
  assert.deepEqual(moved({ start: 84, end: 94 }, "all", 4, 92), { start: 82, end: 92 });
});

test("an edge is moved within the day and never past the other", () => {
  assert.deepEqual(moved({ start: 32, end: 40 }, "end", 100, 96), { start: 32, end: 96 });
  assert.deepEqual(moved({ start: 32, end: 40 }, "end", -20, 96), { start: 32, end: 33 });
  assert.deepEqual(moved({ start: 32, end: 40 }, "start", 20, 96), { start: 39, end: 40 });
  assert.deepEqual(moved({ start: 2, end: 40 }, "start", -9, 96), { start: 0, end: 40 });
});

test("what is drawn reaches from one row to the other, whichever came first", () => {
  assert.deepEqual(between(10, 13, 96), { start: 10, end: 14 });
  assert.deepEqual(between(13, 10, 96), { start: 10, end: 14 });
  assert.deepEqual(between(-3, 200, 96), { start: 0, end: 96 });
});
