// What is wrong with a line, and how the voice is packed for it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Diagnosis, Lookout } from "../src/trouble";
import { asked, DOUBLED, DOUBLED_THRIFTY, Packing, PLAIN, THRIFTY } from "../src/voice";

const good = { estimate: 800_000, rtt: 100, loss: 0 };

/** What is known after these looks, two seconds apart. */
function known(...seen: Partial<typeof good>[]): Diagnosis {
  const diagnosis = new Diagnosis();
  [{}, ...seen].forEach((one, i) => diagnosis.look({ ...good, ...one }, 2000 * i));
  return diagnosis;
}

test("a queue is a round trip far above the line's own, not a long one", () => {
  assert.ok(!known({ rtt: 300 }).queued);
  assert.ok(known({ rtt: 400 }).queued);
  const far = new Diagnosis();
  for (let now = 0; now < 10_000; now += 2000) far.look({ ...good, rtt: 700 }, now);
  assert.ok(!far.queued);
});

test("a path that has become longer is no queue for longer than a minute", () => {
  const diagnosis = known({ rtt: 600 });
  assert.ok(diagnosis.queued);
  diagnosis.look({ ...good, rtt: 600 }, 70_000);
  assert.ok(!diagnosis.queued);
});

test("where nearly half is lost too much is sent, whatever the round trip says by then", () => {
  assert.ok(known({ loss: 0.4 }, { loss: 0.4 }).queued);
  assert.ok(!known({ loss: 0.4 }).queued, "a report on a dozen packets says so by chance");
  assert.ok(!known({ loss: 0.4 }, { loss: 0.2 }, { loss: 0.5 }).queued);
  assert.ok(!known({ loss: 0.39 }).queued);
});

test("much loss is believed at once, a little after six looks, and for twenty seconds", () => {
  assert.ok(known({ loss: 0.08 }).lossy(2000));
  assert.ok(known({ loss: 0.08 }).lossy(21_000));
  assert.ok(!known({ loss: 0.08 }).lossy(22_000));
  const little = { loss: 0.04 };
  assert.ok(!known(little, little, little, little, little).lossy(10_000));
  assert.ok(known(little, little, little, little, little, little).lossy(12_000));
  assert.ok(!known({ loss: 0.2, rtt: 900 }).lossy(2000), "what a full queue drops is no loss of the line's");
});

test("a lossy line carries more than the browser believes, a full one does not", () => {
  assert.equal(known({ loss: 0.2, estimate: 40_000 }).room, 120_000);
  assert.equal(known({ loss: 0.2, estimate: 40_000, rtt: 900 }).room, 40_000);
  assert.equal(known({ estimate: 40_000 }).room, 40_000);
  assert.equal(new Diagnosis().room, Infinity);
});

test("what was told of a picture that is not sent any more counts no longer", () => {
  const report = new Map(
    Object.entries({
      t: { type: "transport", selectedCandidatePairId: "p", timestamp: 20_000 },
      p: { type: "candidate-pair", currentRoundTripTime: 0.1, availableOutgoingBitrate: 70_000 },
      sound: { type: "remote-inbound-rtp", fractionLost: 0.1, roundTripTime: 0.2, timestamp: 16_000 },
      picture: { type: "remote-inbound-rtp", fractionLost: 0.7, roundTripTime: 1.2, timestamp: 10_000 },
    }),
  );
  assert.deepEqual(new Lookout().read(report), { estimate: 70_000, rtt: 200, loss: 0.1 });
  assert.deepEqual(new Lookout().read(new Map()), { estimate: undefined, rtt: 0, loss: 0 });
});

test("the round trip of a picture that is sent no more does not count: it is told as it was in a full queue", () => {
  const lookout = new Lookout();
  const seen = (timestamp: number, packetsSent: number) => {
    const told = {
      type: "remote-inbound-rtp",
      localId: "sent",
      timestamp,
      roundTripTime: 0.9,
      fractionLost: 0,
    };
    const sent = { id: "sent", type: "outbound-rtp", timestamp, packetsSent };
    return lookout.read(new Map(Object.entries({ told, sent })));
  };
  assert.equal(seen(1000, 3).rtt, 900);
  assert.equal(seen(3000, 3).rtt, 900);
  assert.equal(seen(3500, 3).rtt, 0);
  assert.equal(seen(9000, 4).rtt, 900);
});

const narrow = { off: true, lossy: false, line: { room: 40_000, queued: false } };
const wide = { off: false, lossy: false, line: { room: 1e6, queued: false } };

test("a narrow line gets long packets, a lossy one every packet twice, both twice and thin", () => {
  const packed = (need: typeof wide) => new Packing().judge(need, 0);
  assert.equal(packed(wide), PLAIN);
  assert.equal(packed(narrow), THRIFTY);
  assert.equal(packed({ ...wide, lossy: true }), DOUBLED);
  assert.equal(packed({ off: true, lossy: true, line: { room: 120_000, queued: false } }), DOUBLED_THRIFTY);
  assert.equal(packed({ ...narrow, lossy: true }), THRIFTY, "no room for anything twice");
});

test("a voice that is saved stays so for ten seconds after the need", () => {
  const packing = new Packing();
  packing.judge(narrow, 0);
  assert.equal(packing.judge(wide, 2000), THRIFTY);
  assert.equal(packing.judge(wide, 11_000), THRIFTY);
  assert.equal(packing.judge(wide, 12_000), PLAIN);
});

const lossy = { off: true, lossy: true, line: { room: 120_000, queued: false } };
const full = { ...lossy, line: { room: 30_000, queued: true } };

test("a doubled voice that fills the line is not doubled again for a minute", () => {
  const packing = new Packing();
  assert.equal(packing.judge(lossy, 0), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 8000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 12_000), THRIFTY);
  assert.equal(packing.judge(lossy, 71_000), THRIFTY);
  assert.equal(packing.judge(lossy, 72_000), DOUBLED_THRIFTY);
});

test("a doubled voice is not blamed for what a picture beside it, or just before it, has filled", () => {
  const packing = new Packing();
  packing.judge({ ...lossy, off: false }, 0);
  assert.equal(packing.judge({ ...full, off: false }, 10_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 11_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 18_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 19_000), THRIFTY);
});

test("a line that looks full for a moment takes no doubled voice away, and is no line to begin one on", () => {
  const packing = new Packing();
  assert.equal(packing.judge(full, 0), THRIFTY);
  assert.equal(packing.judge(lossy, 10_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 20_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(lossy, 22_000), DOUBLED_THRIFTY);
  assert.equal(packing.judge(full, 24_000), DOUBLED_THRIFTY);
});

const SDP = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9",
  "a=mid:0",
  "a=sendrecv",
  "a=rtpmap:111 opus/48000/2",
  "a=rtpmap:63 red/48000/2",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=mid:1",
  "a=sendrecv",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=mid:2",
  "a=sendrecv",
  "",
].join("\r\n");

test("the other side is made to ask for long packets and for no face; a screen is left alone", () => {
  const told = asked(SDP, { voice: THRIFTY, picture: false }) ?? "";
  assert.match(told, /SAVPF 111 9 63\r\na=mid:0\r\na=ptime:60\r\na=sendrecv/);
  assert.match(told, /a=mid:1\r\na=sendonly/);
  assert.match(told, /a=mid:2\r\na=sendrecv/);
  const again = asked(told, { voice: DOUBLED, picture: true }) ?? "";
  assert.match(again, /SAVPF 63 111 9\r\na=mid:0\r\na=ptime:20\r\na=sendrecv/);
  assert.equal(asked("v=0\r\n", { voice: PLAIN, picture: true }), undefined);
});
