// What somebody has turned off in a call, over a reload of their page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { CallScreen } from "../src/dom/callscreen";
import type { Camera } from "../src/dom/camera";
import { OwnSide } from "../src/dom/ownside";
import { media } from "../src/messages";
import { FakeServer, type Person } from "./fake-room";
import { pass, person } from "./stage";

const stored = new Map<string, string>();

/** What the page has said and shown of the own side. */
class Screen {
  readonly noted: string[] = [];
  readonly off = { mic: false, camera: false };
  muted = (on: boolean) => void (this.off.mic = on);
  hidden = (on: boolean) => void (this.off.camera = on);
  note = (...names: string[]) => void this.noted.push(...names);
}

/** One page of Bo's: the same tab each time, everything else anew. */
function opened(server: FakeServer, visit = "v1", picture = true) {
  const bo = person("p", server);
  const tracks = { audio: bo.audio, video: picture ? bo.video : null };
  const camera = { tracks, addPicture: async () => Boolean((tracks.video = bo.video)) };
  const screen = new Screen();
  const own = new OwnSide(camera as unknown as Camera);
  own.begin(bo.room, screen as unknown as CallScreen, visit);
  bo.room.enter();
  own.tell();
  return { bo, own, screen };
}

const sent = (bo: Person) => ({
  sound: bo.audio.enabled,
  picture: bo.connection.sending("video")?.sender.track === bo.video,
});

async function reloaded(server: FakeServer, bo: Person, picture = true) {
  bo.room.close();
  server.drop("p");
  const again = opened(server, "v1", picture);
  await pass(3000);
  return again;
}

async function begun() {
  const server = new FakeServer();
  person("s", server).room.enter();
  const page = opened(server);
  await pass(3000);
  return { server, ...page };
}

beforeEach(() => {
  stored.clear();
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
  });
});

test("who is hidden and muted stays so over a reload, and reads it", async () => {
  const { server, bo, own } = await begun();
  await own.hide();
  own.mute();
  const again = await reloaded(server, bo);
  assert.deepEqual(sent(again.bo), { sound: false, picture: false });
  assert.deepEqual(again.screen.off, { mic: true, camera: true });
  assert.deepEqual(again.screen.noted, ["muted", "hidden"]);
  const told = server.heard.filter(({ from, event }) => from === "p" && event === "media");
  assert.deepEqual(told.pop()?.body, media(false, false, false));
});

test("what was turned on again before the reload is on after it, and nothing is said", async () => {
  const { server, bo, own } = await begun();
  for (let presses = 0; presses < 2; presses += 1) {
    await own.hide();
    own.mute();
  }
  const again = await reloaded(server, bo);
  assert.deepEqual(sent(again.bo), { sound: true, picture: true });
  assert.deepEqual(again.screen.off, { mic: false, camera: false });
  assert.deepEqual(again.screen.noted, []);
});

test("turned off in one visit is not off in another", async () => {
  const { own } = await begun();
  await own.hide();
  const other = opened(new FakeServer(), "v2");
  assert.deepEqual(other.screen.off, { mic: false, camera: false });
});

test("whose camera did not open again after the reload shows themselves by one press", async () => {
  const { server, bo, own } = await begun();
  await own.hide();
  const again = await reloaded(server, bo, false);
  await again.own.hide();
  await pass(1000);
  assert.deepEqual(sent(again.bo), { sound: true, picture: true });
  assert.equal(again.screen.off.camera, false);
});
