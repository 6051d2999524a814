// Three in a room: a lane of its own to each further member, and nobody else's connection touched by it.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { SignalDown } from "../src/messages";
import { FakeTrack } from "./fake-connection";
import { BOTH, Stand, THREE, member, pair } from "./mesh-stand";
import { pass } from "./stage";

async function offered(): Promise<Stand> {
  const stand = new Stand();
  stand.mesh.seated({ g1: pair(1) }, THREE, stand.entered());
  await pass(100);
  return stand;
}

test("whoever comes is offered a connection of their own, by name", async () => {
  const { sent, made, own } = await offered();
  assert.deepEqual([sent[0]?.to, sent[0]?.kind, sent[0]?.epoch], ["g1", "offer", 1]);
  assert.equal(made.length, 1);
  assert.equal(made[0]?.sending("audio")?.sender.track, own.sent.audio);
});

test("a member whose socket is gone is waited for before the offer", async () => {
  const stand = new Stand();
  stand.mesh.seated({ g1: pair(1) }, [member("g1", false), ...BOTH], stand.entered());
  await pass(100);
  assert.equal(stand.sent.length, 0);
});

test("another epoch makes a new connection, the same one leaves it alone", async () => {
  const stand = await offered();
  stand.mesh.seated({ g1: pair(1) }, THREE, stand.entered());
  assert.equal(stand.made.length, 1);
  stand.mesh.seated({ g1: pair(2) }, THREE, stand.entered());
  await pass(100);
  assert.deepEqual([stand.made.length, stand.made[0]?.closed, stand.sent.at(-1)?.epoch], [2, true, 2]);
});

test("whoever is gone is parted with at once", async () => {
  const stand = await offered();
  stand.mesh.seated({}, BOTH, stand.entered());
  assert.deepEqual([stand.made[0]?.closed, stand.told, stand.mesh.held], [true, ["g1 gone"], undefined]);
});

test("entering tells what stands, and a lane that the server has still goes on", async () => {
  const stand = await offered();
  stand.receive({ epoch: 1, seq: 4, from: "g1", kind: "end-of-candidates", ufrag: null } as SignalDown);
  assert.deepEqual(stand.mesh.held, { g1: { epoch: 1, since: 4 } });
  stand.mesh.pause();
  assert.equal(stand.mesh.entered(stand.entered({ g1: pair(1, { resumed: true, since: 4 }) })), false);
  assert.equal(stand.made.length, 1);
});

test("a lane of which the server has nothing and that never stood is asked for anew", async () => {
  const stand = await offered();
  assert.equal(stand.mesh.entered(stand.entered({ g1: pair(1, { resumed: false, since: 0 }) })), true);
  assert.deepEqual(stand.mesh.held, { g1: { epoch: 0, since: 0 } });
});

test("after a restart of the server a lane waits for its other end; named by nobody it is over", async () => {
  const stand = await offered();
  stand.made[0]?.ice("connected");
  stand.mesh.entered(stand.entered({ g1: pair(1, { resumed: false, since: 0 }) }, BOTH));
  stand.mesh.seated({}, BOTH, stand.entered());
  assert.equal(stand.made[0]?.closed, false);
  stand.mesh.seated({ g1: pair(1) }, THREE, stand.entered());
  assert.equal(stand.made.length, 1);
  stand.mesh.entered(stand.entered(undefined, BOTH));
  assert.equal(stand.made[0]?.closed, true);
});

test("what is sent changes for everybody", async () => {
  const stand = await offered();
  const other = new FakeTrack("audio") as unknown as MediaStreamTrack;
  for (const peer of stand.beside.peers.values()) void peer.put("audio", other);
  await pass(10);
  assert.equal(stand.made[0]?.sending("audio")?.sender.track, other);
});

test("what comes in is told with whose it is", async () => {
  const stand = await offered();
  const { sent } = stand;
  const id = (sent[0] as unknown as { id: string }).id;
  stand.receive({ epoch: 1, seq: 1, from: "g1", kind: "answer", id, sdp: "v=0\r\n" } as SignalDown);
  stand.receive({ epoch: 1, seq: 1, from: "g7", kind: "answer", id, sdp: "v=0\r\n" } as SignalDown);
  await pass(100);
  assert.deepEqual(stand.told, ["g1 seen"]);
});

test("a lane through which nothing gets asks for a new epoch", async () => {
  const stand = await offered();
  await pass(16_000);
  assert.equal(await stand.mesh.tick(false), true);
  assert.deepEqual(stand.mesh.held, { g1: { epoch: 0, since: 0 } });
});
