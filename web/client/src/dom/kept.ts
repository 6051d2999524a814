// What becomes of the own camera and microphone during a call, on the page: words, and one tap to go on.

import { MediaRefused } from "../devices";
import { Keeper, type Pause } from "../keeper";
import { meter, SPEECH } from "../meter";
import type { Room } from "../room";
import { openedContext } from "../sound";
import { announce } from "./announce";
import type { CallScreen } from "./callscreen";
import type { Camera } from "./camera";
import { all, choose, one } from "./page";

/** How loud a track is, muted or not: a clone of it is never muted. */
function listen(track: MediaStreamTrack, heard: (level: number, nothing: boolean) => void): () => void {
  const clone = track.clone();
  clone.enabled = true;
  const still = meter(new MediaStream([clone]), heard);
  return () => {
    still();
    clone.stop();
  };
}

export class Kept {
  private readonly keeper: Keeper;
  private readonly context = openedContext();
  private readonly changed = () => {
    // Only Apple's browsers know this state.
    if ((this.context?.state as string) === "interrupted") this.keeper.interrupted();
    else this.keeper.recovered();
  };

  constructor(
    private readonly root: HTMLElement,
    private readonly camera: Camera,
    private readonly room: Room,
    private readonly screen: CallScreen,
  ) {
    this.keeper = new Keeper({
      tracks: () => camera.tracks,
      reopen: async () => !((await camera.open(camera.picture)) instanceof MediaRefused),
      onReopened: (lost) => this.reopened(lost),
      onPause: (why) => this.pause(why),
      onDead: () => location.reload(),
      onSpeech: () => screen.note("muted"),
      listen,
      speech: SPEECH,
    });
    this.follow();
    this.context?.addEventListener("statechange", this.changed);
  }

  /** Other tracks are sent, or the microphone was muted or opened. */
  follow(): void {
    this.keeper.watch();
    this.keeper.muted(this.room.muted);
  }

  /** "Tap to continue". */
  resume(): Promise<void> {
    return this.keeper.resume();
  }

  end(): void {
    this.pause(undefined);
    this.keeper.end();
    this.context?.removeEventListener("statechange", this.changed);
  }

  private reopened(lost: boolean): void {
    this.room.use(this.camera.tracks);
    this.keeper.muted(this.room.muted);
    this.screen.hidden(lost || this.room.hidden || !this.camera.tracks.video, false);
    this.screen.note(lost ? "no-picture" : "reopened");
  }

  private pause(why: Pause | undefined): void {
    for (const button of all("[data-do=continue]", this.root)) {
      const before = button.hidden;
      button.hidden = why === undefined;
      choose("paused", why ?? "", button);
      if (why && before) announce(one(`[data-paused=${why}]`, button).textContent ?? "");
    }
  }
}
