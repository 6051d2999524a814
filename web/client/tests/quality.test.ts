// From counters to the one word about a line.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flow } from "../src/flow";
import { read, word, type Sample } from "../src/quality";

const fine: Sample = { loss: 0, rtt: 80, jitter: 5, estimate: 2_000_000 };
const twice = (sample: Partial<Sample>) => word([fine, { ...fine, ...sample }, { ...fine, ...sample }]);

test("the table of words, at its edges", () => {
  assert.equal(twice({}), "good");
  assert.equal(twice({ loss: 0.049, rtt: 499 }), "good");
  assert.equal(twice({ loss: 0.05 }), "fair");
  assert.equal(twice({ rtt: 500 }), "fair");
  assert.equal(twice({ loss: 0.15, rtt: 1200 }), "fair");
  assert.equal(twice({ loss: 0.151 }), "poor");
  assert.equal(twice({ rtt: 1201 }), "poor");
  assert.equal(twice({ estimate: 149_000 }), "poor");
  assert.equal(twice({ estimate: 99_000 }), "audio-only");
  assert.equal(twice({ estimate: undefined }), "good", "not knowing is not bad");
});

test("one bad look announces nothing, and one good one ends nothing", () => {
  const bad = { ...fine, loss: 0.5 };
  assert.equal(word([]), "good");
  assert.equal(word([bad]), "good");
  assert.equal(word([fine, bad, fine, bad, fine]), "good");
  assert.equal(word([fine, bad, bad]), "poor");
  assert.equal(word([fine, bad, bad, fine, bad]), "poor");
  assert.equal(word([fine, bad, bad, fine, fine]), "good");
});

test("two bad looks of different grade count as the milder one", () => {
  assert.equal(word([fine, { ...fine, loss: 0.1 }, { ...fine, loss: 0.5 }]), "fair");
  assert.equal(word([{ ...fine, loss: 0.5 }, { ...fine, loss: 0.5 }, { ...fine, loss: 0.1 }, fine]), "fair");
});

type Stat = Record<string, unknown>;
const report = (...stats: Stat[]) => new Map(stats.map((one, i) => [String(one["id"] ?? i), one]));

const pair: Stat = {
  id: "P",
  type: "candidate-pair",
  currentRoundTripTime: 0.12,
  availableOutgoingBitrate: 400_000,
  bytesReceived: 1000,
  responsesReceived: 3,
};
const transport: Stat = { type: "transport", selectedCandidatePairId: "P" };
const sound: Stat = {
  type: "inbound-rtp",
  kind: "audio",
  packetsReceived: 90,
  packetsLost: 10,
  jitter: 0.02,
};
const picture: Stat = { type: "outbound-rtp", kind: "video", bytesSent: 5000 };

test("a reading is the difference to the one before", () => {
  const first = read(report(pair, transport, sound, picture));
  assert.deepEqual(first.sample, { loss: 0.1, rtt: 120, jitter: 20, estimate: 400_000 });
  const later = { ...sound, packetsReceived: 190 };
  const second = read(report(pair, transport, later, { ...picture, bytesSent: 9000 }), first.counters);
  assert.equal(second.sample.loss, 0);
});

test("loss that the other side reports counts as well", () => {
  const told = { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.3 };
  assert.equal(read(report(pair, transport, told)).sample.loss, 0.3);
});

test("the estimate means nothing while no picture is sent", () => {
  const first = read(report(pair, transport, picture));
  const second = read(report(pair, transport, picture), first.counters);
  assert.equal(second.sample.estimate, undefined);
});

test("Firefox marks the pair in use instead of naming it", () => {
  const { sample } = read(report({ ...pair, selected: true }, { ...pair, id: "Q", currentRoundTripTime: 9 }));
  assert.equal(sample.rtt, 120);
});

test("an empty report is a perfect line that nobody has measured", () => {
  const { sample } = read(report());
  assert.deepEqual(sample, { loss: 0, rtt: 0, jitter: 0, estimate: undefined });
});

test("media packets and answers to checks are both signs of life", () => {
  assert.deepEqual(flow(report(pair, transport, sound)), { media: 90, checks: 1003, pair: "P" });
  assert.deepEqual(flow(report()), { media: 0, checks: 0, pair: undefined });
});
