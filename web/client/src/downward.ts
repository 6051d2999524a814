// The peer connection on which everybody else's media come from the forwarding server, and whose packets come in on it.

import type { ForwardWorld, KIT } from "./forward";
import type { Mailbox } from "./mailbox";
import type { Entered, Pair, SignalDown } from "./messages";
import type { Negotiation } from "./negotiation";
import type { Kind } from "./peer";
import type { Circle } from "./seal/circle";

const STALL_MS = 1200;
/** Who stalled once must come in for so long before they count again. */
const STEADY_MS = 3000;
const HOPELESS_MS = 12_000;
/** Whose sound has come in is waited for, ms: until the first packet of a picture, and until one can be shown. */
const DARK_MS = 1000;
const UNSEEN_MS = 6000;

/** What one member sends, of one epoch of theirs. */
interface Feed {
  readonly epoch: number;
  readonly stream: MediaStream;
  readonly receivers: RTCRtpReceiver[];
  /** Packets, or frames that could be opened. */
  packets: number;
  /** When some came in last, and since when without a stall. */
  heard: number;
  since: number;
  stalled: boolean;
  /** When something came in first, and whether their picture is there, or none is to be waited for. */
  began: number;
  seen: boolean;
  shown: boolean;
}

/** Whose media each section of an offer is, by its mid: `a=msid:p.1 …` for what is sent. */
export function sources(sdp: string): ReadonlyMap<string, readonly [string, number]> {
  const found = new Map<string, readonly [string, number]>();
  for (const section of sdp.split(/^m=/m).slice(1)) {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    const owner = /^a=msid:(\w+)\.(\d+)\s/m.exec(section);
    const sends = /^a=send(only|recv)\s*$/m.test(section);
    if (mid !== undefined && owner?.[1] && sends) found.set(mid, [owner[1], Number(owner[2])]);
  }
  return found;
}

export class Downward {
  readonly mail: Mailbox;
  epoch = 0;
  private pc: RTCPeerConnection | undefined;
  private negotiation: Negotiation | undefined;
  private feeds: ReadonlyMap<string, Feed> = new Map();
  private broken = Infinity;
  private looked = 0;
  /** Whether another offer is wanted, to be answered in another way. */
  private stale = false;
  /** Whether what comes in can be opened: it was made when that could be done. */
  private opening = false;

  constructor(
    private readonly world: ForwardWorld,
    private readonly kit: typeof KIT,
    private readonly circle: Circle,
    /** Called when something may have changed between two looks. */
    private readonly changed: () => void,
  ) {
    const { signal, onError } = world.options;
    const [Box] = kit;
    this.mail = new Box(
      (body) => signal.send("signal", { ...body, to: "down" }),
      (code, detail) => onError?.(new Error(`signal ${code}: ${detail}`)),
    );
  }

  /** Whose packets came in at the last look, and of which epoch of theirs: a page that is late itself heard nobody stall. */
  get flowing(): ReadonlyMap<string, number> {
    const now = this.looked;
    const fit = ({ heard, since, stalled, seen }: Feed) =>
      seen && now - heard < STALL_MS && (!stalled || now - since >= STEADY_MS);
    return new Map([...this.feeds].flatMap(([who, feed]) => (fit(feed) ? [[who, feed.epoch]] : [])));
  }

  stream(who: string): MediaStream | undefined {
    return this.feeds.get(who)?.stream;
  }

  /** Whether a member's stream has never been asked about before. */
  isNew(who: string): boolean {
    const feed = this.feeds.get(who);
    if (!feed || feed.shown) return false;
    feed.shown = true;
    return true;
  }

  seated({ epoch, since }: Pair, entered: Entered): void {
    if (epoch !== this.epoch) {
      this.build(epoch, entered);
      this.mail.resume(0);
    } else if (since !== undefined) {
      this.pc?.setConfiguration(this.kit[2](entered));
      this.mail.resume(since);
    }
  }

  receive(body: SignalDown): void {
    if (!this.mail.take(body)) return;
    void this.negotiation?.receive(body);
  }

  /** Lets what comes in be opened. */
  dress(): void {
    for (const [who, { receivers }] of this.feeds) {
      for (const one of receivers) this.circle.dress(one, { kind: one.track.kind as Kind, who });
    }
  }

  /** A look at what has come in, twice a second. */
  async look(): Promise<void> {
    const now = this.world.now();
    const ice = this.pc?.iceConnectionState;
    const bad = this.feeds.size > 0 && ice !== "connected" && ice !== "completed";
    this.broken = bad ? Math.min(this.broken, now) : Infinity;
    await Promise.all([...this.feeds].map(([who, feed]) => this.count(who, feed, now)));
    this.looked = now;
  }

  /** Pictures are wanted no more, or again: only another connection's answer says so. */
  renew(): void {
    this.stale = this.pc !== undefined;
  }

  /** Whether a new one must be asked for: this one is broken, is to be another, or goes past what opens. */
  hopeless(): boolean {
    const broken = this.stale || this.world.now() - this.broken >= HOPELESS_MS;
    if (!this.pc || (!broken && this.opening === this.circle.able)) return false;
    this.close();
    return true;
  }

  close(): void {
    this.epoch = 0;
    this.feeds = new Map();
    this.broken = Infinity;
    this.stale = false;
    this.negotiation?.close();
    this.pc?.close();
    this.pc = this.negotiation = undefined;
  }

  private build(epoch: number, entered: Entered): void {
    const { options } = this.world;
    const [, Negotiating, configuration] = this.kit;
    this.close();
    this.epoch = epoch;
    this.mail.begin(epoch);
    const create = options.create ?? ((how) => new RTCPeerConnection(how));
    const pc = (this.pc = create(configuration(entered)));
    this.opening = this.circle.able;
    this.negotiation = new Negotiating({
      peer: pc,
      polite: true,
      send: (what) => this.mail.post(what),
      beforeAnswer: () => this.sort(pc),
      onError: (error) => options.onError?.(error),
    });
  }

  /** Puts what is offered now with whom it is from; whoever sends as before keeps their stream. */
  private sort(pc: RTCPeerConnection): void {
    const owners = sources(pc.remoteDescription?.sdp ?? "");
    const feeds = new Map<string, Feed>();
    for (const transceiver of pc.getTransceivers()) {
      const { mid, receiver } = transceiver;
      if (receiver.track.kind === "video" && this.world.beside.spares) transceiver.direction = "inactive";
      const [who, epoch] = owners.get(mid ?? "") ?? [];
      if (!who || !epoch) continue;
      const before = this.feeds.get(who);
      const feed = feeds.get(who) ?? (before?.epoch === epoch ? before : this.feed(epoch));
      feeds.set(who, feed);
      if (feed.receivers.includes(receiver)) continue;
      feed.receivers.push(receiver);
      feed.stream.addTrack(receiver.track);
      receiver.track.onunmute = () => void this.look().then(this.changed);
    }
    this.feeds = feeds;
    this.dress();
  }

  private feed(epoch: number): Feed {
    const stream = (this.world.options.newStream ?? (() => new MediaStream()))();
    const times = { heard: -Infinity, since: Infinity, began: Infinity };
    const is = { stalled: false, seen: false, shown: false };
    return { epoch, stream, receivers: [], packets: 0, ...times, ...is };
  }

  private async count(who: string, feed: Feed, now: number): Promise<void> {
    const packets = this.circle.frames(who) ?? (await received(feed.receivers));
    if (packets > feed.packets) {
      feed.heard = now;
      feed.since = Math.min(feed.since, now);
      feed.began = Math.min(feed.began, now);
    } else if (now - feed.heard >= STALL_MS && feed.since !== Infinity) {
      feed.stalled = true;
      feed.since = Infinity;
    }
    feed.packets = packets;
    feed.seen ||= await this.pictured(feed, now);
  }

  /** Whether a picture can be shown: before its first whole frame the one that comes directly would turn dark. */
  private async pictured({ receivers, began }: Feed, now: number): Promise<boolean> {
    const pictures = receivers.filter(({ track }) => track.kind === "video");
    const [packets, frames] = [await received(pictures), await received(pictures, "framesDecoded")];
    const patience = this.world.beside.spares ? 0 : packets ? UNSEEN_MS : DARK_MS;
    return frames > 0 || now - began >= patience;
  }
}

async function received(
  receivers: readonly RTCRtpReceiver[],
  key: "packetsReceived" | "framesDecoded" = "packetsReceived",
): Promise<number> {
  let sum = 0;
  for (const receiver of receivers) {
    for (const one of ((await receiver.getStats()) as ReadonlyMap<string, RTCStats>).values()) {
      if (one.type === "inbound-rtp") sum += (one as RTCInboundRtpStreamStats)[key] ?? 0;
    }
  }
  return sum;
}
