// "Turn camera": the other one of two, or the next of several. Fetched when somebody turns it, for most never do.

import type { Facing } from "./devices";

/** What turning needs of the devices. */
export interface Turning {
  ask(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** The constraints of the camera that looks this way, or of the one in use. */
  camera(facing?: Facing): MediaTrackConstraints;
  /** Puts an opened track into the old one's place. */
  put(opened: MediaStream, old: MediaStreamTrack | undefined): MediaStreamTrack;
  cameras(): Promise<readonly MediaDeviceInfo[]>;
}

/** Opens the camera that looks the wanted way in place of the old one; throws MediaRefused. */
export async function turned(
  it: Turning,
  wanted: Facing,
  old: MediaStreamTrack | undefined,
): Promise<MediaStreamTrack> {
  let opened: MediaStream;
  try {
    opened = await it.ask({ video: it.camera(wanted) });
  } catch {
    // Many phones cannot hold two cameras open; this costs a moment without a picture.
    old?.stop();
    opened = await second(it, wanted, old);
  }
  return it.put((await beside(it, opened, old)) ?? opened, old);
}

/** The cameras of a computer look neither way: there the next one in the list is taken. */
async function beside(
  it: Turning,
  opened: MediaStream,
  old: MediaStreamTrack | undefined,
): Promise<MediaStream | undefined> {
  const id = old?.getSettings().deviceId;
  const track = opened.getVideoTracks()[0] as MediaStreamTrack;
  const { deviceId, facingMode } = track.getSettings();
  if (!id || (facingMode && deviceId !== id)) return undefined;
  const all = (await it.cameras()).map((device) => device.deviceId);
  const next = all[(all.indexOf(id) + 1) % all.length] ?? id;
  if (next === deviceId) return undefined;
  track.stop();
  const { width, height, frameRate } = it.camera();
  return it.ask({ video: { width, height, frameRate, deviceId: { exact: next } } });
}

async function second(it: Turning, wanted: Facing, old: MediaStreamTrack | undefined): Promise<MediaStream> {
  try {
    return await it.ask({ video: it.camera(wanted) });
  } catch (error) {
    // There is no other camera after all: back to the first one.
    if (old) it.put(await it.ask({ video: it.camera() }), old);
    throw error;
  }
}
