// What the server is told of a line: how much everything has moved since it was told the last time, and how that sounds.

import { num, type pairOf, type Report, type Stat } from "./flow";
import type { Lane } from "./lane";
import type { Sample } from "./quality";

const STEPS = ["sock", "offer", "answer", "ice", "dtls", "sound", "frame"] as const;
/** Without anything from the other side for so long the path counts as lost, ms. */
const LOST_MS = 2000;
/** The score follows a worse line sooner than a better one. */
const UP = 0.4;
const DOWN = 0.8;

/** The body of `measured`; see signaling/PROTOCOL.md. */
export interface Look {
  readonly seconds: number;
  readonly rtt: number;
  readonly loss: number;
  readonly concealed: number;
  readonly jitter: number;
  readonly soundUp: number;
  readonly soundDown: number;
  readonly pictureUp: number;
  readonly pictureDown: number;
  readonly freezes: number;
  readonly frozen: number;
  readonly frames: number;
  readonly rung: number;
  readonly mos: number;
  readonly breaks: number;
  readonly path: "host" | "srflx" | "relay" | "none";
  readonly way: "udp" | "tcp" | "tls";
  readonly marks?: Readonly<Record<string, number>>;
}

/** Everything that only grows. */
export interface Totals {
  readonly received: number;
  readonly lost: number;
  readonly samples: number;
  readonly concealed: number;
  readonly soundUp: number;
  readonly soundDown: number;
  readonly pictureUp: number;
  readonly pictureDown: number;
  readonly freezes: number;
  readonly frozen: number;
  readonly frames: number;
}

const NOTHING: Totals = {
  received: 0,
  lost: 0,
  samples: 0,
  concealed: 0,
  soundUp: 0,
  soundDown: 0,
  pictureUp: 0,
  pictureDown: 0,
  freezes: 0,
  frozen: 0,
  frames: 0,
};

function sum(report: Report, type: string, kind: string, key: string): number {
  const all = [...report.values()].filter((one) => one["type"] === type && one["kind"] === kind);
  return all.reduce((total, one) => total + num(one, key), 0);
}

export function totals(report: Report): Totals {
  const sound = (key: string) => sum(report, "inbound-rtp", "audio", key);
  const picture = (key: string) => sum(report, "inbound-rtp", "video", key);
  const silent = sound("silentConcealedSamples"); // made up for silence that was not sent: nothing is missing
  return {
    received: sound("packetsReceived") + picture("packetsReceived"),
    lost: sound("packetsLost") + picture("packetsLost"),
    samples: sound("totalSamplesReceived"),
    concealed: sound("concealedSamples") - silent,
    soundUp: sum(report, "outbound-rtp", "audio", "bytesSent"),
    soundDown: sound("bytesReceived"),
    pictureUp: sum(report, "outbound-rtp", "video", "bytesSent"),
    pictureDown: picture("bytesReceived"),
    freezes: picture("freezeCount"),
    frozen: picture("totalFreezesDuration") * 1000,
    frames: picture("framesDecoded"),
  };
}

/** How media goes: through a relay of either side, through a router's address, or straight. No address is told. */
export function wayOf(report: Report, pair: Stat | undefined): Pick<Look, "path" | "way"> {
  const [local, remote] = ["localCandidateId", "remoteCandidateId"].map((id) =>
    report.get(String(pair?.[id])),
  );
  const types = [local?.["candidateType"], remote?.["candidateType"]];
  const told = local?.["relayProtocol"] ?? local?.["protocol"];
  const way = told === "tcp" || told === "tls" ? told : "udp";
  if (!local) return { path: "none", way };
  if (types.includes("relay")) return { path: "relay", way };
  return { path: types.every((type) => type === "host") ? "host" : "srflx", way };
}

/**
 * The mean opinion score of a sample, 1 (bad) to 4.4 (excellent): the simplified E-model (ITU-T G.107) with a delay of
 * half the round trip and twice the jitter, and 2.5 points for each per cent lost.
 */
export function mos({ loss, rtt, jitter }: Omit<Sample, "estimate">): number {
  const delay = rtt / 2 + 2 * jitter;
  const effect = delay <= 160 ? delay / 40 : (delay - 120) / 10;
  const r = Math.min(100, Math.max(0, 93.2 - effect - 250 * loss));
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

/** How long after going into the call a step came, ms; 0 for what stood already, undefined for what never came. */
export function since(step: string): number | undefined {
  const times = (name: string) => performance.getEntriesByName(`call ${name}`).map((each) => each.startTime);
  const began = times("enter").at(-1) ?? 0;
  const came = times(step);
  const after = came.find((time) => time >= began);
  return after === undefined ? came.at(-1) && 0 : Math.round(after - began);
}

/** The score after one more, in hundredths. */
export function smooth(before: number | undefined, score: number): number {
  const now = 100 * score;
  if (before === undefined) return now;
  return before + (now > before ? UP : DOWN) * (now - before);
}

export class Logbook {
  private peer: Lane["peer"];
  private before = NOTHING;
  private newest = NOTHING;
  private began: number;
  private looked: number;
  private score: number | undefined;
  private stalled = false;
  private still = 0;
  private breaks = 0;
  private marked = false;

  constructor(
    private readonly lane: Lane,
    /** Finds the pair in use; handed in, so that what the call needs at once stays in one piece. */
    private readonly pair: typeof pairOf,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = this.looked = now();
  }

  /** Twice a second: whether anything comes in. */
  watch(): void {
    const lost = this.lane.path.stalled >= LOST_MS;
    if (lost) this.still += 500;
    if (lost && !this.stalled) this.breaks += 1;
    this.stalled = lost;
  }

  /** What to tell now; nothing before anything has come in. */
  async look(): Promise<Look | undefined> {
    const { lane } = this;
    const { peer } = lane;
    if (!peer || !lane.path.connected) return undefined;
    if (peer !== this.peer) {
      this.peer = peer;
      this.before = NOTHING; // its counters begin anew
    }
    const report: Report = await peer.stats();
    this.newest = totals(report);
    this.looked = this.now();
    return { ...this.figures(report), ...this.marks() };
  }

  /** The last look has arrived: the next one begins there. */
  told(): void {
    this.before = this.newest;
    this.began = this.looked;
    this.breaks = this.still = 0;
    this.marked = true;
  }

  private figures(report: Report): Look {
    const pair = this.pair(report);
    const passed = Math.max(1000, this.looked - this.began);
    const moved = (key: keyof Totals) => Math.max(0, Math.round(this.newest[key] - this.before[key]));
    const share = (part: number, whole: number) => Math.round(1000 * Math.min(1, part / (whole || Infinity)));
    const rate = (key: keyof Totals) => Math.round((8 * moved(key)) / passed);
    const far = [...report.values()].filter((one) => one["type"] === "remote-inbound-rtp");
    const lost = share(moved("lost"), moved("lost") + moved("received"));
    const concealed = share(moved("concealed"), moved("samples"));
    const rtt = Math.round(1000 * num(pair, "currentRoundTripTime"));
    const jitter = Math.max(0, ...this.sound(report).map((one) => Math.round(1000 * num(one, "jitter"))));
    // What is heard decides: lost sound that came twice is not missing. Nothing at all is heard of a path that is lost.
    const missing = Math.max(concealed, share(this.still, passed)) / 1000;
    this.score = smooth(this.score, mos({ loss: missing, rtt, jitter }));
    return {
      seconds: Math.min(3600, Math.round(passed / 1000)),
      rtt,
      loss: Math.max(lost, ...far.map((one) => Math.round(1000 * Math.min(1, num(one, "fractionLost"))))),
      concealed,
      jitter,
      soundUp: rate("soundUp"),
      soundDown: rate("soundDown"),
      pictureUp: rate("pictureUp"),
      pictureDown: rate("pictureDown"),
      freezes: moved("freezes"),
      frozen: moved("frozen"),
      frames: moved("frames"),
      rung: this.lane.rung,
      mos: Math.round(this.score),
      breaks: this.breaks,
      ...wayOf(report, pair),
    };
  }

  private sound(report: Report): Stat[] {
    return [...report.values()].filter((one) => one["type"] === "inbound-rtp" && one["kind"] === "audio");
  }

  private marks(): Pick<Look, "marks"> {
    if (this.marked) return {};
    const told = STEPS.map((step) => [step, since(step)] as const);
    return {
      marks: Object.fromEntries(told.filter(([, time]) => time !== undefined)) as Record<string, number>,
    };
  }
}
