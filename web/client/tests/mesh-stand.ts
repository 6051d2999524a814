// A mesh with fake connections, and what it sent, made and told: for the tests of the mesh.

import { Beside } from "../src/beside";
import type { Entered, Member, Pair, SignalDown } from "../src/messages";
import { Mesh } from "../src/mesh";
import { Own } from "../src/own";
import { Signal } from "../src/signal";
import { FakeConnection, FakeStream, FakeTrack } from "./fake-connection";
import { FakeSocket } from "./fakes";

export const member = (id: string, here = true): Member => ({
  ...{ id, role: id, name: id, here, audio: true, video: true },
  ...{ away: false, connection: "unknown" },
});
export const BOTH = [member("p"), member("s")];
export const THREE = [member("g1"), ...BOTH];
export const pair = (epoch: number, more: Partial<Pair> = {}): Pair => ({ epoch, polite: false, ...more });

export class Stand {
  readonly sent: { to?: string; kind: string; epoch: number }[] = [];
  readonly made: FakeConnection[] = [];
  readonly told: string[] = [];
  readonly own = new Own();
  readonly beside = new Beside();
  readonly signal: Signal;
  readonly mesh: Mesh;

  constructor() {
    const socket = new FakeSocket({}, (event, body) => {
      if (event === "signal") this.sent.push(body as never);
      return { ok: true, seq: this.sent.length };
    });
    this.signal = new Signal({ connect: () => socket });
    this.own.put("audio", new FakeTrack("audio") as unknown as MediaStreamTrack);
    const options = {
      signal: this.signal,
      onState: () => undefined,
      onRoster: () => undefined,
      onRemoteStream: () => undefined,
      create: (configuration: RTCConfiguration) => {
        const made = new FakeConnection(`m${this.made.length}-`, configuration);
        this.made.push(made);
        return made as unknown as RTCPeerConnection;
      },
      newStream: () => new FakeStream() as unknown as MediaStream,
    };
    const told = (id: string, stream: unknown) => void this.told.push(`${id} ${stream ? "seen" : "gone"}`);
    this.mesh = new Mesh({ options, own: this.own, beside: this.beside, now: () => Date.now() }, told);
    this.signal.open();
    socket.accept();
  }

  receive(body: SignalDown): void {
    this.mesh.lane(body.from)?.receive(body);
  }

  entered(pairs?: Record<string, Pair>, roster: readonly Member[] = THREE): Entered {
    const about = { epoch: 1, you: "s", role: "specialist", polite: false, relayOnly: false, resumed: true };
    return { ...about, roster, ice: [], since: 0, ...(pairs && { pairs }) };
  }
}
