// Streams beside face and voice: told by their ids, negotiated on their own, carried over to new connections.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Further } from "../src/further";
import { FakeTrack } from "./fake-connection";
import { call, pass, person } from "./stage";

const stream = (id: string, track = new FakeTrack("video")) =>
  ({ id, getTracks: () => [track] }) as unknown as MediaStream;

test("what is shared is sent beside face and voice, and taken back", async () => {
  const { amara, bo } = await call();
  const screen = stream("one");
  const further = Further.of(amara.room);
  further.share(screen, "screen");
  await pass(500);
  const sent = () => amara.connection.transceivers.map((one) => one.sender.track);
  assert.equal(sent().length, 3);
  assert.deepEqual(sent().slice(0, 2), [amara.audio, amara.video], "and these stay what they were");
  assert.deepEqual(bo.connection.sending("video")?.sender.track, bo.video);
  further.unshare(screen);
  await pass(500);
  assert.equal(sent().length, 2);
});

test("the other side sees a stream when it has come and has been told, in either order", async () => {
  const { amara, bo } = await call();
  const shown: string[] = [];
  Further.of(bo.room).watch((all) => shown.push(all.map((one) => `${one.from} ${one.kind}`).join()));
  bo.connection.bring(stream("one"));
  bo.connection.bring(stream("junk"));
  await pass(100);
  assert.deepEqual(shown, [""], "what nobody tells of is shown to nobody");
  amara.room.tell({ one: "screen", later: "camera" });
  await pass(100);
  bo.connection.bring(stream("later"));
  amara.room.tell({});
  await pass(100);
  assert.deepEqual(shown, ["", "s screen", "s screen,s camera", ""]);
});

test("what came before anybody looked is found", async () => {
  const { amara, bo } = await call();
  bo.connection.bring(stream("one"));
  amara.room.tell({ one: "body" });
  await pass(100);
  assert.deepEqual(
    Further.of(bo.room).shown.map(({ kind }) => kind),
    ["body"],
  );
  assert.equal(bo.streams.length, 1, "and was never taken for the face");
});

test("after a new connection everything shared goes on", async () => {
  const { amara, bo, server } = await call();
  Further.of(bo.room).share(stream("one"), "camera");
  await pass(500);
  amara.room.close();
  amara.sockets.at(-1)?.drop();
  const again = person("s", server);
  again.room.enter();
  await pass(4000);
  assert.equal(bo.connections.length, 2);
  assert.equal(bo.connection.transceivers.length, 3);
  assert.deepEqual(again.connection.channels.at(-1)?.label, "side", "the channel is in the first offer");
});

test("who wants no pictures gets sound alone, over a new connection too, until they want them again", async () => {
  const { amara, bo, server } = await call();
  const further = Further.of(bo.room);
  further.share(stream("second"), "camera");
  further.share(stream("body", new FakeTrack("audio")), "body");
  await pass(500);
  const sent = () => bo.connection.transceivers.map((one) => one.sender.track?.kind ?? "nothing");
  assert.deepEqual(sent(), ["audio", "video", "video", "audio"]);
  further.spare("", true);
  await pass(500);
  assert.deepEqual(sent(), ["audio", "nothing", "audio"], "the sounds of a body are no picture");
  amara.room.close();
  amara.sockets.at(-1)?.drop();
  person("s", server).room.enter();
  await pass(4000);
  assert.equal(bo.connections.length, 2);
  assert.deepEqual(sent(), ["audio", "nothing", "audio"]);
  bo.room.hide(true);
  bo.room.hide(false);
  assert.deepEqual(sent(), ["audio", "nothing", "audio"], "and no press of one's own sends it");
  further.spare("", false);
  await pass(500);
  assert.deepEqual(sent(), ["audio", "video", "audio", "video"]);
});
