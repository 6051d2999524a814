// Digits that agree where nobody stands between, and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fingerprintsOf } from "../src/fingerprints";
import { Side, type SideBody } from "../src/side";
import { digitsOf, promise, Vouch, type Channel, type Role, type Verdict } from "../src/vouch";
import { FakeSides } from "./fake-channel";

const bytes = (from: number) => Uint8Array.from({ length: 32 }, (_, i) => from + i);
const full = (value: number) => new Uint8Array(32).fill(value);
const AMARA = bytes(0);
const BO = bytes(32);
const MALLORY = full(66);
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");

/** Digests are computed beside the event loop. */
const soon = () => new Promise((done) => setTimeout(done, 20));

function vouch(role: Role, side: Channel, mine: Uint8Array, theirs: Uint8Array | undefined, number: number) {
  const verdicts: Verdict[] = [];
  const made = new Vouch({
    role,
    side,
    fingerprints: async () => theirs && { mine, theirs },
    onVerdict: (verdict) => verdicts.push(verdict),
    random: () => full(number++),
  });
  return {
    made,
    get last() {
      return verdicts.at(-1);
    },
  };
}

/** A channel whose other end is in the test's hands. */
class Hand implements Channel {
  readonly said: [string, SideBody][] = [];
  private readonly handlers = new Map<string, (body: SideBody) => void>();
  open = () => undefined as void;

  send(kind: string, body: SideBody): boolean {
    this.said.push([kind, body]);
    return true;
  }

  on(kind: string, handler: (body: SideBody) => void) {
    this.handlers.set(kind, handler);
    return () => undefined;
  }

  onOpen(handler: () => void) {
    this.open = handler;
    return () => undefined;
  }

  async hear(kind: string, body: SideBody): Promise<void> {
    this.handlers.get(kind)?.(body);
    await soon();
  }

  of(kind: string): string | undefined {
    const found = this.said.find(([name]) => name === kind)?.[1];
    return Object.values(found ?? {})[0] as string | undefined;
  }
}

test("digits and promise are what anybody can compute again", async () => {
  const numbers = { first: full(7), second: full(9) };
  assert.equal(await digitsOf({ first: AMARA, second: BO }, numbers), "309 093");
  assert.equal(
    await promise("first", full(7)),
    "12ff85b5fd7ef5be31188d73a19318bfb9d1b92064053d78c4719d82ce6860e4",
  );
});

test("both sides read the same digits, and new ones over a new connection, which is said", async () => {
  const line = new FakeSides();
  const [amaras, bos] = [new Side(), new Side()];
  amaras.begin(line.first);
  bos.begin(line.second);
  line.open();
  const amara = vouch("first", amaras, AMARA, BO, 7);
  await soon();
  assert.deepEqual(amara.last, { state: "wait" });
  const bo = vouch("second", bos, BO, AMARA, 9);
  await soon();
  assert.deepEqual(amara.last, { state: "ready", digits: "309 093" });
  assert.deepEqual(bo.last, amara.last);
  const again = new FakeSides();
  amaras.begin(again.first);
  bos.begin(again.second);
  again.open();
  await soon();
  assert.equal(amara.last?.state, "changed");
  assert.notDeepEqual(amara.last, { state: "changed", digits: "309 093" });
  assert.deepEqual(bo.last, amara.last);
});

test("somebody between them cannot make the digits agree: the certificates differ, and numbers are promised", async () => {
  const [toAmara, toBo] = [new Hand(), new Hand()];
  const amara = vouch("first", toAmara, AMARA, MALLORY, 7);
  const bo = vouch("second", toBo, BO, MALLORY, 9);
  toAmara.open();
  toBo.open();
  await soon();
  // He hands everything on unchanged: nobody notices but by the digits.
  await toBo.hear("vouch-promise", { promise: toAmara.of("vouch-promise") });
  await toAmara.hear("vouch-promise", { promise: toBo.of("vouch-promise") });
  await toBo.hear("vouch-number", { number: toAmara.of("vouch-number") });
  await toAmara.hear("vouch-number", { number: toBo.of("vouch-number") });
  assert.deepEqual([amara.last?.state, bo.last?.state], ["ready", "ready"]);
  assert.notDeepEqual(amara.last, bo.last);
});

test("nobody hears a number before they have promised theirs, and another one than promised is found out", async () => {
  for (const breach of ["number", "promise"] as const) {
    const hand = new Hand();
    const amara = vouch("first", hand, AMARA, MALLORY, 7);
    hand.open();
    await soon();
    assert.equal(hand.of("vouch-number"), undefined);
    await hand.hear("vouch-promise", { promise: await promise("second", full(1)) });
    assert.equal(hand.of("vouch-number"), hex(full(7)));
    const fitting = full(2); // found by trying, now that Amara's number is known
    if (breach === "promise") await hand.hear("vouch-promise", { promise: await promise("second", fitting) });
    await hand.hear("vouch-number", { number: hex(fitting) });
    assert.deepEqual(amara.last, { state: "failed" });
  }
});

test("the own promise sent back, junk and a silent browser give no digits", async () => {
  const hand = new Hand();
  const amara = vouch("first", hand, AMARA, MALLORY, 7);
  hand.open();
  await soon();
  await hand.hear("vouch-promise", { promise: hand.of("vouch-promise") });
  await hand.hear("vouch-number", { number: hand.of("vouch-number") });
  assert.deepEqual(amara.last, { state: "failed" });
  const other = new Hand();
  const bo = vouch("second", other, BO, undefined, 9);
  other.open();
  await other.hear("vouch-promise", { promise: await promise("first", full(1)) });
  await other.hear("vouch-number", { number: hex(full(1)) });
  assert.deepEqual(bo.last, { state: "cannot" });
  const third = new Hand();
  const cy = vouch("second", third, BO, AMARA, 9);
  third.open();
  await third.hear("vouch-promise", { promise: 7 });
  assert.deepEqual(cy.last, { state: "failed" });
});

test("certificates are those of the transport; where it tells two different ones, none is believed", async () => {
  const colons = (value: Uint8Array) => hex(value).match(/../g)?.join(":").toUpperCase();
  const shown = new TextEncoder().encode("a certificate");
  const hashed = new Uint8Array(await crypto.subtle.digest("SHA-256", shown));
  const certificate = (value: Uint8Array, fingerprintAlgorithm = "sha-256") => ({
    fingerprint: colons(value),
    fingerprintAlgorithm,
  });
  const pc = (theirs: object | undefined, told: boolean) =>
    ({
      getStats: async () =>
        new Map<string, object | undefined>([
          ["T", { type: "transport", localCertificateId: "L", remoteCertificateId: "R" }],
          ["L", certificate(AMARA)],
          ["R", theirs],
        ]),
      sctp: told ? { transport: { getRemoteCertificates: () => [shown.buffer] } } : null,
    }) as unknown as RTCPeerConnection;
  assert.deepEqual(await fingerprintsOf(pc(certificate(hashed), true)), { mine: AMARA, theirs: hashed });
  assert.deepEqual(await fingerprintsOf(pc(undefined, true)), { mine: AMARA, theirs: hashed });
  assert.deepEqual(await fingerprintsOf(pc(certificate(BO), false)), { mine: AMARA, theirs: BO });
  assert.equal(await fingerprintsOf(pc(certificate(BO), true)), undefined);
  assert.equal(await fingerprintsOf(pc(certificate(BO, "sha-1"), false)), undefined);
});
