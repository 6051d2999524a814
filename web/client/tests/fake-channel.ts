// A data channel between two fake peers: what is sent arrives a moment later, or never, as the test wants it.

export class FakeChannel {
  readyState: RTCDataChannelState = "connecting";
  binaryType = "blob";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  readonly sent: unknown[] = [];
  private far: FakeChannel | undefined;

  constructor(
    readonly label: string,
    /** How many messages come through before the line breaks. */
    private readonly most = Infinity,
  ) {}

  /** Bytes arrive as an ArrayBuffer, whatever they were sent as. */
  send(data: unknown): void {
    if (this.readyState !== "open") throw new Error("InvalidStateError");
    this.sent.push(data);
    const { far } = this;
    const arrives = data instanceof Uint8Array ? data.slice().buffer : data;
    if (this.sent.length > this.most) return;
    queueMicrotask(() => {
      if (far?.readyState === "open") far.onmessage?.({ data: arrives });
    });
  }

  close(): void {
    for (const end of [this, this.far]) {
      if (!end || end.readyState === "closed") continue;
      end.readyState = "closed";
      end.onclose?.();
    }
  }

  /** The other end, announced by `tell` before both open. */
  join(tell: (far: FakeChannel) => void): void {
    const far = new FakeChannel(this.label);
    this.far = far;
    far.far = this;
    tell(far);
    if (far.readyState === "closed") return;
    for (const end of [far, this]) end.readyState = "open";
    for (const end of [far, this]) end.onopen?.();
  }
}

/** Two peers between which channels are opened as soon as one of them makes one. */
export class FakeSides {
  /** How many messages of each further channel come through. */
  cutAfter = Infinity;
  readonly channels: FakeChannel[] = [];
  readonly first = this.end(() => this.second);
  readonly second = this.end(() => this.first);

  constructor() {
    const side = new FakeChannel("side");
    this.first.side = side as unknown as RTCDataChannel;
    this.open = () => side.join((far) => this.tell(this.second, far));
  }

  /** The first channel opens. */
  readonly open: () => void;

  private tell(to: ReturnType<FakeSides["end"]>, channel: FakeChannel): void {
    const event = { channel } as unknown as RTCDataChannelEvent;
    to.pc.ondatachannel?.call(to.pc as RTCPeerConnection, event);
  }

  private end(other: () => ReturnType<FakeSides["end"]>) {
    const createDataChannel = (label: string) => {
      const made = new FakeChannel(label, this.cutAfter);
      this.channels.push(made);
      queueMicrotask(() => made.join((far) => this.tell(other(), far)));
      return made as unknown as RTCDataChannel;
    };
    const pc: Pick<RTCPeerConnection, "createDataChannel" | "ondatachannel"> = {
      createDataChannel,
      ondatachannel: null,
    };
    return { pc, side: undefined as RTCDataChannel | undefined };
  }
}
