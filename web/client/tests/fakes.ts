// Stand-ins for what a browser or the server provides, small enough to be read: a peer connection, a socket, a clock.

import type { Negotiable } from "../src/messages";
import type { PeerLike } from "../src/negotiation";
import type { SocketLike } from "../src/signal";

/** Lets everything that is ready to run do so. */
export async function settle(rounds = 30): Promise<void> {
  for (let i = 0; i < rounds; i += 1) await Promise.resolve();
}

interface Sdp {
  readonly type: "offer" | "answer";
  readonly sdp: string;
}

const ufragOf = (sdp: string): string | undefined => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];

/**
 * The signalling half of an RTCPeerConnection, as the specification has it: operations run one after the other and take
 * a moment; an offer that meets a local offer rolls that one back (unless `rollsBack` is false, as in older Safari);
 * `negotiationneeded` fires in the stable state only, and again when what was wanted has not been agreed.
 */
export class FakePeer implements PeerLike {
  signalingState: RTCSignalingState = "stable";
  localDescription: Sdp | null = null;
  remoteDescription: Sdp | null = null;
  onnegotiationneeded: ((event: Event) => unknown) | null = null;
  onsignalingstatechange: (() => void) | null = null;
  onicecandidate: ((event: RTCPeerConnectionIceEvent) => unknown) | null = null;
  rollsBack = true;
  readonly log: string[] = [];
  readonly candidates: string[] = [];
  /** Set to hold up the next setRemoteDescription until the promise resolves. */
  holdRemote: Promise<void> | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private stable: { local: Sdp | null; remote: Sdp | null } = { local: null, remote: null };
  private wanted = 0;
  private offered = 0;
  private agreed = 0;
  private round = 0;

  constructor(readonly name: string) {}

  /** Something changed (a track, a restart of ICE) that must be negotiated. */
  want(): void {
    this.wanted += 1;
    this.fire();
  }

  get satisfied(): boolean {
    return this.wanted === this.agreed;
  }

  /** Another one each time, as browsers do: only what is set counts. */
  async createOffer(): Promise<{ sdp: string }> {
    return { sdp: this.made() };
  }

  setLocalDescription(description?: { type: "rollback" } | Sdp): Promise<void> {
    return this.queue(() => {
      if (description?.type === "rollback") {
        this.log.push("rollback");
        return this.rollback();
      }
      const sdp = description?.sdp ?? this.made();
      if (this.signalingState === "have-remote-offer") {
        this.localDescription = { type: "answer", sdp };
        this.stableNow();
      } else {
        this.localDescription = { type: "offer", sdp };
        this.signalingState = "have-local-offer";
        this.offered = this.wanted;
      }
    });
  }

  setRemoteDescription({ type, sdp }: Sdp): Promise<void> {
    return this.queue(async () => {
      const held = this.holdRemote;
      this.holdRemote = undefined;
      await held;
      if (type === "answer" && this.signalingState !== "have-local-offer")
        throw new Error("answer without offer");
      if (type === "offer" && this.signalingState === "have-local-offer") {
        if (!this.rollsBack) throw new Error("no implicit rollback");
        this.log.push("implicit rollback");
        this.rollback();
      }
      this.remoteDescription = { type, sdp };
      this.log.push(type);
      if (type === "offer") this.signalingState = "have-remote-offer";
      else {
        this.agreed = this.offered;
        this.stableNow();
      }
    });
  }

  addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void> {
    return this.queue(() => {
      if (!this.remoteDescription) throw new Error("candidate before description");
      const ufrag = candidate?.usernameFragment;
      if (ufrag && ufrag !== ufragOf(this.remoteDescription.sdp))
        throw new Error("candidate of another offer");
      this.candidates.push(candidate?.candidate ?? "");
    });
  }

  /** A candidate of the present local description, as the browser would find it. */
  find(candidate: string): void {
    const found = {
      candidate,
      sdpMid: "0",
      sdpMLineIndex: 0,
      usernameFragment: ufragOf(this.localDescription?.sdp ?? "") ?? null,
    };
    const event = { candidate: { ...found, toJSON: () => found } };
    this.onicecandidate?.(event as unknown as RTCPeerConnectionIceEvent);
  }

  private made(): string {
    return `v=0\r\na=ice-ufrag:${this.name}${++this.round}\r\n`;
  }

  private queue(work: () => void | Promise<void>): Promise<void> {
    const done = this.tail.then(work);
    this.tail = done.catch(() => undefined);
    return done;
  }

  private rollback(): void {
    this.localDescription = this.stable.local;
    this.remoteDescription = this.stable.remote;
    this.signalingState = "stable";
  }

  private stableNow(): void {
    this.signalingState = "stable";
    this.stable = { local: this.localDescription, remote: this.remoteDescription };
    this.onsignalingstatechange?.();
    this.fire();
  }

  private fire(): void {
    queueMicrotask(() => {
      if (!this.satisfied && this.signalingState === "stable") this.onnegotiationneeded?.({} as Event);
    });
  }
}

/** A line between two negotiators that delivers only when told to. */
export class Wire {
  readonly waiting: Negotiable[] = [];
  readonly sent: Negotiable[] = [];
  deliver: (what: Negotiable) => unknown = () => undefined;

  readonly send = (what: Negotiable): void => {
    this.waiting.push(what);
    this.sent.push(what);
  };

  async flush(): Promise<void> {
    for (const what of this.waiting.splice(0)) void this.deliver(what);
    await settle();
  }

  kinds(): string[] {
    return this.sent.map((one) => one.kind);
  }
}

type Answered = (error: unknown, ack: unknown) => void;

/** A socket that a test opens, feeds and breaks by hand. Emits without an answer wait until they are answered or lost. */
export class FakeSocket implements SocketLike {
  connected = false;
  dialled = false;
  closed = false;
  readonly emitted: { event: string; body: unknown; answered: Answered }[] = [];
  private handlers = new Map<string, (body: never) => void>();
  private readonly asked = new Set<Answered>();

  constructor(
    readonly query: Record<string, string> = {},
    /** Answers at once if it returns something. */
    readonly reply: (event: string, body: never) => unknown = () => undefined,
  ) {}

  connect(): void {
    this.dialled = true;
  }

  disconnect(): void {
    this.closed = true;
    this.drop();
  }

  on(event: string, handler: (body: never) => void): void {
    this.handlers.set(event, handler);
  }

  off(): void {
    this.handlers.clear();
  }

  timeout(ms: number): { emit(event: string, body: unknown, answered: Answered): void } {
    return {
      emit: (event, body, answered) => {
        const timer = setTimeout(() => once(new Error("timeout"), undefined), ms);
        const once: Answered = (error, ack) => {
          clearTimeout(timer);
          if (this.asked.delete(once)) answered(error, ack);
        };
        this.asked.add(once);
        this.emitted.push({ event, body, answered: once });
        const ack = this.reply(event, body as never);
        if (ack !== undefined) queueMicrotask(() => once(null, ack));
      },
    };
  }

  /** What the server sends. */
  say(event: string, body: unknown = {}): void {
    this.handlers.get(event)?.(body as never);
  }

  accept(): void {
    this.connected = true;
    this.say("connect");
  }

  refuse(): void {
    this.say("connect_error");
  }

  /** The connection is gone; unanswered emits fail. */
  drop(): void {
    if (!this.connected) return;
    this.connected = false;
    for (const one of [...this.asked]) one(new Error("lost"), undefined);
    this.say("disconnect");
  }

  events(): string[] {
    return this.emitted.map((one) => one.event);
  }
}
