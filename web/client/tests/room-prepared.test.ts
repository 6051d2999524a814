// A call that is made ready before Admit: nothing is sent, shown or told until then.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer, type Person } from "./fake-room";
import { pass, person } from "./stage";

const NOTHING = { audio: null, video: null };

async function ready(): Promise<{ server: FakeServer; bo: Person; amara: Person }> {
  const server = new FakeServer();
  const bo = person("p", server);
  const amara = person("s", server);
  for (const one of [amara, bo]) {
    one.room.use(NOTHING);
    one.signal.open();
  }
  await pass(100);
  for (const one of [amara, bo]) one.room.prepare();
  await pass(3000);
  return { server, bo, amara };
}

function admit(...people: Person[]): void {
  for (const one of people) {
    one.room.use({
      audio: one.audio as unknown as MediaStreamTrack,
      video: one.video as unknown as MediaStreamTrack,
    });
    one.room.enter();
  }
}

test("both sides agree on a connection that carries no track", async () => {
  const { server, bo, amara } = await ready();
  for (const one of [bo, amara]) {
    assert.equal(one.connection.signalingState, "stable");
    assert.deepEqual(
      ["audio", "video"].map((kind) => one.connection.sending(kind)?.sender.track),
      [null, null],
    );
    assert.deepEqual([one.states, one.streams, one.errors], [[], [], []]);
  }
  assert.ok(!server.heard.some(({ event }) => event === "media" || event === "quality"));
});

test("Admit goes on over the same connection and shows what had come in early", async () => {
  const { bo, amara } = await ready();
  const stood = [bo.connection, amara.connection];
  admit(amara, bo);
  await pass(3000);
  for (const one of [bo, amara]) {
    assert.equal(one.connections.length, 1);
    assert.equal(one.connection.sending("video")?.sender.track, one.video);
    assert.equal(one.streams.length, 1);
    assert.equal(one.state, "good");
  }
  assert.deepEqual([bo.connection, amara.connection], stood);
});

test("when the server puts it away, it is closed without a word and a call is made as usual", async () => {
  const { server, bo } = await ready();
  const { connection } = bo;
  bo.sockets[0]?.say("prepare", { visit: "v1", on: false });
  await pass(100);
  assert.ok(connection.closed);
  assert.equal(bo.room.usable, false);
  assert.deepEqual(bo.states, []);
  assert.ok(!server.heard.some(({ event }) => event === "leave"));
});

test("a refusal ends the preparation and nothing is said", async () => {
  const server = new FakeServer();
  const bo = person("p", server);
  bo.signal.open();
  await pass(100);
  server.refuse = "not-admitted";
  bo.room.prepare();
  await pass(100);
  assert.deepEqual([bo.room.usable, bo.states, bo.connections.length], [false, [], 0]);
});

test("what is meant for another visit's preparation leaves this one alone", async () => {
  const { amara } = await ready();
  amara.sockets[0]?.say("prepare", { visit: "v2", on: false });
  await pass(100);
  assert.ok(amara.room.usable);
});
