// How good a call is: numbers from getStats, and the one word that people hear about them.

import { num, pairOf, type Report } from "./flow";
import type { Word } from "./messages";

/** One look at the line, every 2 s. */
export interface Sample {
  /** Share of packets lost since the sample before, the worse direction: 0 to 1. */
  readonly loss: number;
  /** Round trip of the media path, ms. */
  readonly rtt: number;
  /** Jitter of the incoming sound, ms. */
  readonly jitter: number;
  /** What the browser believes it can send, bits a second; undefined while it does not know. */
  readonly estimate?: number | undefined;
}

/** The counters from which the next sample is made. */
export interface Counters {
  readonly received: number;
  readonly lost: number;
  /** Bytes of picture sent. */
  readonly picture: number;
}

type Grade = 0 | 1 | 2 | 3;
const WORDS = ["good", "fair", "poor", "audio-only"] as const;

/** Bits a second below which a picture would only disturb the sound, and below which it is small. */
export const SOUND_ONLY_BELOW = 100_000;
export const POOR_BELOW = 150_000;

function grade({ loss, rtt, estimate = Infinity }: Sample): Grade {
  if (estimate < SOUND_ONLY_BELOW) return 3;
  if (loss > 0.15 || rtt > 1200 || estimate < POOR_BELOW) return 2;
  if (loss >= 0.05 || rtt >= 500) return 1;
  return 0;
}

/**
 * The connection word after these samples, oldest first. It moves only as far as two samples in a row agree, so one bad
 * moment announces nothing. ("reconnecting" is no matter of samples: room.ts knows it from the path.)
 */
export function word(samples: readonly Sample[]): Exclude<Word, "reconnecting"> {
  const grades = samples.map(grade);
  let now: Grade = 0;
  grades.forEach((one, i) => {
    const before = grades[i - 1];
    if (before === undefined) return;
    now = Math.max(Math.min(one, before), Math.min(now, Math.max(one, before))) as Grade;
  });
  return WORDS[now];
}

/** Reads one stats report of a whole peer connection; `before` is what the last reading answered as `counters`. */
export function read(
  report: Report,
  before: Counters = { received: 0, lost: 0, picture: 0 },
): { sample: Sample; counters: Counters } {
  const all = [...report.values()];
  const inbound = all.filter((one) => one["type"] === "inbound-rtp");
  const total = (key: string) => inbound.reduce((sum, one) => sum + num(one, key), 0);
  const pictures = all.filter((one) => one["type"] === "outbound-rtp" && one["kind"] === "video");
  const counters = {
    received: total("packetsReceived"),
    lost: total("packetsLost"),
    picture: pictures.reduce((sum, one) => sum + num(one, "bytesSent"), 0),
  };
  const lost = Math.max(0, counters.lost - before.lost);
  const expected = lost + Math.max(0, counters.received - before.received);
  const told = all
    .filter((one) => one["type"] === "remote-inbound-rtp")
    .map((one) => num(one, "fractionLost"));
  const pair = pairOf(report);
  const estimate = num(pair, "availableOutgoingBitrate");
  const sample = {
    loss: Math.max(expected ? lost / expected : 0, ...told),
    rtt: 1000 * num(pair, "currentRoundTripTime"),
    jitter:
      1000 *
      Math.max(0, ...inbound.filter((one) => one["kind"] === "audio").map((one) => num(one, "jitter"))),
    // With nothing but sound to send browsers stop looking for more, and the number means nothing.
    estimate: counters.picture > before.picture ? estimate || undefined : undefined,
  };
  return { sample, counters };
}
