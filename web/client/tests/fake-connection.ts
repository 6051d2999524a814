// A browser's peer connection and its media, as far as a room needs them: packets are counted up by the test.

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
  ontrack: ((event: { track: FakeTrack }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
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

  addTransceiver(what: FakeTrack | string): void {
    this.transceivers.push(
      typeof what === "string" ? this.transceiver(what, null) : this.transceiver(what.kind, what),
    );
    this.want();
  }

  addTrack(track: FakeTrack): void {
    this.transceivers.push(this.transceiver(track.kind, track));
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
      if (!this.sending(kind)) this.transceivers.push(this.transceiver(kind, null));
    }
    for (const { receiver } of this.transceivers) this.ontrack?.({ track: receiver.track });
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
    return { direction: "recvonly", sender, receiver };
  }
}
