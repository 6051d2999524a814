// Keeps the own microphone and camera going through a call: taken by a phone call, unplugged, or spoken into while muted.
//
// After a phone call iPhones show tracks that look alive and send silence: only opening them again in a tap helps, and
// where that does not, loading the page again. So an interruption is remembered until the tap, unless something is really
// heard again: after a look at another app tracks often go on by themselves.

import type { Tracks } from "./peer";

/** What stopped: both taken away for a while (a phone call), or a device that is gone and could not be replaced. */
export type Pause = "interrupted" | "gone";

export interface KeeperOptions {
  /** What is open now. */
  readonly tracks: () => Tracks;
  /** Opens the same kinds again, by the browser's own choice of device; whether that worked. */
  readonly reopen: () => Promise<boolean>;
  /** Other tracks are open now and want to be sent; `lost` when there is no picture any more. */
  readonly onReopened: (lost: boolean) => void;
  /** A tap is wanted, with the reason, or (undefined) not any more. */
  readonly onPause: (why: Pause | undefined) => void;
  /** Opened again in a tap and silent all the same. */
  readonly onDead: () => void;
  readonly onSpeech: () => void;
  /** Tells ten times a second how loud a track is, muted or not (0 to 1), and whether it holds nothing at all. */
  readonly listen: (track: MediaStreamTrack, heard: (level: number, nothing: boolean) => void) => () => void;
  /** From this level on somebody speaks. */
  readonly speech: number;
}

/** A track may pause for so long by itself, ms: turning a phone over is no phone call. */
const BLINK_MS = 1000;
const SILENT_MS = 3000;
/** So many tenths of a second of speech, with the gaps between words; once told, not again for a while. */
const SPOKEN = 3;
const GAP = 0.25;
const AGAIN_MS = 20_000;

export class Keeper {
  private unwatch: (() => void)[] = [];
  private unhear: (() => void) | undefined;
  private blink: ReturnType<typeof setTimeout> | undefined;
  private unhearken: (() => void) | undefined;
  private paused = false;
  private opening = false;
  private quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: KeeperOptions) {}

  /** Watches what is open now. Call it again whenever other tracks are sent. */
  watch(): void {
    for (const stop of this.unwatch.splice(0)) stop();
    const { audio, video } = this.options.tracks();
    for (const track of [audio, video]) {
      if (!track) continue;
      this.on(track, "ended", () => void this.replace());
      this.on(track, "mute", () => this.stopped());
      this.on(track, "unmute", () => this.recovered());
    }
  }

  /** The browser says so itself: its sound was interrupted. */
  interrupted(): void {
    this.pause("interrupted");
  }

  /** The browser says that the interruption is over: what is heard then needs no tap. */
  recovered(): void {
    clearTimeout(this.blink);
    if (!this.paused) return;
    this.hearken(() => {
      const { audio, video } = this.options.tracks();
      if (!audio?.muted && !video?.muted) this.pause(undefined);
    });
  }

  /** The tap: opens both again; what stays silent then is beyond repair in this page. */
  async resume(): Promise<void> {
    if (await this.replace()) this.hearken(() => undefined, this.options.onDead);
  }

  /** Listens for speech while the microphone is muted. */
  muted(on: boolean): void {
    this.unhear?.();
    this.unhear = undefined;
    const { audio } = this.options.tracks();
    if (!on || !audio) return;
    let spoken = 0;
    this.unhear = this.options.listen(audio, (level) => {
      spoken = level >= this.options.speech ? spoken + 1 : Math.max(0, spoken - GAP);
      if (spoken < SPOKEN || this.quiet !== undefined) return;
      this.quiet = setTimeout(() => (this.quiet = undefined), AGAIN_MS);
      this.options.onSpeech();
    });
  }

  end(): void {
    for (const stop of this.unwatch.splice(0)) stop();
    this.muted(false);
    clearTimeout(this.blink);
    clearTimeout(this.quiet);
    this.unhearken?.();
  }

  private pause(why: Pause | undefined): void {
    this.paused = why !== undefined;
    this.options.onPause(why);
  }

  private stopped(): void {
    clearTimeout(this.blink);
    this.blink = setTimeout(() => this.interrupted(), BLINK_MS);
  }

  /** Another device takes the place of one that is gone, without a question where the browser asks none. */
  private async replace(): Promise<boolean> {
    if (this.opening) return false;
    this.opening = true;
    const had = this.options.tracks().video !== null;
    const opened = await this.options.reopen();
    this.opening = false;
    this.pause(opened ? undefined : "gone");
    if (!opened) return false;
    this.watch();
    this.options.onReopened(had && this.options.tracks().video === null);
    return true;
  }

  /** Listens for anything at all: a quiet room is not nothing. */
  private hearken(alive: () => void, dead?: () => void): void {
    const { audio } = this.options.tracks();
    if (!audio) return;
    this.unhearken?.();
    const end = (then?: () => void) => {
      still();
      clearTimeout(timer);
      then?.();
    };
    const timer = setTimeout(() => end(dead), SILENT_MS);
    const still = this.options.listen(audio, (_, nothing) => nothing || end(alive));
    this.unhearken = end;
  }

  private on(track: MediaStreamTrack, event: string, does: () => void): void {
    track.addEventListener(event, does);
    this.unwatch.push(() => track.removeEventListener(event, does));
  }
}
