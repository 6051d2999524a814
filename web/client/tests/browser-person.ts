// One person in a real browser: devices, signal and room, with what a test wants to know about them.

import { Devices } from "../src/devices";
import { Room, type RoomOptions } from "../src/room";
import type { Signal } from "../src/signal";

export class Person {
  readonly states: string[] = [];
  readonly errors: string[] = [];
  readonly streams: MediaStream[] = [];
  readonly connections: RTCPeerConnection[] = [];
  /** Every state that signalling went through, over all connections. */
  readonly steps: string[] = [];
  readonly devices = new Devices();
  readonly room: Room;

  constructor(
    readonly signal: Signal,
    options: Partial<RoomOptions> = {},
  ) {
    const create = options.create ?? ((configuration) => new RTCPeerConnection(configuration));
    this.room = new Room({
      ...options,
      signal,
      onState: (state, detail) => this.states.push(detail ? `${state} ${detail}` : state),
      onRoster: (members, you) => options.onRoster?.(members, you),
      onRemoteStream: (stream) => this.streams.push(stream),
      onError: (error) => this.errors.push(String(error)),
      create: (configuration) => {
        const made = create(configuration);
        made.addEventListener("signalingstatechange", () => this.steps.push(made.signalingState));
        this.connections.push(made);
        return made;
      },
    });
  }

  async enter(picture = true): Promise<void> {
    const { stream } = await this.devices.open(picture);
    this.room.use({
      audio: stream.getAudioTracks()[0] ?? null,
      video: stream.getVideoTracks()[0] ?? null,
    });
    this.room.enter();
  }

  async show(): Promise<void> {
    this.room.use({ video: await this.devices.addPicture() });
  }

  /** Counters of the present connection: frames and sound that came in, bytes of picture that went out. */
  async numbers(): Promise<Record<string, number>> {
    const found = { frames: 0, sound: 0, picture: 0 };
    const report = await this.connections.at(-1)?.getStats();
    report?.forEach((one: Record<string, number | string>) => {
      const { type, kind } = one;
      if (type === "inbound-rtp" && kind === "video") found.frames += Number(one["framesDecoded"]);
      if (type === "inbound-rtp" && kind === "audio") found.sound += Number(one["packetsReceived"]);
      if (type === "outbound-rtp" && kind === "video") found.picture += Number(one["bytesSent"]);
    });
    return found;
  }

  restartIce(): void {
    this.connections.at(-1)?.restartIce();
  }

  get stable(): boolean {
    return this.connections.at(-1)?.signalingState === "stable";
  }
}
