// The data channel beside the media: small messages of several kinds, in order, for as long as a peer connection lasts.
//
// The offering side opens it before its first offer, so it costs no negotiation of its own; a peer that knows nothing of
// it lets it stand. This code comes later than the channel: each side greets, and speaks when it has been greeted.
// What must not get lost is sent again by whoever sends it: `onOpen` says when there is a new channel. Further channels
// are opened beside it for what is large, and told apart by the beginning of their labels.

export type SideBody = Readonly<Record<string, unknown>>;

/** The part of a peer that this needs. */
export interface Sided {
  readonly pc: Pick<RTCPeerConnection, "createDataChannel" | "ondatachannel">;
  side: RTCDataChannel | undefined;
}

/** What the other side may say at once, in characters: less than every browser's largest message. */
const LARGEST = 16_000;
/** Messages that are kept until the code for their kind has been loaded. */
const EARLY = 50;
const HELLO = "hello";

interface Said {
  readonly kind: string;
  readonly body: SideBody;
}

/** A message as it may be: an object with a kind. Anything else is junk. */
function read(data: unknown): Said | undefined {
  if (typeof data !== "string" || data.length > LARGEST) return undefined;
  try {
    const body: unknown = JSON.parse(data);
    const kind = (body as { kind?: unknown } | null)?.kind;
    return typeof kind === "string" ? { kind, body: body as SideBody } : undefined;
  } catch {
    return undefined;
  }
}

export class Side {
  private peer: Sided | undefined;
  private channel: RTCDataChannel | undefined;
  private greeted = false;
  private readonly handlers = new Map<string, (body: SideBody) => void>();
  private readonly takers = new Map<string, (channel: RTCDataChannel) => void>();
  private readonly opened = new Set<() => void>();
  private early: Said[] = [];

  /** Whether the other side is there and understands. */
  get open(): boolean {
    return this.greeted && this.channel?.readyState === "open";
  }

  /** Another peer connection; what was on its way in the last one may be lost. */
  begin(peer: Sided): void {
    this.peer = peer;
    this.channel = undefined;
    this.greeted = false;
    peer.pc.ondatachannel = ({ channel }) => {
      if (!peer.side) this.take((peer.side = channel));
      else this.takers.get(channel.label.split(":")[0] ?? "")?.(channel);
    };
    if (peer.side) this.take(peer.side);
  }

  /** Says something, if anybody can hear it now; answers whether it went out. */
  send(kind: string, body: SideBody = {}): boolean {
    if (!this.open) return false;
    this.channel?.send(JSON.stringify({ ...body, kind }));
    return true;
  }

  /** Listens to a kind from now on, beginning with what was said of it before. */
  on(kind: string, handler: (body: SideBody) => void): () => void {
    this.handlers.set(kind, handler);
    const { early } = this;
    this.early = early.filter((one) => one.kind !== kind);
    for (const one of early) if (one.kind === kind) handler(one.body);
    return () => void this.handlers.delete(kind);
  }

  /** Each time there is another channel to speak through: at once, if there is one. */
  onOpen(handler: () => void): () => void {
    this.opened.add(handler);
    if (this.open) handler();
    return () => void this.opened.delete(handler);
  }

  /** Takes the channels of the other side whose labels begin with `name:`. */
  onChannel(name: string, taker: (channel: RTCDataChannel) => void): () => void {
    this.takers.set(name, taker);
    return () => void this.takers.delete(name);
  }

  /** Another channel, for what is large. */
  another(label: string): RTCDataChannel | undefined {
    return this.open ? this.peer?.pc.createDataChannel(label) : undefined;
  }

  private take(channel: RTCDataChannel): void {
    this.channel = channel;
    const greet = () => channel.send(JSON.stringify({ kind: HELLO }));
    channel.onmessage = ({ data }) => this.heard(channel, data);
    if (channel.readyState === "open") greet();
    else channel.onopen = greet;
  }

  private heard(channel: RTCDataChannel, data: unknown): void {
    const said = read(data);
    if (!said || channel !== this.channel) return;
    if (said.kind === HELLO) return this.hello(channel);
    const handler = this.handlers.get(said.kind);
    if (handler) handler(said.body);
    else this.early = [...this.early, said].slice(-EARLY);
  }

  /** The first greeting may have come too early for the other side: it is answered. */
  private hello(channel: RTCDataChannel): void {
    if (this.greeted) return;
    this.greeted = true;
    channel.send(JSON.stringify({ kind: HELLO }));
    for (const handler of this.opened) handler();
  }
}
