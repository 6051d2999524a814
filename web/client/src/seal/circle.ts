// Whether what goes through the forwarding server is sealed for those in the call, and with which key.
//
// Each member has a key of their own for what they send, and makes another one whenever somebody comes, goes or has a new
// connection. Keys go over the data channels between the browsers only, which no server can read. A key is used once all
// have it; until then the last one is, and before the first nothing goes up at all: the direct connections carry the call.
// Where somebody cannot, or cannot be reached, it goes up unsealed, and every page says so (PROTOCOL.md).

import type { Member } from "../messages";
import type { SideBody } from "../side";
import { imported } from "./frame";
import type { Order, Told, Way } from "./orders";

/** The part of the data channel to a member that is used. */
export interface Line {
  send(kind: string, body?: SideBody): boolean;
  on(kind: string, handler: (body: SideBody) => void): () => void;
  onOpen(handler: () => void): () => void;
}

export interface Bench extends Pick<Worker, "terminate"> {
  postMessage(order: Order): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}

/** What it takes; comes later than the call. */
export interface Means {
  readonly line: (to: string) => Line;
  /** Where frames are sealed and opened; undefined where this browser cannot. */
  readonly bench: () => Bench | undefined;
  /** Lets the bench have what one sender sends, or one receiver gets. */
  readonly dress: (target: object, bench: Bench, way: Way) => void;
}

export interface CircleOptions {
  /** By what name the line to a member goes. */
  readonly key: (who: string) => string;
  readonly now: () => number;
  /** Another way for what goes up or comes in. */
  readonly onChange: () => void;
  /** Frames of a member came in that could be used. */
  readonly onFrames: (who: string) => void;
  readonly random?: () => Uint8Array<ArrayBuffer>;
}

/** Those who have said nothing for so long cannot. */
const PATIENCE_MS = 10_000;
const BYTES = 16;
const CLEAR = 0;

interface Other {
  readonly line: Line;
  readonly ends: (() => void)[];
  here: boolean;
  /** Counts the channels to them, and since when there is this one. */
  turn: number;
  since: number;
  /** They have said that they cannot. */
  cannot: boolean;
  /** The number of the own key that they have, of theirs, and of that with which they say they seal. */
  have: number;
  gave: number;
  seals: number | undefined;
  trusted: boolean;
  frames: number;
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof text !== "string" || !/^[0-9a-f]{32}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function numberOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= CLEAR ? (value as number) : undefined;
}

export class Circle {
  private readonly others = new Map<string, Other>();
  private means: Means | undefined;
  private bench: Bench | undefined;
  /** Since when calls go through the forwarding server; undefined while they do not. */
  private since: number | undefined;
  private members: readonly Member[] = [];
  private you = "";
  /** Who has which channel: for them the newest key was made, with this number, at this time. */
  private around = "";
  private id = 0;
  private made = 0;
  private key: CryptoKey | undefined;
  /** The key that seals what goes up; 0: none, it goes as it is; undefined: nothing goes up. */
  private way: number | undefined;
  constructor(private readonly options: CircleOptions) {}

  /** Whether own sound and picture may go up. */
  get may(): boolean {
    return this.way !== undefined;
  }

  /** Whether frames can be sealed and opened here. A browser lets that begin with a connection, and no later. */
  get able(): boolean {
    return this.bench !== undefined;
  }

  /** Whether it is known how frames go: with means, or without any, as those who have waited for them have. */
  get settled(): boolean {
    return this.means !== undefined || this.way === CLEAR;
  }

  /** Whether anything in this call goes through the forwarding server unsealed. */
  get unsealed(): boolean {
    return this.way === CLEAR || [...this.others.values()].some(({ trusted }) => trusted);
  }

  /** How many frames of a member could be used; undefined where it is packets that count. */
  frames(who: string): number | undefined {
    if (this.bench) return this.others.get(who)?.frames ?? 0;
    return this.means || this.way === CLEAR ? undefined : 0;
  }

  /** The means have come. */
  equip(means: Means): void {
    this.means = means;
    if (this.since !== undefined) this.begin();
  }

  /** Who is in the call, which goes through the forwarding server. */
  seated(you: string, members: readonly Member[]): void {
    this.you = you;
    this.members = members;
    if (this.since === undefined) {
      this.since = this.options.now();
      this.begin();
    } else this.meet();
  }

  /** Lets frames be sealed on their way up, or opened on their way here. */
  dress(target: object, way: Way): void {
    if (this.bench) this.means?.dress(target, this.bench, way);
  }

  /** A look, twice a second. */
  look(): void {
    if (this.since !== undefined) this.decide();
  }

  end(): void {
    for (const who of [...this.others.keys()]) this.part(who);
    this.bench?.terminate();
    this.bench = this.key = this.since = this.way = undefined;
    this.around = "";
  }

  private begin(): void {
    const { means } = this;
    if (means) this.bench = means.bench();
    if (this.bench) this.bench.onmessage = ({ data }) => this.told(data as Told);
    this.meet();
    this.options.onChange();
  }

  private told({ who, frames }: Told): void {
    const other = this.others.get(who);
    if (!other) return;
    other.frames = frames;
    this.options.onFrames(who);
  }

  private meet(): void {
    const here = new Map(this.members.map((one) => [one.id, one.here]));
    for (const who of [...this.others.keys()]) if (!here.has(who)) this.part(who);
    for (const [who, is] of here) {
      if (who === this.you || !this.means) continue;
      const other = this.others.get(who) ?? this.greet(who, this.means);
      if (is && !other.here) other.since = this.options.now();
      other.here = is;
    }
    this.decide();
  }

  private greet(who: string, means: Means): Other {
    const line = means.line(this.options.key(who));
    const silent = { cannot: false, have: 0, gave: 0, seals: undefined, trusted: false, frames: 0 };
    const other: Other = { line, ends: [], here: false, turn: 0, since: this.options.now(), ...silent };
    this.others.set(who, other);
    other.ends.push(
      line.onOpen(() => this.opened(other)), // before what has been said on this channel already
      line.on("seal-key", ({ id, key }) => void this.take(who, other, id, key)),
      line.on("seal-have", ({ id }) => {
        other.have = numberOf(id) ?? 0;
        this.decide();
      }),
      line.on("seal-now", ({ id }) => {
        other.seals = numberOf(id);
        this.decide();
      }),
      line.on("seal-not", () => {
        other.cannot = true;
        this.decide();
      }),
    );
    return other;
  }

  private part(who: string): void {
    for (const end of this.others.get(who)?.ends.splice(0) ?? []) end();
    this.others.delete(who);
    this.bench?.postMessage({ do: "forget", who });
  }

  /** Another channel: whoever is at its other end has nothing yet. */
  private opened(other: Other): void {
    other.turn += 1;
    other.since = this.options.now();
    Object.assign(other, { cannot: false, have: 0, gave: 0, seals: undefined });
    if (!this.bench) other.line.send("seal-not");
    if (this.way === CLEAR) other.line.send("seal-now", { id: CLEAR });
    this.decide();
  }

  private async take(who: string, other: Other, told: unknown, text: unknown): Promise<void> {
    const { bench } = this;
    const [id, bytes, { turn }] = [numberOf(told), bytesOf(text), other];
    if (!id || !bytes || !bench) return;
    const key = await imported(bytes);
    if (this.others.get(who) !== other || other.turn !== turn || this.bench !== bench) return;
    other.gave = id;
    bench.postMessage({ do: "open", who, id, key });
    other.line.send("seal-have", { id });
    this.decide();
  }

  private decide(): void {
    const others = [...this.others.values()];
    for (const [who, other] of this.others) this.trust(who, other);
    if (!this.means) {
      // The others have given up by then: what comes in is clear, too.
      if (this.late((this.since ?? 0) + PATIENCE_MS)) this.go(CLEAR);
    } else if (!this.bench || others.some(({ here, cannot }) => here && cannot)) {
      this.go(CLEAR);
    } else {
      const around = [...this.others].map(([who, { turn }]) => `${who}.${turn}`).join();
      if (around !== this.around) this.renew(around);
      const lacking = others.filter(({ here, have }) => here && have !== this.id);
      if (lacking.length === 0) this.go(this.id);
      else if (lacking.some(({ since }) => this.late(Math.max(since, this.made)))) this.go(CLEAR);
    }
  }

  private late(since: number): boolean {
    return this.options.now() - since >= PATIENCE_MS;
  }

  /** What is not sealed is taken of those who say so, and of those from whom nothing is heard. */
  private trust(who: string, other: Other): void {
    const silent = other.seals === undefined && other.gave === 0 && this.late(other.since);
    const clear = !this.bench || other.cannot || other.seals === CLEAR || silent;
    if (clear === other.trusted) return;
    other.trusted = clear;
    this.bench?.postMessage({ do: "trust", who, clear });
    this.options.onChange();
  }

  /** Another key, for those who are around now. */
  private renew(around: string): void {
    this.around = around;
    this.id += 1;
    this.made = this.options.now();
    this.key = undefined;
    const { id } = this;
    const bytes = (this.options.random ?? (() => crypto.getRandomValues(new Uint8Array(BYTES))))();
    for (const { line } of this.others.values()) line.send("seal-key", { id, key: hex(bytes) });
    void imported(bytes).then((key) => {
      if (this.id !== id || this.since === undefined) return;
      this.key = key;
      this.decide();
    });
  }

  private go(way: number): void {
    const { bench, key } = this;
    if (way === this.way || (way !== CLEAR && !key)) return;
    this.way = way;
    if (key && way !== CLEAR) bench?.postMessage({ do: "seal", id: way, key });
    else bench?.postMessage({ do: "pass" });
    for (const { line } of this.others.values()) line.send("seal-now", { id: way });
    this.options.onChange();
  }
}
