// Measures a line with a few trains of datagrams: first as many as a voice has, then wider ones until the line is full.
// A narrow line costs little: what it cannot carry is not tried.

import { DOWN, numbered, order, OVERHEAD, read, TRIP, UP, type Came } from "./datagrams";

/** The way to the far end. */
export interface Datagrams {
  send(data: ArrayBuffer): void;
  /** Called with whatever comes. */
  heard: (data: unknown) => void;
}

export interface Time {
  now(): number;
  /** Waits for so many ms. */
  wait(ms: number): Promise<void>;
}

/** Bits a second, ms, and thousandths that get lost one way. */
export interface Measured {
  readonly up: number;
  readonly down: number;
  readonly trip: number;
  readonly jitter: number;
  readonly loss: number;
}

interface Arrival extends Came {
  /** By the clock here, ms. */
  readonly came: number;
}

interface Train {
  readonly kind: number;
  readonly count: number;
  readonly size: number;
  readonly gap: number;
}

/** As many as a voice on a poor line has, and as small. */
const VOICE: Train = { kind: TRIP, count: 40, size: 40, gap: 40 };
/** 100, 250, 600 and 1200 kbit/s on the wire, each for some 0.4 s. */
const WIDER = [
  { count: 10, size: 400, gap: 39 },
  { count: 25, size: 400, gap: 16 },
  { count: 28, size: 1000, gap: 15 },
  { count: 56, size: 1000, gap: 7 },
];
/** With less arriving than this share of what was sent, and did not get lost anyway, the line is full. */
const ENOUGH = 0.8;
/** Thousandths lost from which on nothing wider is tried: the answer is clear. */
const HOPELESS = 300;
/** How long stragglers of a train are waited for, ms, beside the time of a trip. */
const PATIENCE_MS = 700;
const FIRST_PATIENCE_MS = 2500;
const TICK_MS = 20;

export class Measuring {
  private arrivals: Arrival[] = [];
  private next = 0;
  private trip = FIRST_PATIENCE_MS;
  /** The share that does not get lost on a line that has room. */
  private kept = 1;

  constructor(
    private readonly line: Datagrams,
    private readonly time: Time,
  ) {
    line.heard = (data) => {
      const came = read(data);
      if (came) this.arrivals.push({ ...came, came: time.now() });
    };
  }

  async measure(): Promise<Measured> {
    const sent: number[] = [];
    const base = this.next;
    const echoes = await this.run(VOICE, (at) => (sent[at] = this.time.now()));
    const trips = echoes.map(({ number, came }) => came - (sent[number - base] as number));
    const trip = median(trips);
    // What came back has gone both ways: each is taken to lose alike.
    const kept = Math.sqrt(echoes.length / VOICE.count);
    const loss = Math.round(1000 * (1 - kept));
    if (echoes.length === 0) return { up: 0, down: 0, trip: 0, jitter: 0, loss };
    this.trip = trip;
    this.kept = kept ** 2;
    let up = rate(VOICE, echoes, (one) => one.stamp);
    let down = rate(VOICE, echoes, (one) => one.came);
    if (loss < HOPELESS) {
      if (!this.full(VOICE, up)) up = await this.widen(UP, up, (one) => one.stamp);
      if (!this.full(VOICE, down)) down = await this.widen(DOWN, down, (one) => one.came);
    }
    return {
      up: Math.round(up),
      down: Math.round(down),
      trip: Math.round(trip),
      jitter: jitter(trips),
      loss,
    };
  }

  /** Wider and wider until the line is full; answers what got through. */
  private async widen(kind: number, carried: number, clock: (one: Arrival) => number): Promise<number> {
    let best = carried;
    for (const step of WIDER) {
      const train = { kind, ...step };
      const found = rate(train, await this.run(train), clock);
      best = Math.max(best, found);
      if (this.full(train, found)) break;
    }
    return best;
  }

  /** Whether the line could not take all of a train. */
  private full(train: Train, found: number): boolean {
    return found < ENOUGH * this.kept * sentRate(train);
  }

  /** Sends a train, or has it sent; answers what came back of it, in order. */
  private async run(train: Train, leaving?: (at: number) => void): Promise<readonly Arrival[]> {
    const { kind, count, size, gap } = train;
    const base = this.next;
    this.next += count;
    this.arrivals = [];
    const begin = this.time.now();
    if (kind === DOWN) this.line.send(order(base, count, size, gap));
    for (let at = 0; at < count; at += 1) {
      const due = begin + at * gap - this.time.now();
      if (due > 0) await this.time.wait(due);
      if (kind === DOWN) continue;
      leaving?.(at);
      this.line.send(numbered(kind, base + at, size));
    }
    const until = this.time.now() + this.trip + (kind === TRIP ? 0 : PATIENCE_MS);
    const mine = () => this.arrivals.filter((one) => one.number >= base && one.number < base + count);
    // An order may get lost: it is given once more, and obeyed once.
    if (kind === DOWN && mine().length === 0) this.line.send(order(base, count, size, gap));
    while (mine().length < count && this.time.now() < until) {
      await this.time.wait(TICK_MS);
    }
    return [...mine()].sort((one, other) => one.number - other.number);
  }
}

/** What a train takes of the line, bits a second. */
function sentRate({ size, gap }: Train): number {
  return ((size + OVERHEAD) * 8000) / gap;
}

/** What arrived of a train, bits a second by a clock of ms; what got lost counts as not carried. */
function rate(train: Train, arrived: readonly Arrival[], clock: (one: Arrival) => number): number {
  const times = arrived.map(clock);
  const span = Math.max(...times) - Math.min(...times);
  const planned = (train.count - 1) * train.gap;
  // From fewer than three nothing is known of their distance.
  if (arrived.length < 3) return 0;
  return ((arrived.length - 1) * (train.size + OVERHEAD) * 8000) / Math.max(span, planned);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How much one trip differs from the next. */
function jitter(trips: readonly number[]): number {
  const steps = trips.slice(1).map((trip, at) => Math.abs(trip - (trips[at] as number)));
  return Math.round(steps.reduce((sum, each) => sum + each, 0) / Math.max(1, steps.length));
}
