// Choosing another device in a call, on phones that can hold only one open too.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Choices, type Speaker } from "../src/choice";
import type { Devices } from "../src/devices";

class Track {
  stopped = false;
  constructor(
    readonly kind: "audio" | "video",
    readonly id: string,
    readonly facing?: string,
  ) {}
  stop = () => void (this.stopped = true);
  getSettings = () => ({ deviceId: this.id, facingMode: this.facing });
  getConstraints = () => ({ frameRate: 15, facingMode: "user" });
}

type Asked = Record<"audio" | "video", { deviceId: { exact: string } } | undefined>;

interface Set {
  /** How many devices of a kind may be open at a time. */
  readonly most?: number;
  readonly broken?: readonly string[];
  readonly speaker?: Speaker;
}

function choices({ most = 2, broken = [], speaker = {} }: Set = {}) {
  const tracks = [new Track("audio", "desk"), new Track("video", "front", "user")];
  const asked: unknown[] = [];
  const known: [string, string][] = [
    ["videoinput", "front"],
    ["videoinput", "back"],
    ["audioinput", "desk"],
    ["audiooutput", "default"],
    ["audiooutput", "headset"],
  ];
  const all = [...tracks];
  const devices = {
    current: {
      getAudioTracks: () => tracks.filter((one) => one.kind === "audio"),
      getVideoTracks: () => tracks.filter((one) => one.kind === "video"),
      addTrack: (track: Track) => tracks.push(track),
      removeTrack: (track: Track) => tracks.splice(tracks.indexOf(track), 1),
    },
    facing: "user",
  };
  const media = {
    enumerateDevices: () =>
      Promise.resolve(known.map(([kind, deviceId]) => ({ kind, deviceId, label: `The ${deviceId}` }))),
    getUserMedia: (constraints: Asked) => {
      asked.push(constraints);
      const kind = constraints.video ? "video" : "audio";
      const id = constraints[kind]?.deviceId.exact ?? "";
      const open = all.filter((one) => one.kind === kind && !one.stopped).length;
      if (open >= most || broken.includes(id)) return Promise.reject(new Error("NotReadableError"));
      const track = new Track(kind, id, id === "back" ? "environment" : "user");
      all.push(track);
      return Promise.resolve({ getTracks: () => [track] });
    },
  };
  const made = new Choices(devices as unknown as Devices, media as never, speaker);
  const video = () => tracks.find((one) => one.kind === "video");
  return { choices: made, devices, asked, all, video };
}

test("what is in use is told, and where there is no choice none is offered", async () => {
  const { choices: made } = choices();
  assert.deepEqual(await made.list("videoinput"), [
    { id: "front", label: "The front", chosen: true },
    { id: "back", label: "The back", chosen: false },
  ]);
  assert.deepEqual(await made.list("audioinput"), []);
  assert.deepEqual(await made.list("audiooutput"), [], "this browser has no say about loudspeakers");
});

test("another camera takes the place of the first, which goes dark, and is not mirrored", async () => {
  const { choices: made, devices, asked, all, video } = choices();
  assert.equal(await made.choose("videoinput", "back"), true);
  assert.equal(video()?.id, "back");
  assert.deepEqual(asked, [{ video: { frameRate: 15, deviceId: { exact: "back" } } }]);
  assert.deepEqual([devices.facing, all[1]?.stopped, all[0]?.stopped], ["environment", true, false]);
});

test("a phone that holds one camera only closes the first before it opens the second", async () => {
  const { choices: made, video, asked } = choices({ most: 1 });
  assert.equal(await made.choose("videoinput", "back"), true);
  assert.deepEqual([video()?.id, asked.length], ["back", 2]);
});

test("a camera that does not open leaves the former one on", async () => {
  const { choices: made, devices, video } = choices({ broken: ["back"] });
  assert.equal(await made.choose("videoinput", "back"), false);
  assert.deepEqual([video()?.id, video()?.stopped, devices.facing], ["front", false, "user"]);
});

test("the loudspeaker is chosen where the browser lets anybody, and a refusal is told", async () => {
  const speaker = { sinkId: "", setSinkId: (id: string) => Promise.resolve(void (speaker.sinkId = id)) };
  const { choices: made } = choices({ speaker });
  const now = async () => (await made.list("audiooutput")).find((one) => one.chosen)?.id;
  assert.equal(await now(), "default");
  assert.equal(await made.choose("audiooutput", "headset"), true);
  assert.equal(await now(), "headset");
  const refusing = choices({ speaker: { setSinkId: () => Promise.reject(new Error("NotAllowedError")) } });
  assert.equal(await refusing.choices.choose("audiooutput", "headset"), false);
});
