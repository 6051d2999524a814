// Decides when a call's line is broken and what to do about it: probe, new socket, ICE restart. No I/O and no clock.
//
// Browsers notice a dead path after 5 to 15 s, Socket.IO after 40; people after one. So: nothing came in for a second →
// ask the server (1 s) → no answer: new socket → entered again and still nothing: restart ICE. Every other suspicion
// (ICE disconnected, network changed, page visible again) leads to the same one probe.

export interface PathWorld {
  /** Milliseconds that only rise. */
  now(): number;
  /** Whether a socket is connected, as far as anyone knows. */
  up(): boolean;
  /** Whether the server answers. */
  probe(): Promise<boolean>;
  /** A new socket; `rejoined` is called when the room has been entered on it. */
  renew(): void;
  /** Something comes in again: whoever waits for the line need wait no more. */
  revived(): void;
  restartIce(): void;
}

/** What has come in so far: media packets, and answers to ICE's own checks. */
export interface Flow {
  readonly media: number;
  readonly checks: number;
  /** Which candidate pair the checks are counted on. */
  readonly pair?: string | undefined;
}

const STALL_MS = 1000;
/** Without media (both mute and hidden, say) only ICE's checks come in, every 2.5 s or less often. */
const QUIET_STALL_MS = 6000;
/** The socket is fine and still nothing comes in: then the path itself is broken. */
const BROKEN_MS = 3000;
const RESTART_GAP_MS = 5000;
const ALARM_GAP_MS = 2000;
const ALARM_GAP_MAX_MS = 8000;

export class Path {
  private last: Flow = { media: 0, checks: 0 };
  /** When something came in last, and when media did; undefined before the first time in this epoch. */
  private heard: number | undefined;
  private mediaAt = -Infinity;
  private ice: RTCIceConnectionState = "new";
  private busy = false;
  private nextAlarm = 0;
  private gap = ALARM_GAP_MS;
  private restarted = -Infinity;
  /** Nothing but ICE's checks is meant to come in: media come another way. */
  idle = false;

  constructor(private readonly world: PathWorld) {}

  /** A new peer connection. */
  begin(): void {
    this.last = { media: 0, checks: 0 };
    this.heard = undefined;
    this.mediaAt = -Infinity;
    this.ice = "new";
    this.restarted = -Infinity;
    this.calm();
  }

  /** Whether anything has come in over the present peer connection. */
  get connected(): boolean {
    return this.heard !== undefined;
  }

  /** For how long nothing has come in although something should have, ms; 0 while all is well. */
  get stalled(): number {
    if (this.heard === undefined) return 0;
    const quiet = this.world.now() - this.heard;
    const lively = !this.idle && this.heard - this.mediaAt < 1500;
    return quiet >= (lively ? STALL_MS : QUIET_STALL_MS) ? quiet : 0;
  }

  /** Whether media have come in within the last second. */
  get flowing(): boolean {
    return this.world.now() - this.mediaAt < STALL_MS;
  }

  /** A look at the counters, twice a second. */
  look(flow: Flow): void {
    const now = this.world.now();
    const { last } = this;
    this.last = flow;
    // ICE looks for another pair when nobody answers any more, and comes back: what each has counted is no sign of life.
    const checked = flow.pair === last.pair && flow.checks > last.checks;
    const back = this.stalled > 0;
    if (flow.media > last.media) this.mediaAt = now;
    if (flow.media > last.media || checked) {
      this.heard = now;
      if (back) this.world.revived();
      this.calm();
    } else if (this.stalled && now >= this.nextAlarm) {
      this.nextAlarm = now + this.gap;
      this.gap = Math.min(2 * this.gap, ALARM_GAP_MAX_MS);
      void this.suspect();
    }
  }

  /** The browser's own opinion changed. */
  iceChanged(state: RTCIceConnectionState): void {
    this.ice = state;
    if (state === "disconnected" || state === "failed") void this.suspect();
  }

  /** Something may be wrong: one probe, however many ask at the same time. */
  async suspect(): Promise<void> {
    if (this.busy || !this.world.up()) return; // without a socket one is being tried already
    this.busy = true;
    try {
      if (!(await this.world.probe())) this.world.renew();
      else if (this.lost() || this.stalled >= BROKEN_MS) this.restart();
    } finally {
      this.busy = false;
    }
  }

  /** The room has been entered again on a new socket, in the same epoch. Media that still flows is left alone. */
  rejoined(): void {
    this.restarted = -Infinity; // what an earlier restart offered may have gone nowhere
    if (this.lost() || this.stalled) this.restart();
  }

  private lost(): boolean {
    return this.ice === "disconnected" || this.ice === "failed";
  }

  private calm(): void {
    this.nextAlarm = 0;
    this.gap = ALARM_GAP_MS;
  }

  private restart(): void {
    const now = this.world.now();
    if (now - this.restarted < RESTART_GAP_MS) return;
    this.restarted = now;
    this.world.restartIce();
  }
}
