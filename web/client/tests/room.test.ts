// A consultation from the door to the end: Dr Amara (s) sees Bo (p).

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "./fake-room";
import { call, pass, person } from "./stage";

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
  await pass(4000); // a picture begins small, and is measured two seconds later
  assert.ok(
    amara.connection.parameters.some((one) => JSON.stringify(one).includes("450000")),
    "the picture has a ceiling",
  );
});

test("a patient's picture is sent more slowly than the camera runs, a specialist's as fast", async () => {
  const { bo, amara } = await call();
  await pass(4000);
  const fastest = (one: typeof bo) =>
    one.connection.parameters
      .flatMap((each) => (each as { encodings: { maxFramerate?: number }[] }).encodings)
      .map((each) => each.maxFramerate)
      .filter((each) => each !== undefined);
  assert.deepEqual(new Set(fastest(bo)), new Set([15]));
  assert.deepEqual(new Set(fastest(amara)), new Set([15, 30]), "once it has grown");
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

test("who looks at another app is told once as away, and again after a lost socket", async () => {
  const { server, bo } = await call();
  const told = () =>
    server.heard.filter(({ from, event }) => from === "p" && event === "media").map((one) => one.body);
  const before = told().length;
  bo.room.away(true);
  bo.room.away(true);
  await pass(100);
  assert.deepEqual(told().slice(before), [{ audio: true, video: true, away: true }]);
  server.drop("p");
  await pass(2000);
  assert.deepEqual(told().at(-1), { audio: true, video: true, away: true });
  bo.room.away(false);
  await pass(100);
  assert.deepEqual(told().at(-1), { audio: true, video: true, away: false });
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
    away: false,
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

test("entering twice makes one connection", async () => {
  const server = new FakeServer();
  const bo = person("p", server);
  bo.room.enter();
  bo.sockets[0]?.accept();
  bo.room.enter();
  await pass(500);
  assert.equal(bo.connections.length, 1);
});
