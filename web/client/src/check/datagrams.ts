// What the check of a line sends and gets back: numbered datagrams, whose forms stand in signaling/media/echo.py.

export const TRIP = 0;
export const UP = 1;
export const DOWN = 2;

const STAMP = 9;
/** Bytes that a datagram has on the wire beside its own: IP, UDP, DTLS and SCTP. */
export const OVERHEAD = 93;

/** One that came back: which it is, and when it was at the far end, ms by the clock there. */
export interface Came {
  readonly kind: number;
  readonly number: number;
  readonly stamp: number;
}

/** A datagram of `size` bytes that wants to be stamped. */
export function numbered(kind: number, number: number, size: number): ArrayBuffer {
  const buffer = new ArrayBuffer(Math.max(size, STAMP));
  const view = new DataView(buffer);
  view.setUint8(0, kind);
  view.setUint32(1, number);
  return buffer;
}

/** Asks for `count` datagrams of `size` bytes, one each `gap` ms, numbered from `number` on. */
export function order(number: number, count: number, size: number, gap: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(11));
  view.setUint8(0, DOWN);
  view.setUint32(1, number);
  [count, size, gap].forEach((each, at) => view.setUint16(5 + 2 * at, each));
  return view.buffer;
}

/** Reads one that came back; undefined for what is none. */
export function read(data: unknown): Came | undefined {
  if (!(data instanceof ArrayBuffer) || data.byteLength < STAMP) return undefined;
  const view = new DataView(data);
  return { kind: view.getUint8(0), number: view.getUint32(1), stamp: view.getUint32(5) };
}
