// Digits that two people read to each other, so that they know that nobody stands between them, not even the server that
// introduced them: they are made of both certificates of the encrypted connection and of a random number of each side.
//
// Each side is bound to its number (by a hash) before it hears the other's. Whoever stands between has another certificate
// to each of the two, and must choose numbers before knowing theirs: the digits agree by chance only, once in a million.
// For each connection this is done once, so that nobody can try again and again. (As in ZRTP, RFC 6189, 4.4.1.)

import type { SideBody } from "./side";

/** Who makes the first offer, and the other one. */
export type Role = "first" | "second";
export type Both<T> = Readonly<Record<Role, T>>;

/** SHA-256 of the certificates of this side and of the other, as the connection itself has them. */
export interface Fingerprints {
  readonly mine: Uint8Array;
  readonly theirs: Uint8Array;
}

export type Verdict =
  | { readonly state: "wait" }
  | { readonly state: "ready" | "changed"; readonly digits: string }
  /** Somebody did not keep to the rules: the number is not the one that was promised. */
  | { readonly state: "failed" }
  /** This browser does not tell its certificates. */
  | { readonly state: "cannot" };

const BYTES = 32;
const OTHER: Both<Role> = { first: "second", second: "first" };

async function sha256(...parts: readonly (string | Uint8Array)[]): Promise<Uint8Array> {
  const bytes = parts.flatMap((part) => [
    ...(typeof part === "string" ? new TextEncoder().encode(part) : part),
  ]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** 32 bytes as the other side wrote them; anything else is undefined. */
function bytesOf(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

/** What binds a side to its number. The role is in it: the other side's own promise cannot be sent back to it. */
export async function promise(role: Role, number: Uint8Array): Promise<string> {
  return hex(await sha256(`telehealth vouch ${role} `, number));
}

/** The six digits, in two groups. */
export async function digitsOf(certificates: Both<Uint8Array>, numbers: Both<Uint8Array>): Promise<string> {
  const { first, second } = certificates;
  const sum = await sha256("telehealth digits ", first, second, numbers.first, numbers.second);
  const million = sum.slice(0, 6).reduce((value, byte) => value * 256 + byte, 0) % 1_000_000;
  const digits = String(million).padStart(6, "0");
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

/** The part of the data channel that is used. */
export interface Channel {
  send(kind: string, body: SideBody): boolean;
  on(kind: string, handler: (body: SideBody) => void): () => void;
  onOpen(handler: () => void): () => void;
}

export interface VouchOptions {
  readonly role: Role;
  readonly side: Channel;
  readonly fingerprints: () => Promise<Fingerprints | undefined>;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly random?: () => Uint8Array;
}

/** Makes the digits of each connection as soon as it stands, until end(). */
export class Vouch {
  private readonly ends: (() => void)[];
  private number: Uint8Array | undefined;
  private promised: string | undefined;
  /** Whether the other side has this side's promise. */
  private bound = false;
  private revealed = false;
  private over = false;
  private seen = false;

  constructor(private readonly options: VouchOptions) {
    const { side } = options;
    options.onVerdict({ state: "wait" });
    this.ends = [
      side.onOpen(() => void this.begin()),
      side.on("vouch-promise", ({ promise: told }) => this.take(told)),
      side.on("vouch-number", ({ number }) => void this.check(number)),
    ];
  }

  end(): void {
    for (const end of this.ends.splice(0)) end();
  }

  /** Another connection: everything anew. */
  private async begin(): Promise<void> {
    const { role, side, random = () => crypto.getRandomValues(new Uint8Array(BYTES)) } = this.options;
    const number = random();
    this.number = number;
    this.promised = undefined;
    this.bound = this.revealed = this.over = false;
    this.options.onVerdict({ state: "wait" });
    const told = await promise(role, number);
    if (this.number !== number) return;
    this.bound = side.send("vouch-promise", { promise: told });
    this.reveal();
  }

  private take(told: unknown): void {
    if (this.over) return;
    if (!bytesOf(told) || this.revealed) return this.fail(); // a second promise could be made to fit
    this.promised = told as string;
    // What came before this code was loaded may have been promised in an earlier connection: the last one counts.
    queueMicrotask(() => this.reveal());
  }

  /** One's own number goes out once both are bound to theirs, and not before. */
  private reveal(): void {
    if (!this.bound || this.revealed || !this.promised || !this.number || this.over) return;
    this.revealed = true;
    this.options.side.send("vouch-number", { number: hex(this.number) });
  }

  private async check(told: unknown): Promise<void> {
    const { number: mine, promised } = this;
    const theirs = bytesOf(told);
    if (this.over || !mine) return;
    const { role, fingerprints, onVerdict } = this.options;
    if (!theirs || !promised || (await promise(OTHER[role], theirs)) !== promised) return this.fail();
    const certificates = await fingerprints();
    if (this.number !== mine || this.over) return;
    this.over = true;
    if (!certificates) return onVerdict({ state: "cannot" });
    const of = <T>(own: T, other: T): Both<T> =>
      role === "first" ? { first: own, second: other } : { first: other, second: own };
    const digits = await digitsOf(of(certificates.mine, certificates.theirs), of(mine, theirs));
    if (this.number !== mine) return;
    onVerdict({ state: this.seen ? "changed" : "ready", digits });
    this.seen = true;
  }

  private fail(): void {
    this.over = true;
    this.options.onVerdict({ state: "failed" });
  }
}
