// The peer connection of one epoch: own tracks in, the other side's stream out, everything negotiated.

import { flow } from "./flow";
import { mark } from "./marks";
import type { Draft, Entered, Negotiable } from "./messages";
import { Negotiation, type Shape } from "./negotiation";
import type { Flow } from "./path";
import { RUNGS, start, type Rung } from "./rungs";
import type { Sending } from "./sending";
import { tune, type Standing } from "./tuning";
import type { Voice } from "./voice";

export type Kind = "audio" | "video";
export type Tracks = Record<Kind, MediaStreamTrack | null>;

export interface PeerOptions {
  readonly entered: Pick<Entered, "polite" | "ice" | "relayOnly">;
  readonly tracks: Tracks;
  /** Frames of the own picture a second, at most. */
  readonly fastest: number;
  readonly standing?: () => Standing;
  readonly send: (what: Negotiable) => void;
  /** Once, when the first packet of the other side comes in. */
  readonly onStream: (stream: MediaStream) => void;
  readonly onIce: (state: RTCIceConnectionState) => void;
  readonly onError: (error: unknown) => void;
  readonly create: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly newStream: () => MediaStream;
}

const KINDS: readonly Kind[] = ["audio", "video"];

/** What the browser knows about the line beforehand; few do. */
const known = () => (globalThis.navigator as { connection?: object } | undefined)?.connection ?? {};

export const configuration = ({ ice, relayOnly }: PeerOptions["entered"]): RTCConfiguration => ({
  iceServers: [...ice],
  iceTransportPolicy: relayOnly ? "relay" : "all",
  bundlePolicy: "max-bundle",
});

export class Peer {
  readonly pc: RTCPeerConnection;
  /** The data channel beside the media; the offering side opens it before its first offer. */
  side: RTCDataChannel | undefined;
  /** What is sent beside face and voice, and what came in of the other's before anybody looked. */
  sending: Sending | undefined;
  readonly extra: RTCTrackEvent[] = [];
  private readonly negotiation: Negotiation;
  private readonly local: MediaStream;
  private readonly remote: MediaStream;
  private readonly tracks: Tracks;
  rung: Rung = RUNGS[start(known())];
  private sound: number | undefined;
  private delivered = false;

  constructor(private readonly options: PeerOptions) {
    this.pc = options.create(configuration(options.entered));
    this.tracks = { ...options.tracks };
    this.local = options.newStream();
    this.remote = options.newStream();
    this.negotiation = new Negotiation({
      peer: this.pc,
      polite: options.entered.polite,
      send: options.send,
      beforeAnswer: () => this.pair(),
      onError: options.onError,
    });
    this.pc.ontrack = (event) => this.arrived(event);
    this.pc.ondatachannel = ({ channel }) => (this.side = channel);
    this.pc.oniceconnectionstatechange = () => this.iceChanged();
    this.pc.onconnectionstatechange = () => this.pc.connectionState === "connected" && mark("dtls");
    this.attach();
  }

  /** The other side is there: offers, if that is this side's part. */
  start(): void {
    this.negotiation.start();
  }

  /** The initial offer, before the server has said which relays there are. */
  draft(): Promise<Draft | undefined> {
    return this.negotiation.draft();
  }

  /** The draft was sent along with `enter`; this was the answer. */
  async commit(entered: PeerOptions["entered"]): Promise<void> {
    this.refresh(entered);
    await this.negotiation.commit();
  }

  receive(what: Negotiable): Promise<void> {
    return this.negotiation.receive(what);
  }

  /** Whether the connection can be kept when the server has forgotten what was negotiated. */
  get settled(): boolean {
    const ice = this.pc.iceConnectionState;
    return ice === "connected" || ice === "completed" || this.pc.signalingState === "stable";
  }

  /** Sends this track (or nothing) of its kind from now on; needs no negotiation. */
  async put(kind: Kind, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[kind] = track;
    const sender = this.transceiver(kind)?.sender;
    try {
      if (sender) await sender.replaceTrack(track);
      else if (track) this.pc.addTrack(track, this.local);
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** As put(), where it is another one than now. */
  give(kind: Kind, track: MediaStreamTrack | null): void {
    if (this.tracks[kind] !== track) void this.put(kind, track);
  }

  /** Sends no more picture than this; takes effect without negotiation. */
  async limit(rung: Rung): Promise<void> {
    this.rung = rung;
    this.sending?.limit(rung);
    await this.tune();
  }

  /** How loud the other side is just now, 0 to 1; 0 where the browser does not tell. */
  get loudness(): number {
    const sound = this.pc.getReceivers().find((one) => one.track.kind === "audio");
    return sound?.getSynchronizationSources?.()[0]?.audioLevel ?? 0;
  }

  /**
   * Packs the own voice like this from now on: so many bits a second, and as if the other side had asked for it. Answers
   * whether it was possible just now.
   */
  async speak({ bitrate }: Voice, asked: Shape): Promise<boolean> {
    this.sound = bitrate;
    await this.tune();
    return this.negotiation.reshape(asked);
  }

  /** New relay credentials, to be used from the next ICE restart on, and for a draft. */
  refresh(entered: PeerOptions["entered"]): void {
    try {
      this.pc.setConfiguration(configuration(entered));
    } catch (error) {
      this.options.onError(error);
    }
  }

  restartIce(): void {
    // While an offer is on its way another one would change nothing.
    if (this.pc.signalingState === "stable") this.pc.restartIce();
  }

  /** What has come in; cheap enough for twice a second. */
  async flow(): Promise<Flow> {
    const receivers = this.pc.getReceivers();
    const sound = receivers.find((one) => one.track.kind === "audio") ?? receivers[0];
    return sound ? flow((await sound.getStats()) as ReadonlyMap<string, never>) : { media: 0, checks: 0 };
  }

  async stats(): Promise<ReadonlyMap<string, never>> {
    return (await this.pc.getStats()) as ReadonlyMap<string, never>;
  }

  /** Stops everything; the last picture stays on the screen until the page shows another stream. */
  close(): void {
    this.negotiation.close();
    this.pc.ontrack = null;
    this.pc.oniceconnectionstatechange = null;
    for (const track of this.remote.getTracks()) track.onunmute = null;
    this.pc.close();
  }

  private attach(): void {
    const { polite } = this.options.entered;
    if (!polite) this.side = this.pc.createDataChannel("side");
    for (const kind of KINDS) {
      const track = this.tracks[kind];
      // The offering side opens both directions of both kinds at once, so that nothing is negotiated again later. The
      // answering side must use addTrack: what addTransceiver makes does not pair with an offer.
      if (!polite) {
        this.pc.addTransceiver(track ?? kind, { direction: "sendrecv", streams: [this.local] });
      } else if (track) {
        this.pc.addTrack(track, this.local);
      }
    }
    void this.tune();
  }

  /** Lets face and voice of the offer go both ways, with the own track or, for now, with nothing. */
  private async pair(): Promise<void> {
    for (const transceiver of this.first) {
      const { sender } = transceiver;
      transceiver.direction = "sendrecv";
      const track = this.tracks[transceiver.receiver.track.kind as Kind];
      if (sender.track === track) continue;
      sender.setStreams?.(this.local);
      await sender.replaceTrack(track);
    }
    void this.tune();
  }

  async tune(): Promise<void> {
    const { fastest, standing } = this.options;
    await tune(this.first, this.rung, fastest, standing?.(), this.sound);
  }

  /** The transceivers for face and voice: in every pair they are negotiated before any other. */
  private get first(): RTCRtpTransceiver[] {
    return KINDS.flatMap((kind) => this.transceiver(kind) ?? []);
  }

  private transceiver(kind: Kind): RTCRtpTransceiver | undefined {
    return this.pc.getTransceivers().find((one) => one.receiver.track.kind === kind);
  }

  onExtra = (event: RTCTrackEvent): unknown => this.extra.push(event);

  private arrived(event: RTCTrackEvent): void {
    const { track } = event;
    // In every pair face and voice are negotiated before anything else, both of them at once.
    if (this.remote.getTracks().length > 1) return void this.onExtra(event);
    this.remote.addTrack(track);
    if (!track.muted) this.deliver();
    else
      track.onunmute = () => {
        if (track.kind === "audio") mark("sound");
        this.deliver();
      };
  }

  private deliver(): void {
    if (this.delivered) return;
    this.delivered = true;
    this.options.onStream(this.remote);
  }

  private iceChanged(): void {
    if (this.pc.iceConnectionState === "connected") mark("ice");
    this.options.onIce(this.pc.iceConnectionState);
  }
}
