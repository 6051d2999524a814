// The own devices through a call: phone calls, unplugged microphones, and speaking while muted.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Keeper } from "../src/keeper";
import type { Tracks } from "../src/peer";
import { settle } from "./fakes";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

interface Set {
  readonly opens?: boolean;
  /** Whether the other device has a camera. */
  readonly picture?: boolean;
}

function keeper({ opens = true, picture = true }: Set = {}) {
  const log: string[] = [];
  const made = () => new EventTarget() as MediaStreamTrack;
  let open: Tracks = { audio: made(), video: made() };
  let heard: ((level: number, nothing: boolean) => void) | undefined;
  const keeper = new Keeper({
    tracks: () => open,
    reopen: () => {
      log.push("reopen");
      if (opens) open = { audio: made(), video: picture ? made() : null };
      return Promise.resolve(opens);
    },
    onReopened: (lost) => log.push(lost ? "without picture" : "reopened"),
    onPause: (why) => log.push(`pause ${why ?? "over"}`),
    onDead: () => log.push("dead"),
    onSpeech: () => log.push("speech"),
    listen: (_, told) => {
      heard = told;
      return () => (heard = undefined);
    },
    speech: 0.5,
  });
  keeper.watch();
  const happen = async (kind: "audio" | "video", event: string) => {
    open[kind]?.dispatchEvent(new Event(event));
    await settle();
  };
  const hear = (level: number, times = 1) => {
    for (let time = 0; time < times; time += 1) heard?.(level, level === 0);
  };
  return { keeper, log, happen, hear, listening: () => heard !== undefined };
}

test("a phone call asks for a tap, also when the tracks come back by themselves and are silent", async () => {
  const { log, happen, hear } = keeper();
  await happen("audio", "mute");
  mock.timers.tick(1000);
  await happen("audio", "unmute");
  hear(0, 30);
  mock.timers.tick(3000);
  assert.deepEqual(log, ["pause interrupted"]);
});

test("after a look at another app what is heard again needs no tap", async () => {
  const { log, happen, hear, listening } = keeper();
  await happen("video", "mute");
  mock.timers.tick(60_000);
  await happen("video", "unmute");
  hear(0, 3);
  hear(0.01);
  assert.deepEqual(log, ["pause interrupted", "pause over"]);
  assert.equal(listening(), false);
});

test("a track that pauses for a blink asks for nothing", async () => {
  const { log, happen } = keeper();
  await happen("video", "mute");
  mock.timers.tick(900);
  await happen("video", "unmute");
  mock.timers.tick(5000);
  assert.deepEqual(log, []);
});

test("a device that is unplugged is replaced without a tap, and its successor too", async () => {
  const { log, happen } = keeper();
  await happen("audio", "ended");
  await happen("audio", "ended");
  assert.deepEqual(log, ["reopen", "pause over", "reopened", "reopen", "pause over", "reopened"]);
});

test("without another camera the sound goes on", async () => {
  const { log, happen } = keeper({ picture: false });
  await happen("video", "ended");
  assert.deepEqual(log, ["reopen", "pause over", "without picture"]);
});

test("two devices that go at once are asked for once", async () => {
  const { log, happen } = keeper();
  await Promise.all([happen("audio", "ended"), happen("video", "ended")]);
  assert.equal(log.filter((line) => line === "reopen").length, 1);
});

test("what cannot be replaced asks for a tap", async () => {
  const { log, happen } = keeper({ opens: false });
  await happen("audio", "ended");
  assert.deepEqual(log, ["reopen", "pause gone"]);
});

test("the tap opens both again, and a sound that is only quiet is alive", async () => {
  const { keeper: kept, log, hear, listening } = keeper();
  kept.interrupted();
  await kept.resume();
  hear(0, 10);
  hear(0.01);
  mock.timers.tick(3000);
  assert.deepEqual(log, ["pause interrupted", "reopen", "pause over", "reopened"]);
  assert.equal(listening(), false);
});

test("what is still silent three seconds after the tap is beyond repair", async () => {
  const { keeper: kept, log, hear } = keeper();
  await kept.resume();
  hear(0, 29);
  mock.timers.tick(2999);
  assert.ok(!log.includes("dead"));
  mock.timers.tick(1);
  assert.ok(log.includes("dead"));
});

test("speech while muted is told, not more than once in 20 s, and a cough is none", () => {
  const { keeper: kept, log, hear, listening } = keeper();
  kept.muted(true);
  hear(0.9, 2);
  hear(0.1, 8);
  hear(0.9, 2);
  assert.deepEqual(log, []);
  hear(0.9, 30);
  assert.deepEqual(log, ["speech"]);
  mock.timers.tick(20_000);
  hear(0.9, 3);
  assert.deepEqual(log, ["speech", "speech"]);
  kept.muted(false);
  assert.equal(listening(), false);
});

test("after the end nothing is watched any more", async () => {
  const { keeper: kept, log, happen } = keeper();
  kept.muted(true);
  await happen("audio", "mute");
  kept.end();
  mock.timers.tick(30_000);
  await happen("audio", "ended");
  assert.deepEqual(log, []);
});
