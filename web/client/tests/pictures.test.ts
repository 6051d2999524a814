// What a file is by its own bytes: taken or not before anybody looks at it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, still, typeOf, within } from "../src/beside/pictures";

const bytes = (...all: number[]) => Uint8Array.from(all);
const ascii = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));

function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(33);
  made.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  new DataView(made.buffer).setUint32(16, width);
  new DataView(made.buffer).setUint32(20, height);
  return made;
}

const jpeg = (width: number, height: number) =>
  bytes(
    ...[0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, 0xc2, 0, 11, 8],
    ...[height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
  );

test("what it is says its beginning, not its name", () => {
  assert.equal(typeOf(jpeg(8, 8)), "image/jpeg");
  assert.equal(typeOf(png(8, 8)), "image/png");
  assert.equal(typeOf(ascii("%PDF-1.7")), "application/pdf");
  for (const other of ["GIF89a", "<svg>", "", "PK"]) assert.equal(typeOf(ascii(other)), undefined, other);
});

test("a picture without a size, or of one that fills a phone's memory, does not fit", () => {
  assert.ok(fits(jpeg(4000, 3000), "image/jpeg") && fits(png(1, 1), "image/png"));
  assert.ok(!fits(jpeg(4000, 3000), "image/png"), "nor does one that calls itself another kind");
  assert.ok(!fits(jpeg(40_000, 30_000), "image/jpeg") && !fits(png(40_000, 30_000), "image/png"));
  assert.ok(!fits(png(0, 8), "image/png") && !fits(jpeg(8, 8).slice(0, 12), "image/jpeg"));
  assert.ok(fits(ascii("%PDF-1.7"), "application/pdf"));
});

test("a large picture is made smaller in both directions, a small one stays as it is", () => {
  assert.deepEqual(within(4000, 3000, 1600), [1600, 1200]);
  assert.deepEqual(within(640, 480, 1600), [640, 480]);
  assert.deepEqual(within(10_000, 1, 100), [100, 1]);
});

/** A camera of somebody who is hidden, and all tracks that were made of it. */
class Hidden {
  enabled = false;
  stopped = false;
  readonly seconds: Hidden[] = [];

  clone(): Hidden {
    this.seconds.push(new Hidden());
    return this.seconds.at(-1) as Hidden;
  }

  stop(): void {
    this.stopped = true;
  }
}

test("who shows themselves while a photo is taken of them hidden stays in sight", async () => {
  let shown = (_: Blob) => {};
  const looked: boolean[] = [];
  class ImageCapture {
    constructor(readonly track: Hidden) {}
    takePhoto(): Promise<Blob> {
      looked.push(this.track.enabled);
      return new Promise((done) => (shown = done));
    }
  }
  Object.assign(globalThis, { ImageCapture });
  const track = new Hidden();
  const photo = still({} as HTMLVideoElement, track as unknown as MediaStreamTrack);
  assert.equal(track.enabled, false, "nothing of it is sent");
  track.enabled = true;
  shown(new Blob());
  await assert.rejects(photo, "there is no canvas here");
  assert.deepEqual([looked, track.enabled, track.stopped], [[true], true, false]);
  assert.deepEqual(
    track.seconds.map((second) => second.stopped),
    [true],
  );
});
