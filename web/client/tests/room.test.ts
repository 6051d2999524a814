// A consultation through everything that happens to it: Dr Amara (s) sees Bo (p).

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { FakeServer, Person } from "./fake-room";
import { settle } from "./fakes";

const rooms: Person[] = [];
/** Whether packets travel between the two who have agreed. */
let line = true;

beforeEach(() => {
  line = true;
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});
afterEach(() => {
  for (const one of rooms.splice(0)) one.room.close();
  mock.timers.reset();
});

function person(id: "p" | "s", server: FakeServer): Person {
  const made = new Person(id, server);
  rooms.push(made);
  return made;
}

/** Lets time pass, and media flow between those whose connections have agreed. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) {
    for (const { connection } of rooms) {
      if (line && connection?.remoteDescription && !connection.closed) connection.packets += 1;
    }
    mock.timers.tick(20);
    await settle(12);
  }
}

async function call() {
  const server = new FakeServer();
  const bo = person("p", server);
  const amara = person("s", server);
  bo.room.enter();
  await pass(1000);
  amara.room.enter();
  await pass(3000);
  return { server, bo, amara };
}

test("from an empty room to a good line", async () => {
  const { server, bo, amara } = await call();
  assert.deepEqual(bo.states, ["waiting", "connecting", "good"]);
  assert.deepEqual(amara.states, ["connecting", "good"]);
  for (const one of [bo, amara]) {
    assert.equal(one.connections.length, 1);
    assert.equal(one.connection.signalingState, "stable");
    assert.equal(one.streams.length, 1);
    assert.deepEqual(one.errors, []);
    assert.deepEqual(
      one.roster.map((member) => member.id),
      ["p", "s"],
    );
  }
  const told = server.heard.filter((one) => one.event === "quality").map((one) => one.body);
  assert.deepEqual(told, [{ state: "good" }, { state: "good" }]);
});

test("both sides can send both kinds without another negotiation", async () => {
  const { bo, amara } = await call();
  for (const one of [bo, amara]) {
    assert.equal(one.connection.sending("audio")?.sender.track, one.audio);
    assert.equal(one.connection.sending("video")?.sender.track, one.video);
  }
  assert.ok(bo.connection.transceivers.every((one) => one.direction === "sendrecv"));
  assert.ok(
    amara.connection.parameters.some((one) => JSON.stringify(one).includes("450000")),
    "the picture has a ceiling",
  );
});

test("a patient with sound only can show a picture later", async () => {
  const server = new FakeServer();
  const bo = person("p", server);
  const amara = person("s", server);
  bo.room.use({ video: null });
  bo.room.enter();
  amara.room.enter();
  await pass(3000);
  const video = bo.connection.sending("video");
  assert.deepEqual([video?.direction, video?.sender.track], ["sendrecv", null]);
  bo.room.use({ video: bo.video as unknown as MediaStreamTrack });
  await pass(100);
  assert.equal(video?.sender.track, bo.video);
});

test("mute sends silence, hide sends nothing, and the others are told", async () => {
  const { server, bo } = await call();
  bo.room.mute(true);
  bo.room.hide(true);
  await pass(100);
  assert.deepEqual([bo.audio.enabled, bo.video.enabled], [false, false]);
  assert.equal(bo.connection.sending("audio")?.sender.track, bo.audio);
  assert.equal(bo.connection.sending("video")?.sender.track, null);
  assert.deepEqual(server.heard.filter((one) => one.event === "media").at(-1)?.body, {
    audio: false,
    video: false,
  });
  bo.room.hide(false);
  bo.room.mute(false);
  await pass(100);
  assert.equal(bo.connection.sending("video")?.sender.track, bo.video);
  assert.deepEqual([bo.audio.enabled, bo.video.enabled], [true, true]);
});

test("a camera that was turned while hidden stays hidden, also on a new connection", async () => {
  const { server, bo, amara } = await call();
  bo.room.hide(true);
  const other = { ...bo.video, kind: "video", enabled: true };
  bo.room.use({ video: other as unknown as MediaStreamTrack });
  assert.equal(other.enabled, false);
  amara.room.close();
  person("s", server).room.enter();
  await pass(3000);
  assert.equal(bo.connections.length, 2);
  assert.equal(bo.connection.sending("video")?.sender.track, null);
});

test("a lost socket: the room is entered again in the same epoch and media goes on", async () => {
  const { server, bo, amara } = await call();
  const before = server.heard.filter((one) => one.event === "enter").length;
  server.drop("p");
  await pass(1500);
  const enters = server.heard.filter((one) => one.event === "enter").slice(before);
  assert.equal(enters.length, 1);
  assert.equal((enters[0]?.body as { epoch: number }).epoch, 1);
  assert.equal(bo.connections.length, 1);
  assert.ok(!bo.connection.closed);
  assert.equal(bo.connection.restarts, 0);
  assert.equal(bo.state, "good");
  assert.equal(amara.state, "good");
  assert.equal(bo.sockets.length, 2);
  assert.ok(JSON.stringify(bo.connection.configuration).includes("turn:"), "with fresh relay credentials");
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

test("a reload is a new epoch: the other side builds anew and gets a second stream", async () => {
  const { server, bo, amara } = await call();
  amara.room.close();
  amara.sockets.at(-1)?.drop();
  const again = person("s", server);
  again.room.enter();
  await pass(4000);
  assert.equal(server.epoch, 2);
  assert.equal(bo.connections.length, 2);
  assert.ok(bo.connections[0]?.closed);
  assert.equal(bo.streams.length, 2);
  assert.equal(bo.state, "good");
  assert.equal(again.state, "good");
  assert.ok(!bo.states.includes("peer-left"));
});

test("the line breaks: probe, new socket, restart of ICE, in that order and within seconds", async () => {
  const { server, bo } = await call();
  line = false;
  server.deaf.add("p"); // the old address: the socket is dead without knowing it
  await pass(2600);
  assert.ok(bo.sockets.length > 1, "a new socket within 2.6 s");
  assert.equal(bo.connection.restarts, 0, "no offer into a dead socket");
  server.deaf.clear();
  await pass(700);
  assert.equal(bo.connection.restarts, 1);
  assert.equal(bo.state, "reconnecting");
  line = true;
  await pass(1000);
  assert.equal(bo.state, "good");
  assert.equal(bo.connections.length, 1);
  assert.equal(bo.connection.signalingState, "stable");
});

test("the other side closes the page: it is away, and after the grace it has left", async () => {
  const { server, bo, amara } = await call();
  amara.room.close();
  line = false;
  server.drop("s");
  await pass(3500);
  assert.equal(bo.state, "peer-away");
  server.seats.delete("s");
  server.roster();
  await pass(1000);
  assert.equal(bo.state, "peer-left");
});

test("nothing gets through for 15 s although both are there: everything is built anew", async () => {
  const { bo, amara } = await call();
  line = false;
  await pass(14_000);
  assert.equal(amara.connections.length, 1);
  await pass(4000);
  assert.equal(amara.connections.length, 2);
  line = true;
  await pass(3000);
  assert.equal(bo.state, "good");
  assert.equal(amara.state, "good");
});

test("twenty seconds of silence are said", async () => {
  const { bo } = await call();
  line = false;
  await pass(22_500);
  assert.equal(bo.state, "lost");
});

test("an older page that is replaced ends without a word to the server", async () => {
  const { server, bo } = await call();
  const count = server.heard.length;
  bo.sockets.at(-1)?.say("replaced");
  await pass(5000);
  assert.equal(bo.state, "replaced");
  assert.ok(bo.connection.closed);
  assert.ok(!server.heard.slice(count).some((one) => one.from === "p"));
});

test("the end of the visit closes the connection and says why", async () => {
  const { bo } = await call();
  bo.sockets.at(-1)?.say("ended", { visit: "another", reason: "ended" });
  assert.equal(bo.state, "good");
  bo.sockets.at(-1)?.say("ended", { visit: "v1", reason: "ended" });
  assert.equal(bo.state, "ended ended");
  assert.ok(bo.connection.closed);
  assert.ok(bo.signal.up, "the signal connection stays");
  const count = bo.states.length;
  await pass(3000);
  assert.equal(bo.states.length, count, "nothing is said any more");
});

test("leaving is told at once, and final", async () => {
  const { server, bo } = await call();
  await bo.room.leave();
  assert.equal(server.heard.at(-1)?.event, "leave");
  assert.equal(bo.state, "left");
  bo.room.enter();
  await pass(1000);
  assert.ok(!server.heard.slice(-1).some((one) => one.event === "enter"));
});

test("leaving after closing is told all the same, but only once, and not after the server ended it", async () => {
  const { server, bo, amara } = await call();
  bo.room.close();
  await bo.room.leave();
  await bo.room.leave();
  amara.sockets.at(-1)?.say("ended", { visit: "v1", reason: "ended" });
  await amara.room.leave();
  assert.deepEqual(
    server.heard.filter((one) => one.event === "leave").map((one) => one.from),
    ["p"],
  );
});

test("who is not admitted may try again later", async () => {
  const server = new FakeServer();
  server.refuse = "not-admitted";
  const bo = person("p", server);
  bo.room.enter();
  await pass(500);
  assert.equal(bo.state, "refused not-admitted");
  assert.equal(bo.connections.length, 0);
  server.refuse = undefined;
  bo.room.enter();
  await pass(500);
  assert.equal(bo.state, "waiting");
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
  bo.happens("network");
  bo.happens("visible");
  bo.happens("online");
  bo.happens("hidden");
  await pass(100);
  const probes = server.heard.slice(count).filter((one) => one.event === "probe");
  assert.equal(probes.length, 1);
});

test("in a room the server hears from everyone at least every 8 s", async () => {
  const { server } = await call();
  const count = server.heard.length;
  await pass(30_000);
  const probes = server.heard.slice(count).filter((one) => one.event === "probe" && one.from === "p");
  assert.ok(probes.length >= 4, String(probes.length));
});
