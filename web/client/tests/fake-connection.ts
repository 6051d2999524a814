// A browser's peer connection and its media, as far as a room needs them: packets are counted up by the test.

import { FakeChannel } from "./fake-channel";
import { FakePeer } from "./fakes";

export class FakeTrack {
  enabled = true;
  muted = false;
  onunmute: (() => void) | null = null;
  constructor(readonly kind: string) {}
}

export class FakeStream {
  readonly tracks: FakeTrack[] = [];
  addTrack = (track: FakeTrack) => void this.tracks.push(track);
  getTracks = () => this.tracks;
}

interface Transceiver {
  direction: string;
  stop(): void;
  readonly receiver: { track: FakeTrack; getStats(): Promise<Map<string, unknown>> };
  readonly sender: {
    track: FakeTrack | null;
    replaceTrack(track: FakeTrack | null): Promise<void>;
    getParameters(): { encodings: Record<string, unknown>[] };
    setParameters(parameters: unknown): Promise<void>;
  };
}

export class FakeConnection extends FakePeer {
  iceConnectionState: RTCIceConnectionState = "new";
  ontrack: ((event: { track: FakeTrack; streams?: unknown[] }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  ondatachannel: ((event: { channel: unknown }) => void) | null = null;
  closed = false;
  restarts = 0;
  packets = 0;
  readonly transceivers: Transceiver[] = [];
  readonly parameters: unknown[] = [];

  constructor(
    name: string,
    public configuration: RTCConfiguration,
  ) {
    super(name);
  }

  addTransceiver(what: FakeTrack | string): Transceiver {
    const made = typeof what === "string" ? this.transceiver(what, null) : this.transceiver(what.kind, what);
    this.transceivers.push(made);
    this.want();
    return made;
  }

  /** A stream beside face and voice arrives, as after the other side's next offer. */
  bring(stream: { readonly id: string }): void {
    const { receiver } = this.transceiver("video", null);
    this.ontrack?.({ track: receiver.track, streams: [stream] });
  }

  addTrack(track: FakeTrack): void {
    this.transceivers.push(this.transceiver(track.kind, track));
  }

  readonly channels: FakeChannel[] = [];
  /** Whose tracks have been announced. */
  private readonly told = new Set<Transceiver>();

  createDataChannel(label: string): FakeChannel {
    const made = new FakeChannel(label);
    this.channels.push(made);
    return made;
  }

  getTransceivers = () => this.transceivers;
  getReceivers = () => this.transceivers.map((one) => one.receiver);
  getStats = () => Promise.resolve(this.report());
  setConfiguration = (configuration: RTCConfiguration) => void (this.configuration = configuration);

  restartIce(): void {
    this.restarts += 1;
    this.want();
  }

  override async setRemoteDescription(sdp: { type: "offer" | "answer"; sdp: string }): Promise<void> {
    await super.setRemoteDescription(sdp);
    for (const kind of ["audio", "video"]) {
      const found = this.sending(kind) ?? this.transceiver(kind, null);
      if (!this.transceivers.includes(found)) this.transceivers.push(found);
      if (!this.told.has(found)) this.ontrack?.({ track: found.receiver.track });
      this.told.add(found);
    }
  }

  close(): void {
    this.closed = true;
    this.signalingState = "closed" as RTCSignalingState;
  }

  ice(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }

  sending(kind: string): Transceiver | undefined {
    return this.transceivers.find((one) => one.receiver.track.kind === kind);
  }

  private report(): Map<string, unknown> {
    return new Map([["i", { type: "inbound-rtp", kind: "audio", packetsReceived: this.packets }]]);
  }

  private transceiver(kind: string, track: FakeTrack | null): Transceiver {
    const sender = {
      track,
      replaceTrack: (other: FakeTrack | null) => {
        sender.track = other;
        return Promise.resolve();
      },
      getParameters: () => ({ encodings: [{}] }),
      setParameters: (parameters: unknown) => {
        this.parameters.push(parameters);
        return Promise.resolve();
      },
    };
    const receiver = { track: new FakeTrack(kind), getStats: () => Promise.resolve(this.report()) };
    const stop = () => {
      this.transceivers.splice(this.transceivers.indexOf(made), 1);
      this.want();
    };
    const made: Transceiver = { direction: "recvonly", stop, sender, receiver };
    return made;
  }
}
