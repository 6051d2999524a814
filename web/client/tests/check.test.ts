// The check of a line, over lines made of numbers: what it finds, and how little it spends on a narrow one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DOWN, numbered, order, OVERHEAD, read, TRIP, UP } from "../src/check/datagrams";
import { Measuring, type Datagrams, type Measured, type Time } from "../src/check/measure";

interface Made {
  /** Bits a second, 0 without limit; ms one way; every so many-th datagram is lost on its way up. */
  readonly up?: number;
  readonly down?: number;
  readonly delay?: number;
  readonly loses?: number;
}

/** A clock that jumps to what comes next, and a far end behind a line. */
class Laboratory implements Datagrams, Time {
  heard: (data: unknown) => void = () => undefined;
  spent = 0;
  private at = 0;
  private sent = 0;
  private readonly free = { up: 0, down: 0 };
  private coming: { readonly at: number; readonly does: () => void }[] = [];

  constructor(private readonly made: Made) {}

  now(): number {
    return this.at;
  }

  async wait(ms: number): Promise<void> {
    const until = this.at + ms;
    for (;;) {
      this.coming.sort((one, other) => one.at - other.at);
      const next = this.coming[0];
      if (!next || next.at > until) break;
      this.coming.shift();
      this.at = Math.max(this.at, next.at);
      next.does();
    }
    this.at = until;
  }

  send(data: ArrayBuffer): void {
    this.sent += 1;
    if (this.made.loses && this.sent % this.made.loses === 0) return;
    this.pass("up", this.at, data, (at) => this.far(at, new DataView(data)));
  }

  private far(at: number, said: DataView): void {
    const kind = said.getUint8(0);
    const number = said.getUint32(1);
    if (kind !== DOWN) return this.answer(at, kind, number, kind === TRIP ? said.byteLength : 9);
    const [count, size, gap] = [5, 7, 9].map((place) => said.getUint16(place)) as [number, number, number];
    for (let n = 0; n < count; n += 1) this.answer(at + n * gap, DOWN, number + n, size);
  }

  private answer(at: number, kind: number, number: number, size: number): void {
    const data = numbered(kind, number, size);
    new DataView(data).setUint32(5, Math.round(at));
    this.later(at, () => this.pass("down", at, data, () => this.heard(data)));
  }

  /** Through one direction of the line. */
  private pass(way: "up" | "down", at: number, data: ArrayBuffer, then: (at: number) => void): void {
    const size = data.byteLength + OVERHEAD;
    this.spent += size;
    const rate = this.made[way];
    this.free[way] = Math.max(at, this.free[way]) + (rate ? (size * 8000) / rate : 0);
    const arrives = this.free[way] + (this.made.delay ?? 0);
    this.later(arrives, () => then(arrives));
  }

  private later(at: number, does: () => void): void {
    this.coming.push({ at, does });
  }
}

async function measured(made: Made): Promise<Measured & { spent: number }> {
  const lab = new Laboratory(made);
  return { ...(await new Measuring(lab, lab).measure()), spent: lab.spent };
}

const near = (found: number, meant: number) => Math.abs(found - meant) <= meant / 10;

test("a free line is measured up to what a good picture takes, for less than 300 KB", async () => {
  const found = await measured({ delay: 50 });
  assert.ok(near(found.up, 1_200_000) && near(found.down, 1_200_000), JSON.stringify(found));
  assert.deepEqual([found.trip, found.loss, found.jitter], [100, 0, 0]);
  assert.ok(found.spent < 300_000, String(found.spent));
});

test("a narrow line is told by its narrower direction, and asked for little", async () => {
  for (const [up, down] of [
    [70_000, 70_000],
    [40_000, 2_000_000],
    [2_000_000, 300_000],
  ] as const) {
    const found = await measured({ up, down, delay: 50 });
    assert.ok(near(found.up, Math.min(up, 1_200_000)), JSON.stringify(found));
    assert.ok(near(found.down, Math.min(down, 1_200_000)), JSON.stringify(found));
    if (up === down) assert.ok(found.spent < 50_000, String(found.spent));
  }
});

test("what gets lost on the way counts as lost one way, and does not make the line narrow", async () => {
  const found = await measured({ delay: 50, loses: 5 });
  assert.equal(found.loss, 106); // a fifth did not come back, as if each way had lost a tenth
  assert.ok(found.up > 600_000, JSON.stringify(found));
});

test("where nothing comes back the check ends by itself", async () => {
  const found = await measured({ loses: 1 });
  assert.deepEqual([found.up, found.down, found.loss], [0, 0, 1000]);
});

test("a datagram is read as it is written, and junk is none", () => {
  assert.deepEqual(read(numbered(UP, 70_000, 40)), { kind: UP, number: 70_000, stamp: 0 });
  assert.equal(order(1, 2, 3, 4).byteLength, 11);
  for (const junk of ["text", new ArrayBuffer(8), null]) assert.equal(read(junk), undefined);
});
