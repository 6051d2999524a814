// A call through the forwarding server: shown when packets come in, told, given back to the pairs when they do not.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Beside } from "../src/beside";
import { sources } from "../src/downward";
import { Forward, KIT } from "../src/forward";
import { Forwarded } from "../src/forwarded";
import type { Entered, Pair, Roster } from "../src/messages";
import { Own } from "../src/own";
import type { Kind, Peer } from "../src/peer";
import { Signal } from "../src/signal";
import { FakeBench, FakeLine, means } from "./fake-bench";
import { FakeConnection, FakeStream, FakeTrack } from "./fake-connection";
import { FakeSocket, settle } from "./fakes";

const OFFER = [
  "v=0\r\n",
  "m=audio 9 X 111\r\na=mid:0\r\na=msid:p.1 0\r\na=sendonly\r\n",
  "m=video 9 X 96\r\na=mid:1\r\na=msid:g1.4 1\r\na=sendonly\r\n",
  "m=video 9 X 96\r\na=mid:2\r\na=msid:g2.1 1\r\na=inactive\r\n",
  "m=video 9 X 96\r\na=mid:3\r\n",
].join("");
const PAIRS: Record<string, Pair> = {
  up: { epoch: 1, polite: false },
  down: { epoch: 1, polite: true },
};
const ENTERED: Entered = {
  ...{ epoch: 1, you: "s", role: "specialist", polite: false, relayOnly: false, resumed: true },
  ...{ roster: [], ice: [], since: 0 },
};

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] }));
afterEach(() => mock.timers.reset());

/** What sections the offer has, each with a receiver that counts packets. */
class Janus extends FakeConnection {
  counted = [0, 0];
  /** What everybody sends. */
  static kind = "video";
  /** Nothing can be shown yet: the first whole picture has not come. */
  keyless = false;

  override async setRemoteDescription(sdp: { type: "offer" | "answer"; sdp: string }): Promise<void> {
    await super.setRemoteDescription(sdp);
    this.transceivers.splice(0);
    for (const mid of ["0", "1"]) {
      this.addTrack(new FakeTrack(Janus.kind));
      const made = this.transceivers.at(-1);
      assert.ok(made);
      const stats = () => {
        const packetsReceived = this.counted[Number(mid)] ?? 0;
        const framesDecoded = this.keyless ? 0 : packetsReceived;
        return new Map([["i", { type: "inbound-rtp", packetsReceived, framesDecoded }]]);
      };
      made.receiver.getStats = () => Promise.resolve(stats());
      Object.assign(made, { mid });
    }
  }
}

class Pairing {
  readonly path = { idle: false, flowing: false };
  instead: unknown;
}

class Stand {
  readonly sent: { event: string; body: Record<string, unknown> }[] = [];
  readonly shown: string[] = [];
  readonly given: string[] = [];
  readonly made: Janus[] = [];
  readonly lanes = new Map([
    ["", new Pairing()],
    ["g1", new Pairing()],
  ]);
  readonly own = new Own();
  readonly beside = new Beside();
  readonly options;
  readonly forwarded: Forwarded;

  constructor(bench?: FakeBench) {
    this.beside.means = means(() => new FakeLine(), bench);
    const socket = new FakeSocket({}, (event, body) => {
      this.sent.push({ event, body: body as never });
      return { ok: true, seq: this.sent.length };
    });
    this.own.put("audio", new FakeTrack("audio") as unknown as MediaStreamTrack);
    for (const id of this.lanes.keys()) {
      const give = (kind: Kind, track: unknown) =>
        void this.given.push(`${id} ${kind} ${track ? "on" : "off"}`);
      this.beside.peers.set(id, { give } as unknown as Peer);
    }
    this.options = {
      signal: new Signal({ connect: () => socket }),
      onState: () => undefined,
      onRoster: () => undefined,
      onRemoteStream: () => this.shown.push("first direct"),
      onFurther: (id: string) => void this.shown.push(`${id} direct`),
      create: (configuration: RTCConfiguration) => {
        const made = new Janus(`j${this.made.length}-`, configuration);
        this.made.push(made);
        return made as unknown as RTCPeerConnection;
      },
      newStream: () => new FakeStream() as unknown as MediaStream,
    };
    this.forwarded = new Forwarded(this.world, KIT, (id, stream) =>
      this.shown.push(`${id || "first"} ${stream ? "forwarded" : "direct"}`),
    );
    this.options.signal.open();
    socket.accept();
  }

  get world() {
    const lane = (id: string) => this.lanes.get(id) as never;
    return { options: this.options, own: this.own, beside: this.beside, now: () => Date.now(), lane };
  }

  roster(more: Partial<Roster> = {}): void {
    const told: Roster = { epoch: 1, members: [], via: "sfu", carried: [], pairs: PAIRS, ...more };
    this.forwarded.seated(told, ENTERED);
  }

  get told(): unknown {
    return this.sent.filter(({ event }) => event === "carried").at(-1)?.body["feeds"];
  }

  /** Half a second in which these many packets come in of Bo and of the guest. */
  async packets(...more: number[]): Promise<void> {
    const counted = this.made[1]?.counted ?? [];
    for (const [at, one] of more.entries()) counted[at] = (counted[at] ?? 0) + one;
    mock.timers.tick(500);
    await this.forwarded.tick(false);
    await settle(12);
  }
}

async function offered(bench?: FakeBench, more: Partial<Roster> = {}): Promise<Stand> {
  const stand = new Stand(bench);
  stand.roster(more);
  stand.forwarded.receive({ epoch: 1, seq: 1, from: "down", kind: "offer", id: "d1", sdp: OFFER });
  await settle(12);
  return stand;
}

test("an offer names whose each section is, and what is inactive is nobody's", () => {
  assert.deepEqual(
    [...sources(OFFER)],
    [
      ["0", ["p", 1]],
      ["1", ["g1", 4]],
    ],
  );
});

test("the own media are offered up, and what is offered down is answered", async () => {
  const { sent, made } = await offered();
  const said = sent.filter(({ event }) => event === "signal").map(({ body }) => [body["to"], body["kind"]]);
  assert.deepEqual(said.filter(([, kind]) => kind === "offer" || kind === "answer").sort(), [
    ["down", "answer"],
    ["up", "offer"],
  ]);
  assert.equal(made.length, 2);
});

test("nobody is shown before their packets come in, and whose come in is told", async () => {
  const stand = await offered();
  await stand.packets(0, 0);
  assert.deepEqual([stand.shown, stand.told], [[], {}]);
  await stand.packets(10, 0);
  assert.deepEqual([stand.shown, stand.told], [["first forwarded"], { p: 1 }]);
  await stand.packets(10, 10);
  assert.deepEqual([stand.shown.at(-1), stand.told], ["g1 forwarded", { p: 1, g1: 4 }]);
  assert.equal(stand.lanes.get("g1")?.path.idle, true);
});

test("nobody is shown before a picture of theirs can be, unless none comes at all", async () => {
  const stand = await offered();
  const janus = stand.made[1] as Janus;
  janus.keyless = true;
  for (let n = 0; n < 6; n += 1) await stand.packets(10, 10);
  assert.deepEqual([stand.shown, stand.told], [[], {}]);
  janus.keyless = false;
  await stand.packets(10, 10);
  assert.deepEqual(stand.told, { p: 1, g1: 4 });
  const late = await offered();
  Object.assign(late.made[1] ?? {}, { keyless: true });
  for (let n = 0; n < 13; n += 1) await late.packets(10, 10);
  assert.deepEqual(late.told, { p: 1, g1: 4 }, "what is broken is not waited for");
});

test("of whom only sound comes, a second without a picture is enough", async () => {
  Janus.kind = "audio";
  const stand = await offered();
  Janus.kind = "video";
  await stand.packets(10, 10);
  await stand.packets(10, 10);
  assert.deepEqual(stand.told, {});
  await stand.packets(10, 10);
  assert.deepEqual(stand.told, { p: 1, g1: 4 });
});

test("whom the own media reach gets nothing directly, and again as soon as they do not", async () => {
  const stand = await offered();
  stand.given.length = 0;
  stand.roster({ carried: ["g1", "p"] });
  assert.deepEqual(stand.given, [" audio off", " video off", "g1 audio off", "g1 video off"]);
  stand.given.length = 0;
  stand.roster({ carried: ["p"] });
  assert.deepEqual(stand.given.slice(2), ["g1 audio on", "g1 video off"]); // no picture is sent at all
});

test("who stalls is taken from the pair at once, and counts again after three steady seconds", async () => {
  const stand = await offered();
  await stand.packets(10, 10);
  for (let n = 0; n < 3; n += 1) await stand.packets(10, 0);
  assert.deepEqual([stand.shown.at(-1), stand.told], ["g1 direct", { p: 1 }]);
  for (let n = 0; n < 5; n += 1) await stand.packets(10, 10);
  assert.deepEqual(stand.told, { p: 1 });
  for (let n = 0; n < 2; n += 1) await stand.packets(10, 10);
  assert.deepEqual([stand.shown.at(-1), stand.told], ["g1 forwarded", { g1: 4, p: 1 }]);
});

test("on the way back each stays until the pair carries them", async () => {
  const stand = await offered();
  await stand.packets(10, 10);
  stand.roster({ via: "mesh" });
  await stand.packets(10, 10);
  assert.equal(stand.shown.at(-1), "g1 forwarded");
  const lane = stand.lanes.get("g1");
  assert.ok(lane);
  lane.path.flowing = true;
  await stand.packets(10, 10);
  assert.deepEqual([stand.shown.at(-1), lane.path.idle], ["g1 direct", false]);
  assert.equal(stand.forwarded.shows(""), true);
});

test("when the forwarding server is gone all is direct, and nothing of it stands", async () => {
  const stand = await offered();
  await stand.packets(10, 10);
  assert.deepEqual(Object.keys(stand.forwarded.again({}) ?? {}), ["up", "down"]);
  stand.forwarded.seated({ epoch: 1, members: [] }, ENTERED);
  assert.deepEqual(stand.shown.slice(-2), ["first direct", "g1 direct"]);
  assert.deepEqual(
    [stand.made.map((one) => one.closed), stand.forwarded.again(undefined)],
    [[true, true], undefined],
  );
});

test("another epoch is another connection, and one that never stands asks for another epoch", async () => {
  const stand = await offered();
  stand.roster({ pairs: { ...PAIRS, up: { epoch: 2, polite: false } } });
  assert.deepEqual([stand.made.length, stand.made[0]?.closed], [3, true]);
  mock.timers.tick(13_000);
  assert.equal(await stand.forwarded.tick(false), true);
  assert.deepEqual(stand.forwarded.again(undefined)?.["up"], { epoch: 0, since: 0 });
});

test("what comes directly is shown at once where nothing comes through the forwarding server", async () => {
  const stand = new Stand();
  const forward = new Forward(stand.world);
  const stream = new FakeStream() as unknown as MediaStream;
  forward.came("", stream);
  forward.came("g1", stream);
  forward.came("g1", undefined);
  assert.deepEqual(stand.shown, ["first direct", "g1 direct", "g1 direct"]);
  forward.seated({ epoch: 1, members: [], via: "sfu", pairs: PAIRS }, ENTERED);
  forward.close();
  await settle(12);
  assert.equal(stand.made.length, 0, "the room was left while it was brought");
});

const BOTH = ["s", "p", "g1"].map((id) => ({ id, here: true })) as unknown as Roster["members"];

test("where frames are sealed nobody is shown before some of theirs could be opened", async () => {
  const bench = new FakeBench();
  const stand = await offered(bench, { members: BOTH });
  await stand.packets(50, 50);
  assert.deepEqual(stand.shown, []);
  bench.tells("p", 5);
  await settle(12);
  assert.deepEqual(stand.shown, ["first forwarded"]);
  assert.deepEqual(stand.told, { p: 1 });
});

test("whoever can be opened no more is shown directly again", async () => {
  const bench = new FakeBench();
  const stand = await offered(bench, { members: BOTH });
  bench.tells("p", 5);
  await settle(12);
  for (let turn = 0; turn < 3; turn += 1) await stand.packets(50, 50);
  assert.deepEqual(stand.shown.at(-1), "first direct");
  assert.deepEqual(stand.told, {});
});

test("nothing goes up before it is settled whether it is sealed", async () => {
  const track = (stand: Stand) => stand.made[0]?.transceivers[0]?.sender.track;
  assert.equal(track(await offered(new FakeBench(), { members: BOTH })), null);
  assert.notEqual(track(await offered()), null);
});
