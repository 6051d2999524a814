// Pictures and documents over data channels: in chunks, gone on with after a broken line, nothing taken that was not offered.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Files, LARGEST, type FileFacts } from "../src/files";
import { Side } from "../src/side";
import { FakeSides } from "./fake-channel";
import { settle as settled } from "./fakes";

const settle = () => settled(500);
const ID = "3f0e6c1b-6d0e-4a7f-9a50-3f1f5d0c9e11";
const SIZE = 100_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, at) => at % 251);
const FILE: FileFacts = { id: ID, name: "Picture", type: "image/jpeg", size: SIZE };

class End {
  readonly told: string[] = [];
  readonly came: Uint8Array[] = [];
  readonly side = new Side();
  fits = true;
  readonly files: Files;

  constructor(now: () => number) {
    this.files = new Files(this.side, {
      onSent: (_, share, progress) => this.told.push(`${progress} ${Math.floor(100 * share)}`),
      onComing: () => undefined,
      onArrived: (_, bytes) => this.came.push(bytes),
      check: () => this.fits,
      now,
    });
  }
}

function pair() {
  const [bo, amara] = [new End(() => 0), new End(() => 0)];
  const join = () => {
    const line = new FakeSides();
    bo.side.begin(line.first);
    amara.side.begin(line.second);
    line.open();
    return line;
  };
  return { bo, amara, join };
}

test("a file arrives whole, in chunks of its own channel", async () => {
  const { bo, amara, join } = pair();
  bo.files.send(FILE, BYTES);
  assert.deepEqual(bo.told, ["waiting 0"], "there is no line yet");
  const line = join();
  await settle();
  assert.deepEqual(amara.came, [BYTES]);
  assert.equal(bo.told.at(-1), "done 100");
  assert.deepEqual(
    line.channels.map(({ label }) => label),
    [`file:${ID}:0`],
  );
  assert.ok(line.channels[0]?.sent.every((one) => (one as Uint8Array).byteLength <= 16_384));
  assert.equal(line.channels[0]?.readyState, "closed", "and is not kept open");
});

test("over a broken line it goes on where it stood, over a new one", async () => {
  const { bo, amara, join } = pair();
  join().cutAfter = 3;
  bo.files.send(FILE, BYTES);
  await settle();
  assert.deepEqual(amara.came, []);
  const next = join();
  await settle();
  assert.match(next.channels[0]?.label ?? "", /^file:.*:24576$/);
  assert.deepEqual(amara.came, [BYTES]);
});

test("no more is on its way at once than the answers keep up with", async () => {
  const { bo, join } = pair();
  const line = join();
  line.cutAfter = 0;
  bo.files.send(FILE, BYTES);
  await settle();
  assert.equal(line.channels[0]?.sent.length, 2, "until the first answer, two chunks");
});

test("what is too large, of no known kind or not what it says is not taken", async () => {
  const { bo, amara, join } = pair();
  join();
  for (const wrong of [
    { ...FILE, size: LARGEST + 1 },
    { ...FILE, size: 0 },
    { ...FILE, type: "text/html" as never },
    { ...FILE, id: "../../etc" },
  ]) {
    bo.files.send(wrong, BYTES);
    await settle();
    assert.equal(bo.told.at(-1), "refused 0", JSON.stringify(wrong));
  }
  amara.fits = false;
  bo.files.send(FILE, BYTES);
  await settle();
  assert.equal(bo.told.at(-1), "refused 0");
  assert.deepEqual(amara.came, []);
});

test("a channel that nobody has offered, or that begins elsewhere, is closed", async () => {
  const { bo, amara, join } = pair();
  const line = join();
  await settle();
  bo.side.another(`file:${ID}:0`);
  bo.side.another("file:junk");
  await settle();
  assert.deepEqual(
    line.channels.map(({ readyState }) => readyState),
    ["closed", "closed"],
  );
  assert.deepEqual(amara.came, []);
});
