// A call that is made ready before Admit: nothing is sent, shown or told until then.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Candidate, EnterBody, SignalUp } from "../src/messages";
import { FakeServer, type Person } from "./fake-room";
import { settle } from "./fakes";
import { letIn, pass, person } from "./stage";

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

test("what is found at Admit goes out at once: the seat is kept while the server is asked about it", async () => {
  const { server, amara } = await ready();
  server.unanswered.add("enter");
  admit(amara);
  await pass(20);
  amara.connection.find("candidate:late");
  await pass(20);
  const last = server.heard.filter(({ event }) => event === "signal").pop();
  assert.equal((last?.body as Candidate).candidate, "candidate:late");
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

const told = (server: FakeServer, who: string) =>
  server.heard
    .filter(({ from, event }) => from === who && ["enter", "signal"].includes(event))
    .map(({ event, body }) => (event === "signal" ? (body as { kind: string }).kind : event));

test("the first offer goes along with the wish to get ready, and nothing is gathered before the answer", async () => {
  const server = new FakeServer();
  const amara = person("s", server);
  amara.signal.open();
  await pass(100);
  amara.room.prepare();
  await pass(1000);
  const { epoch, prepared, offer } = server.heard[0]?.body as EnterBody;
  assert.deepEqual([epoch, prepared, offer?.id], [0, true, "i1"]);
  assert.equal(amara.connection.localDescription?.sdp, offer?.sdp);
  assert.match(String(amara.connection.configuration.iceServers?.[0]?.urls), /^turn:/);
  amara.connection.find("candidate:1");
  await pass(100);
  const [, next] = server.heard.filter(({ event }) => event !== "probe");
  assert.equal((next?.body as SignalUp).seq, 2);
});

test("what was drafted is given up where the wish gets no answer", async () => {
  const server = new FakeServer();
  const amara = person("s", server);
  amara.signal.open();
  await pass(100);
  server.unanswered.add("enter");
  amara.room.prepare();
  await pass(1000);
  assert.equal(amara.connection.localDescription, null);
  await pass(10_000);
  assert.ok(amara.connection.closed);
  assert.deepEqual([amara.room.usable, amara.states], [false, []]);
});

test("whoever is let in answers in the same breath as they enter: nobody waits for a round trip", async () => {
  const { server, bo, amara } = await letIn();
  server.unanswered.add("enter");
  await pass(20);
  assert.deepEqual(told(server, "p"), ["enter", "answer"]);
  for (const one of [bo, amara]) assert.equal(one.connection.signalingState, "stable");
});

test("and is in the call like everybody else then, over one connection and with nothing sent twice", async () => {
  const { server, bo, amara } = await letIn();
  amara.room.enter();
  await pass(3000);
  assert.deepEqual(told(server, "p"), ["enter", "answer"]);
  for (const one of [bo, amara]) {
    assert.deepEqual([one.connections.length, one.state, one.errors], [1, "good", []]);
    assert.equal(one.connection.sending("video")?.sender.track, one.video);
    assert.equal(one.streams.length, 1);
  }
});

test("Admit that is done before the preparing was answered goes on over what was prepared", async () => {
  const server = new FakeServer();
  const amara = person("s", server);
  amara.signal.open();
  await pass(100);
  amara.room.prepare();
  admit(amara);
  await pass(1000);
  assert.deepEqual([told(server, "s"), amara.connections.length], [["enter", "enter"], 1]);
  assert.equal(server.epoch, 1);
});

test("and is an ordinary call where the preparing was refused meanwhile", async () => {
  const server = new FakeServer();
  const amara = person("s", server);
  amara.signal.open();
  await pass(100);
  server.refuse = "unavailable";
  amara.room.prepare();
  admit(amara);
  await settle();
  server.refuse = undefined;
  await pass(3000);
  assert.equal(server.seats.get("s")?.prepared, undefined);
  assert.ok(amara.room.usable);
});
