// Opening camera and microphone, and what it means when a browser refuses.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEVICE_WORDS, Devices, MediaRefused } from "../src/devices";
import { FakeStream, FakeTrack, devices } from "./fake-devices";

const refusal = async (promise: Promise<unknown>): Promise<MediaRefused> => {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MediaRefused);
  return error;
};

test("sound and picture are asked for once, together, small", async () => {
  const { devices: it, asked } = devices();
  const { stream, lacking } = await it.open();
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0]?.video, { width: 640, height: 480, frameRate: 30, facingMode: "user" });
  assert.equal(stream.getTracks().length, 2);
  assert.equal(lacking, undefined);
});

test("a refusal says whether even the microphone was refused", async () => {
  const nothing = devices({ refuse: () => "NotFoundError" }).devices;
  assert.ok((await refusal(nothing.open())).sound, "the camera was given up first");
  assert.ok((await refusal(nothing.open(false))).sound);
  const blocked = devices({ refuse: () => "NotAllowedError", takes: 500 }).devices;
  assert.ok(!(await refusal(blocked.open())).sound);
});

test("sound only asks for no camera", async () => {
  const { devices: it, asked } = devices();
  await it.open(false);
  assert.ok(asked[0] && !("video" in asked[0]));
});

for (const [name, cause] of [
  ["NotFoundError", "none"],
  ["OverconstrainedError", "none"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
] as const) {
  test(`${name} of the camera leaves the sound, and says ${cause}`, async () => {
    const { devices: it, asked } = devices({ refuse: ({ video }) => (video ? name : undefined) });
    const { stream, lacking } = await it.open();
    assert.equal(asked.length, 2);
    assert.equal(lacking, cause);
    assert.equal(stream.getVideoTracks().length, 0);
    assert.equal(stream.getAudioTracks().length, 1);
  });

  test(`${name} of both is a refusal`, async () => {
    const { devices: it } = devices({ refuse: () => name });
    assert.equal((await refusal(it.open())).cause, cause);
  });
}

test("a person who says no is asked once only", async () => {
  const { devices: it, asked } = devices({ refuse: () => "NotAllowedError", takes: 2500 });
  assert.equal((await refusal(it.open())).cause, "blocked");
  assert.equal(asked.length, 1);
});

test("a no within 300 ms is the app's own, unless the browser remembers a no", async () => {
  const app = devices({ refuse: () => "NotAllowedError", takes: 299 });
  assert.equal((await refusal(app.devices.open())).cause, "in-app");
  const slower = devices({ refuse: () => "NotAllowedError", takes: 300 });
  assert.equal((await refusal(slower.devices.open())).cause, "blocked");
  const remembered = devices({ refuse: () => "NotAllowedError", takes: 5, permission: "denied" });
  assert.equal((await refusal(remembered.devices.open())).cause, "blocked");
});

test("without mediaDevices it is the app, or the missing https", async () => {
  const app = new Devices({ media: undefined, able: true, secure: true });
  assert.equal((await refusal(app.open())).cause, "in-app");
  const http = new Devices({ media: undefined, able: true, secure: false });
  assert.equal((await refusal(http.open())).cause, "insecure");
  assert.equal(await http.cameras(), 0);
  http.onChange(() => assert.fail("nothing changes"))();
});

test("an unknown error is no dead end either", async () => {
  const { devices: it } = devices({ refuse: () => "TypeError" });
  const error = await refusal(it.open());
  assert.deepEqual([error.cause, error.browser], ["other", "TypeError"]);
});

test("turning the camera takes the other one, keeps the sound, and ends the old track", async () => {
  const { devices: it, asked } = devices();
  const { stream } = await it.open();
  const [sound] = stream.getAudioTracks();
  const [old] = stream.getVideoTracks() as unknown as FakeTrack[];
  const track = await it.flip();
  assert.equal((asked[1]?.video as MediaTrackConstraints).facingMode, "environment");
  assert.equal(it.facing, "environment");
  assert.ok(old?.stopped);
  assert.deepEqual(it.current?.getTracks(), [sound, track]);
});

test("on a computer, whose cameras look no way, each camera comes in turn", async () => {
  FakeTrack.phone = false;
  try {
    const { devices: it } = devices();
    await it.open();
    for (const id of ["second", "third", "first", "second"]) {
      const track = await it.flip();
      assert.equal(track.getSettings().deviceId, id);
      assert.deepEqual(it.current?.getVideoTracks(), [track]);
      assert.equal(it.facing, "user");
    }
  } finally {
    FakeTrack.phone = true;
  }
});

test("where two cameras cannot be open at once, the old one is stopped first", async () => {
  let old: FakeTrack | undefined;
  const { devices: it, asked } = devices({
    refuse: ({ audio }) => (!audio && !old?.stopped ? "NotReadableError" : undefined),
  });
  const { stream } = await it.open();
  [old] = stream.getVideoTracks() as unknown as FakeTrack[];
  await it.flip();
  assert.equal(asked.length, 3);
  assert.equal(it.facing, "environment");
});

test("without another camera the first one comes back", async () => {
  const { devices: it } = devices({
    refuse: ({ video }) =>
      (video as MediaTrackConstraints)?.facingMode === "environment" ? "NotFoundError" : undefined,
  });
  const { stream } = await it.open();
  const [old] = stream.getVideoTracks();
  assert.equal((await refusal(it.flip())).cause, "none");
  assert.equal(it.facing, "user");
  const [now] = it.current?.getVideoTracks() as unknown as FakeTrack[];
  assert.ok(now && now !== (old as unknown) && !now.stopped);
});

test("a camera that will not open leaves the facing as it was", async () => {
  const { devices: it } = devices({ refuse: ({ audio }) => (audio ? undefined : "NotFoundError") });
  await it.open();
  assert.equal((await refusal(it.flip())).cause, "none");
  assert.equal(it.facing, "user");
});

test("a picture can be added after sound only", async () => {
  const { devices: it } = devices();
  await it.open(false);
  await it.addPicture();
  assert.equal(it.current?.getVideoTracks().length, 1);
});

test("opening again asks for the same kinds and ends the old tracks", async () => {
  const { devices: it, asked } = devices();
  const { stream } = await it.open(false);
  await it.reopen();
  assert.ok(asked[1] && !("video" in asked[1]));
  assert.ok((stream.getTracks() as unknown as FakeTrack[]).every((one) => one.stopped));
  it.stop();
  assert.equal(it.current, undefined);
});

test("plugging tells how many cameras there are", async () => {
  const { devices: it, plug } = devices();
  const told: number[] = [];
  const end = it.onChange((cameras) => told.push(cameras));
  plug();
  await new Promise((go) => setTimeout(go, 1));
  end();
  plug();
  assert.deepEqual(told, [3]);
});

test("permissions granted before need no question", async () => {
  assert.ok(await devices({ permission: "granted" }).devices.granted());
  assert.ok(!(await devices({ permission: "prompt" }).devices.granted()));
  assert.ok(!(await devices().devices.granted()));
});

test("every cause has a word for the clinic's list", () => {
  assert.deepEqual([...new Set(Object.values(DEVICE_WORDS))].sort(), [
    "blocked",
    "busy",
    "missing",
    "unknown",
    "unsupported",
  ]);
});

test("in an app that says so nobody is asked before the person dares to", async () => {
  const { devices: it, asked } = devices({ app: true });
  assert.equal((await refusal(it.open())).cause, "in-app");
  assert.equal(asked.length, 0);
  it.dare();
  assert.equal((await it.open()).stream.getTracks().length, 2);
});

test("a browser that cannot do calls is told apart, and so is a system that refuses", async () => {
  assert.equal((await refusal(devices({ able: false }).devices.open())).cause, "too-old");
  const system = { refuse: () => "NotAllowedError", message: "Permission denied by system" };
  assert.equal((await refusal(devices(system).devices.open())).cause, "system");
});

test("what the browser's own control has opened takes the place of what was open", async () => {
  const { devices: it } = devices();
  const first = await it.open();
  const given = new FakeStream([new FakeTrack("audio")]) as unknown as MediaStream;
  assert.equal(it.take(given).stream, given);
  assert.equal(it.current, given);
  assert.ok((first.stream as unknown as FakeStream).tracks.every((track) => track.stopped));
});

test("who asks for the same while it is being opened shares the answer", async () => {
  const { devices: mine, asked } = devices();
  const [first, second] = await Promise.all([mine.open(), mine.open()]);
  assert.equal(asked.length, 1);
  assert.equal(first.stream, second.stream);
  assert.equal(mine.current, first.stream);
  assert.deepEqual(
    mine.current?.getTracks().map((one) => (one as unknown as FakeTrack).stopped),
    [false, false],
  );
});

test("what comes after everything was closed, or something else was asked for, is closed as it comes", async () => {
  const { devices: mine } = devices();
  const late = mine.open();
  mine.stop();
  assert.ok((await late).stream.getTracks().every((one) => (one as unknown as FakeTrack).stopped));
  assert.equal(mine.current, undefined);
  const [withPicture, sound] = await Promise.all([mine.open(), mine.open(false)]);
  assert.ok(withPicture.stream.getTracks().every((one) => (one as unknown as FakeTrack).stopped));
  assert.equal(mine.current, sound.stream);
});

test("a refusal stands in nobody's way", async () => {
  let refusing = true;
  const { devices: mine } = devices({
    refuse: () => (refusing ? "NotAllowedError" : undefined),
    takes: 1000,
  });
  await assert.rejects(mine.open(), MediaRefused);
  refusing = false;
  await mine.open();
  assert.ok(mine.current);
});
