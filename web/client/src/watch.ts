// All windows of one member of staff watch together: a touch in one keeps the others open, a lock in one hides all.

import { Idle } from "./idle";

type Word = "touched" | "locked" | "open";

export interface Watched {
  /** Whether something goes on that nobody needs to touch: a call. */
  readonly busy: () => boolean;
  /** Locks the session for everybody who stands at this computer. */
  readonly lock: () => unknown;
  /** The session was locked here or elsewhere: hide everything about patients at once. */
  readonly veil: () => void;
  /** The session is open again. */
  readonly unveil: () => void;
}

const CHANNEL = "staff";
const LOOK_EVERY_MS = 10_000;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** Watches over this window, and tells the others; a page that shows itself says that the session is open. */
export class Watch {
  private readonly idle: Idle;
  private touched = false;

  constructor(
    private readonly page: Watched,
    private readonly channel = new BroadcastChannel(CHANNEL),
  ) {
    this.idle = new Idle({ busy: page.busy, lock: () => page.lock() });
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.hear(data);
    for (const touch of TOUCHES) addEventListener(touch, () => this.touch(), { passive: true });
    setInterval(() => this.look(), LOOK_EVERY_MS);
    this.tell("open");
  }

  /** Hides this window and all others. */
  veil(): void {
    this.page.veil();
    this.tell("locked");
  }

  look(): void {
    if (this.touched || this.page.busy()) this.tell("touched");
    this.touched = false;
    this.idle.look();
  }

  private touch(): void {
    this.touched = true;
    this.idle.touched();
  }

  private hear(word: Word): void {
    if (word === "touched") this.idle.touched();
    else if (word === "locked") this.page.veil();
    else this.page.unveil();
  }

  private tell(word: Word): void {
    this.channel.postMessage(word);
  }
}

/** The page of a locked session: hides all other windows, and goes on as soon as the session is open again. */
export function watchLocked(goOn: () => void): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data === "open") goOn();
  };
  channel.postMessage("locked" satisfies Word);
}
