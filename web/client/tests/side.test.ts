// The data channel beside the media: greeted before it is used, one handler a kind, junk ignored.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Side, type SideBody } from "../src/side";
import { FakeSides } from "./fake-channel";
import { settle } from "./fakes";

function pair() {
  const line = new FakeSides();
  const [amara, bo] = [new Side(), new Side()];
  amara.begin(line.first);
  bo.begin(line.second);
  return { line, amara, bo };
}

test("what is said reaches the handler of its kind, in order, on either side", async () => {
  const { line, amara, bo } = pair();
  const heard: unknown[] = [];
  bo.on("point", ({ x }) => heard.push(x));
  amara.on("mark", () => heard.push("mark"));
  assert.equal(amara.send("point", { x: 0 }), false, "before there is a channel nothing goes out");
  line.open();
  await settle();
  for (const x of [1, 2]) assert.equal(amara.send("point", { x }), true);
  bo.send("mark");
  await settle();
  assert.deepEqual(heard, [1, 2, "mark"]);
});

test("a side whose code comes later is greeted again, and nothing is said to it before", async () => {
  const line = new FakeSides();
  const [amara, bo] = [new Side(), new Side()];
  amara.begin(line.first);
  line.second.pc.ondatachannel = ({ channel }) => (line.second.side = channel);
  line.open();
  await settle();
  assert.equal(amara.send("point"), false);
  bo.begin(line.second);
  await settle();
  assert.ok(amara.open && bo.open);
});

test("what comes before its code is kept for it", async () => {
  const { line, amara, bo } = pair();
  line.open();
  await settle();
  amara.send("point", { x: 1 });
  amara.send("mark");
  await settle();
  const heard: SideBody[] = [];
  bo.on("point", (body) => heard.push(body));
  assert.deepEqual(
    heard.map(({ x }) => x),
    [1],
  );
});

test("junk and what is too large are dropped without harm", async () => {
  const { line, amara, bo } = pair();
  line.open();
  await settle();
  let heard = 0;
  bo.on("point", () => (heard += 1));
  const send = (data: unknown) => line.first.side?.send(data as string);
  for (const junk of ["{", "1", "null", '{"kind":7}', new ArrayBuffer(4)]) send(junk);
  send(JSON.stringify({ kind: "point", much: "x".repeat(16_000) }));
  await settle();
  assert.equal(heard, 0);
  amara.send("point");
  await settle();
  assert.equal(heard, 1);
});

test("a new peer connection brings a new channel to the same handlers", async () => {
  const { line, amara, bo } = pair();
  let [heard, opened] = [0, 0];
  bo.on("point", () => (heard += 1));
  amara.onOpen(() => (opened += 1));
  line.open();
  await settle();
  const next = new FakeSides();
  amara.begin(next.first);
  bo.begin(next.second);
  assert.equal(amara.send("point"), false);
  next.open();
  await settle();
  assert.equal(amara.send("point"), true);
  await settle();
  assert.deepEqual([heard, opened], [1, 2]);
});

test("a further channel goes to whoever takes its name", async () => {
  const { line, amara, bo } = pair();
  const taken: string[] = [];
  bo.onChannel("file", ({ label }) => taken.push(label));
  assert.equal(amara.another("file:1"), undefined);
  line.open();
  await settle();
  amara.another("file:1");
  amara.another("other:1");
  await settle();
  assert.deepEqual(taken, ["file:1"]);
});
