// A consultation through lost sockets, dead lines and a server that dies: Dr Amara (s) sees Bo (p).

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "./fake-room";
import { call, line, pass, person } from "./stage";

test("a lost socket: the room is entered again in the same epoch and media goes on", async () => {
  const { server, bo, amara } = await call();
  const before = server.heard.length;
  const { configuration } = bo.connection;
  server.drop("p");
  await pass(1500);
  const since = server.heard.slice(before).filter((one) => one.from === "p");
  assert.deepEqual(
    since.map((one) => one.event),
    ["enter", "media"],
  );
  assert.equal((since[0]?.body as { epoch: number }).epoch, 1);
  assert.equal(bo.connections.length, 1);
  assert.ok(!bo.connection.closed);
  assert.equal(bo.connection.restarts, 0);
  assert.equal(bo.state, "good");
  assert.equal(amara.state, "good");
  assert.equal(bo.sockets.length, 2);
  assert.notDeepEqual(bo.connection.configuration, configuration, "with fresh relay credentials");
});

test("the server is killed and comes back: nobody touches a connection, both adopt their epoch", async () => {
  const { server, bo, amara } = await call();
  server.running = false;
  server.restart();
  await pass(5000);
  assert.equal(bo.state, "good", "media goes on, so nothing is said");
  server.running = true;
  await pass(3000);
  assert.equal(server.epoch, 1);
  for (const one of [bo, amara]) {
    assert.equal(one.connections.length, 1);
    assert.equal(one.connection.restarts, 0);
    assert.deepEqual(one.states.slice(-1), ["good"]);
    assert.ok(!one.states.includes("reconnecting"));
  }
});

test("the server forgets an unfinished negotiation: the connection is built anew", async () => {
  const server = new FakeServer();
  const amara = person("s", server);
  const bo = person("p", server);
  bo.room.enter();
  await pass(100);
  bo.connection.holdRemote = new Promise(() => undefined); // a browser that never answers
  amara.room.enter();
  await pass(100);
  assert.equal(amara.connection.signalingState, "have-local-offer");
  server.restart();
  await pass(5000);
  assert.equal(server.epoch, 2);
  assert.equal(amara.state, "good");
  assert.equal(bo.state, "good");
});

test("the line breaks: probe, new socket, restart of ICE, in that order and within seconds", async () => {
  const { server, bo } = await call();
  line.open = false;
  server.deaf.add("p"); // the old address: the socket is dead without knowing it
  await pass(2000);
  assert.equal(bo.connection.restarts, 0, "no offer into a dead socket");
  server.deaf.clear();
  await pass(800);
  assert.equal(bo.sockets.length, 2);
  assert.equal(bo.connection.restarts, 1, "at once when the room has been entered");
  assert.equal(bo.state, "reconnecting");
  line.open = true;
  await pass(1000);
  assert.equal(bo.state, "good");
  assert.equal(bo.connections.length, 1);
  assert.equal(bo.connection.signalingState, "stable");
});

test("the other side closes the page: it is away, and after the grace it has left", async () => {
  const { server, bo, amara } = await call();
  amara.room.close();
  line.open = false;
  server.drop("s");
  await pass(3500);
  assert.equal(bo.state, "peer-away");
  server.seats.delete("s");
  server.roster();
  await pass(1000);
  assert.equal(bo.state, "peer-left");
});

test("nothing gets through for 22 s although both are there: everything is built anew", async () => {
  const { bo, amara } = await call();
  line.open = false;
  await pass(21_000);
  assert.equal(amara.connections.length, 1);
  await pass(4000);
  assert.equal(amara.connections.length, 2);
  line.open = true;
  await pass(3000);
  assert.equal(bo.state, "good");
  assert.equal(amara.state, "good");
});

test("twenty seconds of silence are said", async () => {
  const { bo } = await call();
  line.open = false;
  await pass(22_500);
  assert.equal(bo.state, "lost");
});

test("the line breaks before what measures it has come: that is noticed and said all the same", async () => {
  const server = new FakeServer();
  const bo = person("p", server);
  const amara = person("s", server);
  bo.gauges = () => new Promise(() => undefined);
  bo.room.enter();
  await pass(1000);
  amara.room.enter();
  await pass(4000);
  line.open = false;
  await pass(3500);
  assert.equal(bo.state, "reconnecting");
});

test("a server without time is asked again after a second", async () => {
  const server = new FakeServer();
  server.refuse = "unavailable";
  const bo = person("p", server);
  bo.room.enter();
  await pass(900);
  server.refuse = undefined;
  await pass(1000);
  assert.equal(bo.state, "waiting");
});

test("network, page and ICE events lead to a probe, however many there are", async () => {
  const { server, bo } = await call();
  const count = server.heard.length;
  const probes = () => server.heard.slice(count).filter((one) => one.event === "probe").length;
  bo.happens("hidden");
  await pass(100);
  assert.equal(probes(), 0);
  bo.happens("network");
  bo.happens("visible");
  bo.happens("online");
  await pass(100);
  assert.equal(probes(), 1);
});

test("in a room the server hears from everyone at least every 8 s", async () => {
  const { server } = await call();
  const count = server.heard.length;
  await pass(30_000);
  const probes = server.heard.slice(count).filter((one) => one.event === "probe" && one.from === "p");
  assert.ok(probes.length >= 4, String(probes.length));
});

test("signals of another epoch do not touch the connection", async () => {
  const { bo } = await call();
  const state = bo.connection.log.length;
  const stray = { kind: "offer", id: "x", sdp: "v=0", epoch: 9, seq: 99, from: "s" };
  bo.sockets.at(-1)?.say("signal", stray);
  await pass(100);
  assert.equal(bo.connection.log.length, state);
});

test("what is found while the room is being entered again waits until it is", async () => {
  const { server, bo } = await call();
  const count = server.heard.length;
  const signals = () => server.heard.slice(count).filter((one) => one.event === "signal" && one.from === "p");
  server.refuse = "unavailable";
  server.drop("p");
  await pass(500);
  bo.connection.find("candidate:1");
  await pass(200);
  assert.equal(signals().length, 0);
  server.refuse = undefined;
  await pass(1500);
  assert.equal(signals().length, 1);
});

test("a server that does not answer `enter`, or a heartbeat, is tried on a new socket", async () => {
  const { server, bo } = await call();
  server.unanswered.add("probe");
  await pass(12_000);
  server.unanswered.clear();
  assert.ok(bo.sockets.length >= 2);
  assert.equal(bo.connection.restarts, 0, "media flows, so ICE is left alone");
  const count = bo.sockets.length;
  server.unanswered.add("enter");
  server.drop("p");
  await pass(5800);
  assert.equal(bo.sockets.length, count + 2);
  assert.equal(bo.state, "good");
});
