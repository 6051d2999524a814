// The check of a line from a browser: a far end is offered to, measured with, and the relay is tried beside it. What comes
// of it is for the server to judge.

import { Api } from "../api";
import type { Datagrams, Measured } from "./measure";
import { Measuring } from "./measure";

/** What was found, as the server takes it. */
export interface Figures extends Measured {
  readonly way: "direct" | "relay" | "none";
  readonly relay: "unset" | "udp" | "tcp" | "no";
  readonly camera: boolean;
  readonly microphone: boolean;
}

interface Answered {
  readonly sdp: string;
  readonly relays: readonly RTCIceServer[];
}

/** How long a straight way is looked for, and one through the relay, ms: a round trip of a satellite fits in several times. */
const OPENS_MS = 5000;
const RELAYED_MS = 8000;
const NOTHING: Measured = { up: 0, down: 0, trip: 0, jitter: 0, loss: 1000 };

const TIME = {
  now: () => performance.now(),
  wait: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
};

/** One connection to a far end, with its one channel. */
class Pipe {
  private readonly connection: RTCPeerConnection;
  private readonly channel: RTCDataChannel;
  private readonly opened: Promise<boolean>;

  constructor(config: RTCConfiguration, found?: (candidate: RTCIceCandidate | null) => void) {
    this.connection = new RTCPeerConnection(config);
    if (found) this.connection.onicecandidate = ({ candidate }) => found(candidate);
    this.channel = this.connection.createDataChannel("check", { ordered: false, maxRetransmits: 0 });
    this.channel.binaryType = "arraybuffer";
    this.opened = new Promise((done) => {
      this.channel.onopen = () => done(true);
      this.connection.onconnectionstatechange = () => {
        if (this.connection.connectionState === "failed") done(false);
      };
    });
  }

  /** The offer; what it leaves out, the far end learns from what knocks. */
  async offer(): Promise<string> {
    await this.connection.setLocalDescription();
    return this.connection.localDescription?.sdp ?? "";
  }

  /** Whether the channel opens in time. */
  async answered(sdp: string, patience: number): Promise<boolean> {
    await this.connection.setRemoteDescription({ type: "answer", sdp });
    return Promise.race([this.opened, TIME.wait(patience).then(() => false)]);
  }

  datagrams(): Datagrams {
    const { channel } = this;
    const line: Datagrams = {
      send: (data) => {
        if (channel.readyState === "open") channel.send(data);
      },
      heard: () => undefined,
    };
    channel.onmessage = ({ data }) => line.heard(data);
    return line;
  }

  close(): void {
    this.connection.close();
  }
}

/** A connection that takes the relay only: whether it gets an address there tells how the relay is reached. */
class Relayed {
  readonly pipe: Pipe;
  readonly reached: Promise<"udp" | "tcp" | "no">;

  constructor(relays: readonly RTCIceServer[]) {
    let tell: (reached: "udp" | "tcp" | "no") => void = () => undefined;
    const best = new Promise<"udp" | "tcp" | "no">((done) => (tell = done));
    let tcp = false;
    this.pipe = new Pipe({ iceServers: [...relays], iceTransportPolicy: "relay" }, (candidate) => {
      const how = (candidate as { relayProtocol?: string | null } | null)?.relayProtocol;
      // Browsers that do not say how have found the best way first.
      if (candidate && !["tcp", "tls"].includes(how ?? "udp")) tell("udp");
      else if (candidate) tcp = true;
      else tell(tcp ? "tcp" : "no");
    });
    this.reached = Promise.race([best, TIME.wait(OPENS_MS).then(() => (tcp ? "tcp" : "no") as "tcp" | "no")]);
  }
}

const ask = (sdp: string) => new Api().post<Answered>("/line-checks/offer", { sdp }, { attempts: 1 });

/** Measures; throws Problem where the server takes no check just now. */
export async function check(devices: { camera: boolean; microphone: boolean }): Promise<Figures> {
  const direct = new Pipe({});
  let relayed: Relayed | undefined;
  try {
    const { sdp, relays } = await ask(await direct.offer());
    relayed = relays.length ? new Relayed(relays) : undefined;
    const knocking = relayed?.pipe.offer();
    if (await direct.answered(sdp, OPENS_MS)) {
      const found = await new Measuring(direct.datagrams(), TIME).measure();
      return { ...found, ...devices, way: "direct", relay: (await relayed?.reached) ?? "unset" };
    }
    const reached = (await relayed?.reached) ?? "unset";
    const pipe = relayed?.pipe;
    if (!pipe || reached === "no") return { ...NOTHING, ...devices, way: "none", relay: reached };
    const again = await ask((await knocking) ?? "");
    if (!(await pipe.answered(again.sdp, RELAYED_MS)))
      return { ...NOTHING, ...devices, way: "none", relay: reached };
    const found = await new Measuring(pipe.datagrams(), TIME).measure();
    return { ...found, ...devices, way: "relay", relay: reached };
  } finally {
    direct.close();
    relayed?.pipe.close();
  }
}
