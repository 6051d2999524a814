// Sealed frames: what was sealed comes out again, once, for those who have the key, and for nobody else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { imported, isSealed, Opener, Sealer, type Bytes, type Kind } from "../src/seal/frame";
import { Workshop } from "../src/seal/workshop";
import type { Told } from "../src/seal/orders";

const raw = (value: number): Bytes => new Uint8Array(16).fill(value);
const key = (value: number) => imported(raw(value));

/** Steady "random" numbers: a test that fails does so again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function frame(random: () => number): Bytes {
  return Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
}

async function pair(id = 1) {
  const opener = new Opener();
  opener.take(id, await key(7));
  return { sealer: new Sealer(await key(7), id), opener };
}

const VOICE = Uint8Array.of(0x78, 1, 2, 3, 4, 5);
const DELTA = Uint8Array.of(0x31, 2, 0, 9, 9, 9, 9, 9);
const KEY_FRAME = Uint8Array.of(0x30, 2, 0, 0x9d, 0x01, 0x2a, 96, 0, 72, 0, 5, 5, 5);

test("whatever is sealed comes out as it was, of any length and kind", async () => {
  const random = chance(1);
  const { sealer, opener } = await pair();
  for (let turn = 0; turn < 400; turn += 1) {
    const kind: Kind = random() < 0.5 ? "audio" : "video";
    const one = frame(random);
    const sealed = await sealer.seal(kind, one);
    assert.ok(isSealed(sealed));
    assert.equal(sealed.length, one.length + 24);
    assert.deepEqual(await opener.open(kind, sealed), one);
  }
});

test("only the head of a frame stays clear: a byte of a voice, the header of a picture", async () => {
  const { sealer } = await pair();
  for (const [kind, one, head] of [
    ["audio", VOICE, 1],
    ["video", DELTA, 3],
    ["video", KEY_FRAME, 10],
  ] as const) {
    const sealed = await sealer.seal(kind, one);
    assert.deepEqual(sealed.slice(0, head), one.slice(0, head));
    assert.notDeepEqual(sealed.slice(head, one.length), one.slice(head));
  }
});

test("a frame with any bit changed is not opened", async () => {
  for (const [kind, one] of [
    ["audio", VOICE],
    ["video", KEY_FRAME],
  ] as const) {
    const { sealer, opener } = await pair();
    const sealed = await sealer.seal(kind, one);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(await opener.open(kind, changed), undefined, `bit ${bit}`);
    }
    assert.deepEqual(await opener.open(kind, sealed), one);
  }
});

test("another key opens nothing, and neither does the right one under another number", async () => {
  const { sealer } = await pair(3);
  const sealed = await sealer.seal("audio", VOICE);
  const other = new Opener();
  other.take(3, await key(8));
  other.take(4, await key(7));
  assert.equal(await other.open("audio", sealed), undefined);
});

test("a voice is not taken for a picture", async () => {
  const { sealer, opener } = await pair();
  const sealed = await sealer.seal("audio", Uint8Array.of(0x31));
  assert.equal(await opener.open("video", sealed), undefined);
});

test("frames may come in any order, and each is opened once", async () => {
  const random = chance(2);
  const { sealer, opener } = await pair();
  const sealed = [];
  for (let at = 0; at < 300; at += 1)
    sealed.push(await sealer.seal("audio", Uint8Array.of(at & 255, at >> 8)));
  const shuffled = sealed.map((one) => [random(), one] as const).sort(([a], [b]) => a - b);
  for (const [, one] of shuffled) assert.ok(await opener.open("audio", one));
  for (const one of sealed) assert.equal(await opener.open("audio", one), undefined);
});

test("what was recorded long ago is not opened", async () => {
  const { sealer, opener } = await pair();
  const old = await sealer.seal("audio", VOICE);
  for (let at = 0; at < 1500; at += 1) await opener.open("audio", await sealer.seal("audio", VOICE));
  assert.equal(await opener.open("audio", old), undefined);
  assert.ok(await opener.open("audio", await sealer.seal("audio", VOICE)));
});

test("no nonce comes twice under a key, whatever is sealed", async () => {
  const random = chance(3);
  const { sealer } = await pair();
  const nonces = new Set<string>();
  const work = Array.from({ length: 2000 }, () =>
    sealer.seal(random() < 0.5 ? "audio" : "video", frame(random)),
  );
  for (const one of await Promise.all(work)) nonces.add([...one.slice(-8, -3)].join());
  assert.equal(nonces.size, 2000);
});

test("what is still on its way is opened after another key has come, and older keys go", async () => {
  const opener = new Opener();
  const sealed = [];
  for (let id = 1; id <= 6; id += 1) {
    opener.take(id, await key(id));
    sealed.push(await new Sealer(await key(id), id).seal("audio", VOICE));
  }
  const opened = await Promise.all(sealed.map((one) => opener.open("audio", one)));
  assert.deepEqual(
    opened.map((one) => one !== undefined),
    [false, false, true, true, true, true],
  );
});

test("a key of somebody who comes anew with the same number takes the place of the old one", async () => {
  const { sealer, opener } = await pair();
  const old = await sealer.seal("audio", VOICE);
  opener.take(1, await key(9));
  assert.equal(await opener.open("audio", old), undefined);
  assert.ok(await opener.open("audio", await new Sealer(await key(9), 1).seal("audio", VOICE)));
});

function workshop() {
  const told: Told[] = [];
  let now = 0;
  const made = new Workshop(
    (one) => told.push(one),
    () => now,
  );
  return { made, told, later: (ms: number) => (now += ms) };
}

test("nothing goes up before it has been said how; then sealed, or as it is", async () => {
  const { made } = workshop();
  assert.equal(await made.work({ kind: "audio" }, VOICE), undefined);
  made.order({ do: "seal", id: 1, key: await key(7) });
  const sealed = await made.work({ kind: "audio" }, VOICE);
  assert.ok(sealed && isSealed(sealed));
  made.order({ do: "pass" });
  assert.deepEqual(await made.work({ kind: "audio" }, VOICE), VOICE);
});

test("what is not sealed is taken only of whom it was said", async () => {
  const { made } = workshop();
  const way = { kind: "audio", who: "p" } as const;
  made.order({ do: "open", who: "p", id: 1, key: await key(7) });
  assert.equal(await made.work(way, VOICE), undefined);
  made.order({ do: "trust", who: "p", clear: true });
  assert.deepEqual(await made.work(way, VOICE), VOICE);
  made.order({ do: "trust", who: "p", clear: false });
  assert.equal(await made.work(way, VOICE), undefined);
});

test("nobody's key opens what somebody else has sealed, and it goes with them", async () => {
  const { made } = workshop();
  made.order({ do: "open", who: "p", id: 1, key: await key(7) });
  const sealer = new Sealer(await key(7), 1);
  assert.equal(await made.work({ kind: "audio", who: "s" }, await sealer.seal("audio", VOICE)), undefined);
  assert.ok(await made.work({ kind: "audio", who: "p" }, await sealer.seal("audio", VOICE)));
  made.order({ do: "forget", who: "p" });
  assert.equal(await made.work({ kind: "audio", who: "p" }, await sealer.seal("audio", VOICE)), undefined);
});

test("it is told now and then how many frames of somebody could be used", async () => {
  const { made, told, later } = workshop();
  made.order({ do: "trust", who: "p", clear: true });
  for (let turn = 0; turn < 3; turn += 1) await made.work({ kind: "audio", who: "p" }, VOICE);
  later(200);
  await made.work({ kind: "video", who: "p" }, DELTA);
  assert.deepEqual(told, [
    { who: "p", frames: 1 },
    { who: "p", frames: 4 },
  ]);
});
