// What a file is by its own bytes, whatever it is called; and how a picture loses all that is not picture.

import type { FileType } from "../files";

/** Pixels of the largest picture that is shown: more would fill a phone's memory. */
const MOST_PIXELS = 60_000_000;
/** The longer side of what is sent at first, and its quality. */
export const FIRST = { side: 1600, quality: 0.82 };
/** Bytes of a first view, and how it becomes smaller where there is much to see. */
export const VIEW = 200_000;
const LESS = [FIRST, { side: 1600, quality: 0.6 }, { side: 1200, quality: 0.6 }, { side: 800, quality: 0.5 }];
export const FULL = { side: 8192, quality: 0.9 };

const begins = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((one, at) => bytes[at] === one);
const SOI = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];
const IHDR = 16;
/** The segments of a JPEG that hold its size: SOF0 to SOF15 but for DHT, JPG and DAC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** What the bytes are, if it is anything that is taken. */
export function typeOf(bytes: Uint8Array): FileType | undefined {
  if (begins(bytes, SOI)) return "image/jpeg";
  if (begins(bytes, PNG)) return "image/png";
  return begins(bytes, PDF) ? "application/pdf" : undefined;
}

function jpegPixels(view: DataView): number {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return 0;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return view.getUint16(at + 5) * view.getUint16(at + 7);
    else at += 2 + view.getUint16(at + 2);
  }
  return 0;
}

function pixels(bytes: Uint8Array<ArrayBuffer>, type: FileType): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "image/jpeg") return jpegPixels(view);
  return view.byteLength < IHDR + 8 ? 0 : view.getUint32(IHDR) * view.getUint32(IHDR + 4);
}

/** Whether bytes are of this type, and a picture among them of a size that can be shown. */
export function fits(bytes: Uint8Array<ArrayBuffer>, type: FileType): boolean {
  if (typeOf(bytes) !== type) return false;
  if (type === "application/pdf") return true;
  const many = pixels(bytes, type);
  return many > 0 && many <= MOST_PIXELS;
}

/** The size of a picture whose longer side is at most `side`. */
export function within(width: number, height: number, side: number): readonly [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/**
 * A picture as JPEG that holds nothing but what is seen: no place, no time, no camera. It stands upright, for the note
 * on how to turn it is gone with the rest.
 */
export async function plain(picture: Blob, { side, quality }: typeof FIRST): Promise<Blob> {
  const drawn = await createImageBitmap(picture, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = within(drawn.width, drawn.height, side);
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  return new Promise((done, failed) =>
    canvas.toBlob((made) => (made ? done(made) : failed(new Error("no picture"))), "image/jpeg", quality),
  );
}

/** What is looked at until the whole picture is there; nothing where that is small itself. */
export async function firstView(picture: Blob): Promise<Blob | undefined> {
  if (picture.size <= VIEW) return undefined;
  for (const less of LESS) {
    const made = await plain(picture, less);
    if (made.size <= VIEW) return made;
  }
  return undefined;
}

interface Capture {
  takePhoto(): Promise<Blob>;
}
type MakesCapture = new (track: MediaStreamTrack) => Capture;

/** A picture of what a camera of this device sees now: as large as it can take one, else as large as its film. */
export async function still(video: HTMLVideoElement, track: MediaStreamTrack | undefined): Promise<Blob> {
  if (!track) return opened();
  if (track.enabled) return taken(track, () => frame(video));
  // Of who hides themselves the camera gives black. A second track looks for a moment, and what is sent stays dark:
  // whoever shows themselves meanwhile is not hidden again by it.
  const second = track.clone();
  second.enabled = true;
  try {
    return await taken(second, () => moment(new MediaStream([second])));
  } finally {
    second.stop();
  }
}

/** As large as the camera can take one, else as its film shows it. */
async function taken(track: MediaStreamTrack, film: () => Promise<Blob>): Promise<Blob> {
  const { ImageCapture } = globalThis as { ImageCapture?: MakesCapture };
  const whole = ImageCapture && (await new ImageCapture(track).takePhoto().catch(() => undefined));
  return whole ? plain(whole, FULL) : film();
}

/** Who is in the call by sound only has a camera opened for the one picture. */
async function opened(): Promise<Blob> {
  const ideal = { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: "environment" };
  const stream = await navigator.mediaDevices.getUserMedia({ video: ideal });
  try {
    return await moment(stream);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** What a stream shows next. */
async function moment(stream: MediaStream): Promise<Blob> {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  return frame(video);
}

/** What a video shows just now. */
export function frame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((done, failed) =>
    canvas.toBlob(
      (made) => (made ? done(made) : failed(new Error("no picture"))),
      "image/jpeg",
      FULL.quality,
    ),
  );
}
