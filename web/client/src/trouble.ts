// What is wrong with a line, seen from the side that sends: too narrow, lossy, or only far. No I/O and no clock.
//
// A narrow line answers later and later, for its queue grows, and loses what the queue does not hold; a lossy one loses
// without growing slow; a far one is slow from the beginning and loses nothing. Each wants something else: a narrow one
// fewer and longer packets, a lossy one every packet twice, a far one nothing.

import { num, pairOf, type Report, type Stat } from "./flow";
import { Lasting } from "./lasting";

/** One look at what this side sends. */
export interface Outlook {
  /** What the browser believes it can send, bits a second; undefined while it does not know. */
  readonly estimate?: number | undefined;
  /** Round trip of the media path, ms; 0 while it is not known. */
  readonly rtt: number;
  /** Share of the own packets that the other side missed, 0 to 1. */
  readonly loss: number;
}

/** The other side tells of the sound every 5 s; what is older is about a picture that is not sent any more. */
const STALE_MS = 7000;
/** The round trip of a stream that has ended is told on and on, as it was in the queue that it filled. */
const ENDED_MS = 2500;
/** A round trip longer than the line's shortest by so much, ms, is spent in a full queue. */
const QUEUE_MS = 250;
const LOSSY = 0.03;
const VERY_LOSSY = 0.08;
/** So much is lost where more is sent than passes; the round trips that show the queue are told later than this. */
const DROWNED = 0.4;
/** And for so long, ms: a report on a dozen packets of a lossy line says so by chance, the next one hardly again. */
const DROWNED_MS = 1000;
/** Who is answered so late, ms, speaks into what the other one says. */
const FAR_MS = 500;
/** For so long after the last loss packets are still sent twice. */
const LOSSY_MS = 20_000;

/** What is wrong with a line: no room for a picture, too narrow for a whole one, lossy, only far; or nothing. */
export type Trouble = "off" | "narrow" | "lossy" | "far" | "";

/** Reads one look after the other out of what the browser reports. */
export class Lookout {
  /** Of each thing that is sent: how many packets there have been, and when there was one more. */
  private readonly sent = new Map<unknown, readonly [packets: number, at: number]>();

  read(report: Report): Outlook {
    const all = [...report.values()];
    const newest = Math.max(...all.map((one) => num(one, "timestamp")));
    const fresh = (one: Stat) => newest - num(one, "timestamp") < STALE_MS;
    const told = all.filter((one) => one["type"] === "remote-inbound-rtp" && fresh(one));
    const flows = (one: Stat) =>
      newest - this.sentLast(report.get(one["localId"] as string), newest) < ENDED_MS;
    const trips = told.filter(flows).map((one) => num(one, "roundTripTime"));
    const pair = pairOf(report);
    return {
      estimate: num(pair, "availableOutgoingBitrate") || undefined,
      rtt: 1000 * Math.max(0, num(pair, "currentRoundTripTime"), ...trips),
      loss: Math.max(0, ...told.map((one) => num(one, "fractionLost"))),
    };
  }

  private sentLast(stream: Stat | undefined, now: number): number {
    if (!stream) return now;
    const packets = num(stream, "packetsSent");
    const [before, at] = this.sent.get(stream["id"]) ?? [-1, now];
    if (packets === before) return at;
    this.sent.set(stream["id"], [packets, now]);
    return now;
  }
}

/** Looks in a row, half a second or two apart, until a little loss is believed: one report stands in several looks. */
const OFTEN = 6;
/** Bits a second that a lossy line without a queue is believed to carry at least. */
const BELIEVED = 120_000;
/** A path may change: what was the shortest round trip longer ago than this, ms, tells nothing. */
const REMEMBERED_MS = 60_000;

export class Diagnosis {
  private trips: readonly (readonly [at: number, rtt: number])[] = [];
  private lossyUntil = -Infinity;
  private missed = 0;
  private last: Outlook = { rtt: 0, loss: 0 };
  private readonly drowning = new Lasting();
  private drowned = false;

  look(seen: Outlook, now: number): void {
    this.last = seen;
    this.drowned = this.drowning.of(seen.loss >= DROWNED, now) >= DROWNED_MS;
    this.trips = this.trips.filter(([at]) => now - at < REMEMBERED_MS);
    if (seen.rtt) this.trips = [...this.trips, [now, seen.rtt]];
    if (seen.loss < LOSSY || this.queued) this.missed = 0;
    else this.missed += seen.loss < VERY_LOSSY ? 1 : OFTEN;
    if (this.missed >= OFTEN) this.lossyUntil = now + LOSSY_MS;
  }

  /** Whether packets wait in a queue: more is sent than the line carries. */
  get queued(): boolean {
    return this.drowned || this.last.rtt - this.shortest > QUEUE_MS;
  }

  /**
   * What the line carries, bits a second, as far as that is known. Browsers take loss for a full line and go down and
   * down; where nothing waits in a queue that is not believed.
   */
  get room(): number {
    const { estimate = Infinity, loss } = this.last;
    return loss >= LOSSY && !this.queued ? Math.max(estimate, BELIEVED) : estimate;
  }

  /** Whether every answer comes late, with nothing waiting anywhere. */
  get far(): boolean {
    return this.trips.length > 0 && this.shortest >= FAR_MS;
  }

  /** A check has found the line lossy. */
  suspect(now: number): void {
    this.lossyUntil = now + LOSSY_MS;
  }

  lossy(now: number): boolean {
    return now < this.lossyUntil;
  }

  private get shortest(): number {
    return Math.min(...this.trips.map(([, rtt]) => rtt));
  }
}
