// Perfect negotiation over one peer connection: two sides may offer at any time and still agree.
//
// The pattern is that of W3C WebRTC 1.0, "Perfect negotiation example", with two additions: an offer has an id which its
// answer echoes (an answer to an older offer is dropped), and candidates wait for the description of their user fragment.

import {
  answer,
  candidate,
  endOfCandidates,
  offer,
  type Candidate,
  type Description,
  type Draft,
  type Negotiable,
} from "./messages";

/** The part of RTCPeerConnection that negotiating needs. */
export interface PeerLike {
  readonly signalingState: RTCSignalingState;
  readonly localDescription: { readonly type: string; readonly sdp: string } | null;
  readonly remoteDescription: { readonly type: string; readonly sdp: string } | null;
  createOffer(): Promise<{ readonly sdp?: string }>;
  setLocalDescription(description?: { type: "rollback" } | { type: "offer"; sdp: string }): Promise<void>;
  setRemoteDescription(description: { type: "offer" | "answer"; sdp: string }): Promise<void>;
  addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void>;
  onnegotiationneeded: ((event: Event) => unknown) | null;
  onicecandidate: ((event: RTCPeerConnectionIceEvent) => unknown) | null;
}

export interface NegotiationOptions {
  readonly peer: PeerLike;
  /** The polite side (the patient) takes its own offer back when two meet, and never makes the first one. */
  readonly polite: boolean;
  /** Hands a message over to the other side, in order and exactly once. */
  readonly send: (what: Negotiable) => void;
  /** Called between applying an offer and making its answer: the place to attach tracks to new transceivers. */
  readonly beforeAnswer?: () => void | Promise<void>;
  readonly onError?: (error: unknown) => void;
}

/** The other side's description in other words, for this side only; undefined where there is nothing to change. */
export type Shape = (sdp: string) => string | undefined;

/**
 * As if the other side had asked for both channels of every sound beside the voice. Only then Opus does not take it for
 * speech, of which it leaves out what is below 100 Hz: the sounds of a heart.
 */
const fuller: (sdp: string) => string = (sdp) =>
  sdp
    .split(/(?=^m=audio)/m)
    .map((one, at) => (at > 1 ? one.replace("useinbandfec=1", "$&;stereo=1") : one))
    .join("");

/** Candidates kept for a description that did not come yet; the server lets no more than 100 through. */
const HELD_AT_MOST = 100;

export class Negotiation {
  private readonly peer: PeerLike;
  private readonly polite: boolean;
  private started = false;
  private closed = false;
  private makingOffer = false;
  private ignoreOffer = false;
  private isSettingRemoteAnswerPending = false;
  private offers = 0;
  private drafted = "";
  private offerId: string | undefined;
  private answeredId: string | undefined;
  private held: Candidate[] = [];
  /** What the other side described last, in its own words but for the sound beside the voice. */
  private told = "";
  private shape: Shape | undefined;
  private reshaping: Promise<unknown> | undefined;

  constructor(private readonly options: NegotiationOptions) {
    this.peer = options.peer;
    this.polite = options.polite;
    this.peer.onnegotiationneeded = () => this.needed();
    this.peer.onicecandidate = ({ candidate: found }) => this.found(found);
  }

  /** The other side is there: the impolite side makes the initial offer. On the polite side this does nothing. */
  start(): void {
    if (this.started || this.polite) return;
    this.started = true;
    void this.offer();
  }

  /**
   * The initial offer before it is known where it goes, or undefined where none can be made. Nothing is gathered for it
   * and nothing of the other side is taken until `commit`.
   */
  async draft(): Promise<Draft | undefined> {
    this.started = true;
    this.makingOffer = true;
    try {
      const { sdp = "" } = await this.peer.createOffer();
      this.drafted = sdp;
      return { id: this.name(), sdp };
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** The draft has been sent. */
  async commit(): Promise<void> {
    try {
      await this.peer.setLocalDescription({ type: "offer", sdp: this.drafted });
    } catch (error) {
      this.failed(error);
    } finally {
      this.makingOffer = false;
    }
  }

  /** Takes one message of the other side. Errors go to `onError`; the promise says when it has been dealt with. */
  async receive(what: Negotiable): Promise<void> {
    if (this.reshaping) await this.reshaping;
    if (this.closed) return;
    try {
      if (what.kind === "offer") await this.takeOffer(what);
      else if (what.kind === "answer") await this.takeAnswer(what);
      else if (what.kind === "candidate") await this.takeCandidate(what);
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * Takes what the other side describes in other words from now on, beginning with what it described last: a negotiation
   * of this side with itself, of which the other one hears nothing. Answers whether that could be done at once. Before
   * anything was described nothing needs to be done: the first description is taken so.
   */
  reshape(shape: Shape): Promise<boolean> {
    this.shape = shape;
    return this.told ? this.again() : Promise.resolve(true);
  }

  /** Sends and takes nothing any more; closing the peer connection is its owner's work. */
  close(): void {
    this.closed = true;
    this.held = [];
    this.peer.onnegotiationneeded = null;
    this.peer.onicecandidate = null;
  }

  private again(): Promise<boolean> {
    const { peer } = this;
    const { localDescription: own, remoteDescription: other } = peer;
    const sdp = this.shape?.(this.told);
    if (this.closed || this.makingOffer || peer.signalingState !== "stable" || !own || !other || !sdp)
      return Promise.resolve(false);
    // Who has offered leaves it open which side begins the handshake: the first answer has settled it.
    const settled = other.type === "answer" && /^a=setup:(\w+)/m.exec(other.sdp)?.[1];
    const setup = settled || (own.sdp.includes("a=setup:active") ? "passive" : "active");
    const done = this.apart(sdp.replaceAll("a=setup:actpass", `a=setup:${setup}`));
    this.reshaping = done;
    return done;
  }

  private async apart(sdp: string): Promise<boolean> {
    this.makingOffer = true;
    try {
      await this.peer.setLocalDescription();
      await this.peer.setRemoteDescription({ type: "answer", sdp });
      return true;
    } catch (error) {
      // What this side wants anew is not in the other one's old description: first that has to be negotiated.
      this.failed(error);
      if (this.peer.signalingState === "have-local-offer")
        await this.peer.setLocalDescription({ type: "rollback" });
      return false;
    } finally {
      this.makingOffer = false;
      this.reshaping = undefined;
    }
  }

  private found(one: RTCIceCandidate | null): void {
    if (this.closed || one?.candidate === "") return; // an empty one ends a single section; null ends them all
    const ufrag = /^a=ice-ufrag:(\S+)/m.exec(this.peer.localDescription?.sdp ?? "")?.[1] ?? null;
    this.options.send(one ? candidate(one.toJSON()) : endOfCandidates(ufrag));
  }

  private needed(): void {
    // Before the first offer came, the polite side's tracks only wait for it: that offer will pair with them.
    if (this.started) void this.offer();
  }

  private async offer(): Promise<void> {
    if (this.closed || this.makingOffer) return;
    try {
      this.makingOffer = true;
      await this.peer.setLocalDescription();
      const made = this.peer.localDescription;
      // An offer of the other side may have come in between; then the argument-less call has made an answer, or nothing.
      if (this.closed || made?.type !== "offer" || this.peer.signalingState !== "have-local-offer") return;
      this.options.send(offer(this.name(), made.sdp));
    } catch (error) {
      this.failed(error);
    } finally {
      this.makingOffer = false;
    }
  }

  private name(): string {
    this.offerId = `${this.polite ? "p" : "i"}${++this.offers}`;
    return this.offerId;
  }

  private async takeOffer({ id, sdp }: Description): Promise<void> {
    if (id === this.answeredId) return; // sent again after a reconnect
    // While an answer is being applied the state still reads "have-local-offer", although it will be stable in time.
    const ready =
      !this.makingOffer && (this.peer.signalingState === "stable" || this.isSettingRemoteAnswerPending);
    this.ignoreOffer = !this.polite && !ready;
    if (this.ignoreOffer) return;
    this.started = true;
    this.answeredId = id;
    const first = !this.told;
    await this.apply("offer", sdp);
    await this.options.beforeAnswer?.();
    await this.peer.setLocalDescription();
    const made = this.peer.localDescription;
    if (!this.closed && made?.type === "answer") this.options.send(answer(id, made.sdp));
    await this.release();
    if (!first) await this.again(); // the new offer knows nothing of the shape
  }

  private async takeAnswer({ id, sdp }: Description): Promise<void> {
    if (id !== this.offerId) return; // to an older offer, or to one taken back, or sent twice
    this.offerId = undefined;
    this.ignoreOffer = false;
    this.isSettingRemoteAnswerPending = true;
    try {
      await this.apply("answer", sdp);
    } finally {
      this.isSettingRemoteAnswerPending = false;
    }
    await this.release();
  }

  private async apply(type: "offer" | "answer", said: string): Promise<void> {
    const first = !this.told;
    const told = (this.told = fuller(said));
    const sdp = ((first || type === "answer") && this.shape?.(told)) || told;
    try {
      await this.peer.setRemoteDescription({ type, sdp });
    } catch (error) {
      // Older Safari has no implicit rollback.
      if (type !== "offer" || this.peer.signalingState !== "have-local-offer") throw error;
      await this.peer.setLocalDescription({ type: "rollback" });
      await this.peer.setRemoteDescription({ type, sdp });
    }
    if (type === "offer") this.offerId = undefined; // whatever was offered here has been taken back
  }

  private async takeCandidate(what: Candidate): Promise<void> {
    if (this.fits(what)) return this.add(what);
    // Without a user fragment nothing tells a candidate of an ignored offer from a good one.
    if (what.ufrag === null && this.ignoreOffer) return;
    this.held.push(what);
    if (this.held.length > HELD_AT_MOST) this.held.shift();
  }

  /** Adds the waiting candidates that belong to the description just applied. */
  private async release(): Promise<void> {
    const fitting = this.held.filter((one) => this.fits(one));
    this.held = this.held.filter((one) => !fitting.includes(one));
    for (const one of fitting) await this.add(one);
  }

  private fits(what: Candidate): boolean {
    const remote = this.peer.remoteDescription;
    if (!remote) return false;
    if (what.ufrag === null) return !this.ignoreOffer;
    return remote.sdp.split(/\r?\n/).includes(`a=ice-ufrag:${what.ufrag}`);
  }

  private async add(what: Candidate): Promise<void> {
    const { candidate: text, sdpMid, sdpMLineIndex, ufrag } = what;
    try {
      const found: RTCIceCandidateInit = { candidate: text, sdpMid, sdpMLineIndex };
      await this.peer.addIceCandidate(ufrag === null ? found : { ...found, usernameFragment: ufrag });
    } catch (error) {
      // The description may have been replaced while the candidate waited in the browser's own queue.
      if (!this.ignoreOffer && this.fits(what)) this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (!this.closed) this.options.onError?.(error);
  }
}
