// For real browsers: two rooms in one page, with real peer connections and devices, on the server of fake-room.ts.
// tests/browser/test_room.py bundles it and drives what it puts on the page.

import { Devices } from "../src/devices";
import { Room } from "../src/room";
import { Signal } from "../src/signal";
import type { Trigger } from "../src/triggers";
import { FakeServer } from "./fake-room";

class Person {
  readonly states: string[] = [];
  readonly errors: string[] = [];
  readonly streams: MediaStream[] = [];
  readonly connections: RTCPeerConnection[] = [];
  readonly offers: string[] = [];
  readonly devices = new Devices();
  readonly room: Room;
  readonly signal: Signal;

  constructor(
    readonly id: "p" | "s",
    server: FakeServer,
  ) {
    this.signal = new Signal({
      connect: () => {
        const socket = server.socket(id);
        setTimeout(() => (server.running ? socket.accept() : socket.refuse()), 20);
        return socket;
      },
    });
    this.room = new Room({
      signal: this.signal,
      onState: (state, detail) => this.states.push(detail ? `${state} ${detail}` : state),
      onRoster: () => undefined,
      onRemoteStream: (stream) => this.streams.push(stream),
      onError: (error) => this.errors.push(String(error)),
      triggers: (_: (what: Trigger) => void) => () => undefined,
      create: (configuration) => {
        // The addresses of the fake server's relays lead nowhere.
        const made = new RTCPeerConnection({ ...configuration, iceServers: [] });
        made.addEventListener("signalingstatechange", () => this.offers.push(made.signalingState));
        made.setConfiguration = () => undefined;
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

const server = new FakeServer();
Object.assign(globalThis, {
  server,
  bo: new Person("p", server),
  amara: new Person("s", server),
  again: () => new Person("s", server),
});
