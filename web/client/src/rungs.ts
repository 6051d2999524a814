// How much picture there may be: the rungs of the ladder, from 640×480 as asked for down to none.

/** What the sender of the picture may use. */
export interface Rung {
  readonly active: boolean;
  /** Bits a second. */
  readonly bitrate: number;
  /** By how much width and height are divided. */
  readonly scale: number;
  /** Frames a second. */
  readonly rate: number;
}

export const RUNGS: readonly [Rung, Rung, Rung, Rung] = [
  { active: true, bitrate: 450_000, scale: 1, rate: 30 },
  { active: true, bitrate: 250_000, scale: 4 / 3, rate: 20 },
  { active: true, bitrate: 110_000, scale: 2, rate: 15 },
  { active: false, bitrate: 110_000, scale: 2, rate: 15 },
];
export const SMALL = 2;
export const OFF = 3;

/** How somebody begins to send on a weak line: without a picture; on a lossy one with every packet of sound twice. */
export interface Start {
  readonly picture: boolean;
  readonly lossy: boolean;
}

/** What the browser may know about the line beforehand; few do. */
interface Known {
  readonly effectiveType?: string;
  readonly downlink?: number;
}

/**
 * Where a call begins. On an unknown line with a small picture: the first
 * seconds show whether it can grow at once, and a large one would fill a slow line's queue and take the sound with it.
 */
export function start({ effectiveType = "", downlink = 1 }: Known): typeof SMALL | typeof OFF {
  return /2g/.test(effectiveType) || downlink < 0.15 ? OFF : SMALL;
}
