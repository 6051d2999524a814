// A second camera, or a microphone for the sounds of a body, beside face and voice: chosen by name, off until then.

import { announce } from "../dom/announce";
import { one, only, text } from "../dom/page";
import type { Further } from "../further";
import type { ShareKind } from "../messages";

type Extra = Exclude<ShareKind, "screen">;

/** As the device gives it: sharp pictures, and sound that nothing has been taken out of. */
const WANTED: Readonly<Record<Extra, MediaTrackConstraints>> = {
  camera: { width: { ideal: 1920 }, height: { ideal: 1080 } },
  body: {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    channelCount: { ideal: 2 },
    sampleRate: { ideal: 48_000 },
  },
};
const DEVICES: Readonly<Record<Extra, MediaDeviceKind>> = { camera: "videoinput", body: "audioinput" };
const HINTS: Readonly<Record<Extra, string>> = { camera: "detail", body: "music" };
/** How long a camera may take to its first picture, ms. */
const FIRST_PICTURE_MS = 5000;

/** Whether a stream shows anything: a camera with a broken cable, or one that another program holds, opens all the same. */
function gives(stream: MediaStream): Promise<boolean> {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  void video.play().catch(() => undefined); // muted pictures may always play
  return new Promise<boolean>((done) => {
    const late = setTimeout(() => done(false), FIRST_PICTURE_MS);
    const came = () => {
      clearTimeout(late);
      done(true);
    };
    video.addEventListener("loadeddata", came, { once: true });
  }).finally(() => (video.srcObject = null));
}

export class Second {
  private stream: MediaStream | undefined;
  private readonly select: HTMLSelectElement;
  private readonly over = new AbortController();
  /** Counts what was picked: a device that opens after another was picked is not wanted any more. */
  private turn = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly further: Further,
    private readonly kind: Extra,
    /** The id of the device that sends the face, or the voice: it is not offered again. */
    private readonly taken: () => string | undefined,
  ) {
    const { signal } = this.over;
    this.select = one<HTMLSelectElement>(`select[name="${kind}-device"]`, root);
    this.select.addEventListener("change", () => void this.pick(), { signal });
    navigator.mediaDevices.addEventListener("devicechange", () => void this.fill(), { signal });
    void this.fill();
  }

  end(): void {
    this.over.abort();
    this.stop();
  }

  /** Offers what there is beside the device in use; nothing at all where there is nothing. */
  async fill(): Promise<void> {
    const known = await navigator.mediaDevices.enumerateDevices();
    const taken = this.taken();
    const free = known.filter(
      ({ kind, deviceId }) =>
        kind === DEVICES[this.kind] && deviceId && !["default", taken].includes(deviceId),
    );
    const now = this.device;
    const none = new Option(text("no-device"), "", !now, !now);
    const options = free.map(({ deviceId, label }) => {
      const chosen = deviceId === now;
      return new Option(label, deviceId, chosen, chosen);
    });
    this.select.replaceChildren(none, ...options);
    only(`${this.kind}-device`, options.length > 0, this.root);
  }

  private get device(): string | undefined {
    return this.stream?.getTracks()[0]?.getSettings().deviceId;
  }

  private async pick(): Promise<void> {
    const { value: id } = this.select;
    this.stop();
    for (const trouble of ["failed", "dark"]) only(`second-${trouble}`, false, this.root);
    const turn = ++this.turn;
    const trouble = id && (await this.open(id, turn));
    if (turn !== this.turn) return;
    if (trouble) only(`second-${trouble}`, true, this.root);
    await this.fill();
  }

  /**
   * Sends what a device gives, once it gives anything; answers what was in the way. Many phones cannot hold two devices of
   * a kind open: then this one is refused, and the first goes on.
   */
  private async open(id: string, turn: number): Promise<"" | "failed" | "dark"> {
    const wanted = { ...WANTED[this.kind], deviceId: { exact: id } };
    const asked = this.kind === "camera" ? { video: wanted } : { audio: wanted };
    const stream = await navigator.mediaDevices.getUserMedia(asked).catch(() => undefined);
    if (!stream) return "failed";
    const dark = this.kind === "camera" && !(await gives(stream));
    if (dark || turn !== this.turn) {
      for (const track of stream.getTracks()) track.stop();
      return dark ? "dark" : "";
    }
    this.stream = stream;
    for (const track of stream.getTracks()) {
      track.contentHint = HINTS[this.kind];
      track.onended = () => void this.gone();
    }
    this.further.share(stream, this.kind);
    announce(text(`sends-${this.kind}`));
    return "";
  }

  private async gone(): Promise<void> {
    this.stop();
    await this.fill();
  }

  private stop(): void {
    const { stream } = this;
    this.turn += 1;
    this.stream = undefined;
    if (!stream) return;
    this.further.unshare(stream);
    for (const track of stream.getTracks()) track.stop();
  }
}
