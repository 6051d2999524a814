// Frames of sound and picture, sealed by whoever sends them for those in the call: what carries them can tell where a
// picture begins, and nothing else.
//
//   head, clear | the rest, sealed with AES-GCM, and its tag (16) | counter (5) | key (1) | mark (2)
//
// The counter makes the nonce. It rises with every frame of a key, whatever its kind, and a key has one sender only: so no
// nonce is used twice. The head and the kind are authenticated, and a frame that has been opened is not opened again.

export type Kind = "audio" | "video";
export type Bytes = Uint8Array<ArrayBuffer>;

const TAG = 16;
const COUNTER = 5;
const MARK = [0xe2, 0xee] as const;
const TRAILER = COUNTER + 1 + MARK.length;
const NONCE = 12;
const BYTE = 256;
const MOST = BYTE ** COUNTER;
/** Frames may come so much later than others of their kind: lost packets are sent again. */
const LATE = 512;
/** Keys of one sender that are kept: frames on the way are still of the last one. */
const KEPT = 4;

/**
 * What stays clear: of a voice the byte that says how it is packed, of a picture (VP8) the frame header, with the size where a
 * key frame begins (RFC 6386, 9.1: bit 0 of the first byte is 0 there).
 */
function headOf(kind: Kind, frame: Bytes): number {
  const most = kind === "audio" ? 1 : (frame[0] ?? 0) & 1 ? 3 : 10;
  return Math.min(most, frame.length);
}

function terms(kind: Kind, head: Bytes, counter: Bytes) {
  const iv = new Uint8Array(NONCE);
  iv.set(counter, NONCE - COUNTER);
  const additionalData = joined(Uint8Array.of(kind === "audio" ? 0 : 1), head);
  return { name: "AES-GCM", iv, additionalData, tagLength: TAG * 8 };
}

function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function counted(number: number): Bytes {
  return Uint8Array.from({ length: COUNTER }, (_, at) => Math.floor(number / BYTE ** (COUNTER - 1 - at)));
}

/** A key as it goes to the others, for AES-GCM with 128 bits; it cannot be read out again. */
export function imported(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Whether this looks like a sealed frame; one in 65,000 clear ones does, too. */
export function isSealed(data: Bytes): boolean {
  const at = data.length - MARK.length;
  return data.length >= TAG + TRAILER && data[at] === MARK[0] && data[at + 1] === MARK[1];
}

/** Seals with one key. */
export class Sealer {
  private count = 0;

  constructor(
    private readonly key: CryptoKey,
    private readonly id: number,
  ) {}

  async seal(kind: Kind, frame: Bytes): Promise<Bytes> {
    if (this.count >= MOST) throw new RangeError("this key has sealed all that it may");
    const counter = counted(this.count++);
    const head = frame.slice(0, headOf(kind, frame));
    const rest = frame.slice(head.length);
    const body = new Uint8Array(await crypto.subtle.encrypt(terms(kind, head, counter), this.key, rest));
    return joined(head, body, counter, Uint8Array.of(this.id % BYTE, ...MARK));
  }
}

/** Which frames of one kind and key have been opened. */
class Seen {
  private highest = -1;
  private readonly numbers = new Set<number>();

  fresh(number: number): boolean {
    return number > this.highest - LATE && !this.numbers.has(number);
  }

  add(number: number): void {
    this.numbers.add(number);
    this.highest = Math.max(this.highest, number);
    if (this.numbers.size < 2 * LATE) return;
    for (const one of this.numbers) if (one <= this.highest - LATE) this.numbers.delete(one);
  }
}

interface Held {
  readonly id: number;
  readonly key: CryptoKey;
  readonly seen: Readonly<Record<Kind, Seen>>;
}

/** Opens what one sender has sealed. */
export class Opener {
  private keys: readonly Held[] = [];

  /** From now on this key opens, too. */
  take(id: number, key: CryptoKey): void {
    const others = this.keys.filter((one) => one.id !== id % BYTE);
    this.keys = [{ id: id % BYTE, key, seen: { audio: new Seen(), video: new Seen() } }, ...others].slice(
      0,
      KEPT,
    );
  }

  /** What was sealed; undefined where no key here opens it, somebody has changed it, or it was opened before. */
  async open(kind: Kind, data: Bytes): Promise<Bytes | undefined> {
    if (!isSealed(data)) return undefined;
    const end = data.length - TRAILER;
    const counter = data.slice(end, end + COUNTER);
    const number = counter.reduce((value, byte) => value * BYTE + byte, 0);
    const held = this.keys.find(({ id }) => id === data[end + COUNTER]);
    if (!held?.seen[kind].fresh(number)) return undefined;
    const head = data.slice(0, Math.min(headOf(kind, data), end - TAG));
    try {
      const sealed = data.slice(head.length, end);
      const rest = await crypto.subtle.decrypt(terms(kind, head, counter), held.key, sealed);
      if (!held.seen[kind].fresh(number)) return undefined;
      held.seen[kind].add(number);
      return joined(head, new Uint8Array(rest));
    } catch {
      return undefined;
    }
  }
}
