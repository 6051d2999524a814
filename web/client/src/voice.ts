// How the own voice is packed: few long packets for a narrow line, every packet twice for a lossy one.

import { Lasting } from "./lasting";

export interface Voice {
  /** Milliseconds of sound in a packet. */
  readonly packet: 20 | 60;
  /** Whether each packet carries the one before it once more (RFC 2198). */
  readonly twice: boolean;
  /** Bits a second of the sound alone; none for what the browser takes by itself. */
  readonly bitrate?: number;
}

/** 47 kbit/s on the wire; 22 with 60 ms in a packet; with each packet twice 70, and 34 with 60 ms in it. */
export const PLAIN: Voice = { packet: 20, twice: false };
export const THRIFTY: Voice = { packet: 60, twice: false, bitrate: 16_000 };
export const DOUBLED: Voice = { packet: 20, twice: true, bitrate: 24_000 };
export const DOUBLED_THRIFTY: Voice = { packet: 60, twice: true, bitrate: 12_000 };

/** Where so little gets through, bits a second, there is no room for anything twice. */
const DOUBLED_FROM = 55_000;
const NARROW = 150_000;
/** What saved a voice is kept for so long, ms, when it seems to be needed no more. */
const KEPT_MS = 10_000;
/** After a doubled voice filled the line it is not doubled for so long, ms. */
const SINGLE_MS = 60_000;
/** It is to blame where it has been alone for so long, ms: until then a picture's packets may wait, or be told of. */
const ALONE_MS = 8000;
/** And where the line has been full for so long, ms: on a lossy one a single check that is lost looks the same. */
const FULL_MS = 4000;

export interface Need {
  /** Whether the picture was taken away because the line is narrow. */
  readonly off: boolean;
  readonly lossy: boolean;
  readonly line: { readonly room: number; readonly queued: boolean };
}

export class Packing {
  private voice = PLAIN;
  private singleUntil = -Infinity;
  private readonly plain = new Lasting();
  private readonly alone = new Lasting();
  private readonly full = new Lasting();

  /** The voice for what the line needs now: changed at once for the worse, with patience for the better. */
  judge(need: Need, now: number): Voice {
    this.blame(need, now);
    const wanted = this.wanted(need, now);
    const plain = this.plain.of(wanted === PLAIN, now);
    if (wanted !== PLAIN || plain >= KEPT_MS) this.voice = wanted;
    return this.voice;
  }

  /** A doubled voice that fills the line by itself is not kept. */
  private blame({ off, line: { queued } }: Need, now: number): void {
    const alone = this.alone.of(off, now) >= ALONE_MS;
    const full = this.full.of(queued, now) >= FULL_MS;
    if (this.voice.twice && alone && full) this.singleUntil = now + SINGLE_MS;
  }

  private wanted({ off, lossy, line: { room, queued } }: Need, now: number): Voice {
    const narrow = off || queued || room < NARROW;
    const twice = lossy && now >= this.singleUntil && (this.voice.twice || room >= DOUBLED_FROM);
    if (twice) return narrow ? DOUBLED_THRIFTY : DOUBLED;
    return narrow ? THRIFTY : PLAIN;
  }
}

/** What this side sends, as the other side is made to ask for it. */
export interface Sent {
  readonly voice: Voice;
  readonly picture: boolean;
}

/**
 * The other side's description as if it had asked for this: senders go by the `ptime`, by the order of codecs and by the
 * directions there. Only a picture that nobody asks for ends at once: what is merely inactive goes on sending again, for
 * ten seconds, all that was lost of it. Answers undefined where no sound is wanted.
 */
export function asked(sdp: string, { voice, picture }: Sent): string | undefined {
  const [head = "", ...sections] = sdp.split(/(?=^m=)/m);
  const sound = sections.findIndex((one) => one.startsWith("m=audio"));
  const face = sections.findIndex((one) => one.startsWith("m=video"));
  if (sound < 0) return undefined;
  sections[sound] = packed(sections[sound] as string, voice);
  if (face >= 0 && !picture) sections[face] = unwanted(sections[face] as string);
  return [head, ...sections].join("");
}

function packed(section: string, { packet, twice }: Voice): string {
  const red = /^a=rtpmap:(\d+) red\//m.exec(section)?.[1];
  const ordered = (codecs: string) => {
    const others = codecs
      .trim()
      .split(" ")
      .filter((one) => one !== red);
    const all = red === undefined ? others : twice ? [red, ...others] : [...others, red];
    return ` ${all.join(" ")}`;
  };
  return section
    .replace(/^a=ptime:.*\r?\n/gm, "")
    .replace(/^(m=audio \d+ \S+)((?: \d+)+)/, (_, start: string, codecs: string) => start + ordered(codecs))
    .replace(/^a=mid:.*(\r?\n)/m, `$&a=ptime:${packet}$1`);
}

const unwanted = (section: string): string =>
  section.replace(/^a=sendrecv/m, "a=sendonly").replace(/^a=recvonly/m, "a=inactive");
