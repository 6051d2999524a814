// Two negotiators that meet at the wrong moments still agree.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, offer, type Candidate } from "../src/messages";
import { Negotiation } from "../src/negotiation";
import { FakePeer, Wire, settle } from "./fakes";

function side(name: string, polite: boolean) {
  const peer = new FakePeer(name);
  const wire = new Wire();
  const errors: unknown[] = [];
  const negotiation = new Negotiation({
    peer,
    polite,
    send: wire.send,
    onError: (error) => errors.push(error),
  });
  return { peer, wire, errors, negotiation };
}

function couple() {
  const doctor = side("d", false);
  const patient = side("p", true);
  doctor.wire.deliver = (what) => patient.negotiation.receive(what);
  patient.wire.deliver = (what) => doctor.negotiation.receive(what);
  return { doctor, patient };
}

async function exchange({ doctor, patient }: ReturnType<typeof couple>): Promise<void> {
  await settle();
  while (doctor.wire.waiting.length + patient.wire.waiting.length) {
    await doctor.wire.flush();
    await patient.wire.flush();
  }
}

/** Both sides through their first offer and answer. */
async function connected() {
  const two = couple();
  two.doctor.peer.want();
  two.doctor.negotiation.start();
  await exchange(two);
  return two;
}

function agreed({ doctor, patient }: ReturnType<typeof couple>): void {
  for (const one of [doctor, patient]) {
    assert.equal(one.peer.signalingState, "stable");
    assert.deepEqual(one.errors, []);
  }
  assert.ok(doctor.peer.satisfied, "what the doctor's side wanted is agreed");
  assert.ok(patient.peer.satisfied, "what the patient's side wanted is agreed");
}

const candidate = (text: string, ufrag: string | null): Candidate => ({
  kind: "candidate",
  candidate: text,
  sdpMid: "0",
  sdpMLineIndex: 0,
  ufrag,
});

test("the specialist's side makes the first offer, and only once the patient is there", async () => {
  const two = couple();
  two.doctor.peer.want();
  two.patient.peer.want();
  await settle();
  assert.deepEqual(two.doctor.wire.kinds(), []);
  assert.deepEqual(two.patient.wire.kinds(), [], "the patient's tracks wait for the offer");
  two.patient.negotiation.start();
  two.doctor.negotiation.start();
  two.doctor.negotiation.start();
  await settle();
  assert.deepEqual(two.patient.wire.kinds(), []);
  assert.deepEqual(two.doctor.wire.kinds(), ["offer"]);
});

test("an answer carries the id of its offer", async () => {
  const { doctor, patient } = await connected();
  const [made] = doctor.wire.sent;
  const answers = patient.wire.sent.filter((one) => one.kind === "answer");
  assert.ok(made?.kind === "offer" && answers[0]?.kind === "answer");
  assert.equal(answers[0].id, made.id);
});

test("after the first offer the patient's side may offer too", async () => {
  const two = await connected();
  two.patient.peer.want();
  await exchange(two);
  agreed(two);
});

test("glare: two offers cross, the polite side yields and both wishes are met", async () => {
  const two = await connected();
  two.patient.peer.log.length = two.doctor.peer.log.length = 0;
  two.doctor.peer.want();
  two.patient.peer.want();
  await settle();
  assert.equal(two.doctor.wire.waiting[0]?.kind, "offer");
  assert.equal(two.patient.wire.waiting[0]?.kind, "offer");
  await exchange(two);
  agreed(two);
  assert.equal(two.patient.peer.log[0], "implicit rollback");
  assert.equal(two.doctor.peer.log[0], "answer", "the impolite side has not touched its own offer");
});

test("glare on the impolite side: the offer is ignored, and its candidates do no harm", async () => {
  const two = await connected();
  const { doctor } = two;
  doctor.peer.want();
  await settle();
  await doctor.negotiation.receive(offer("p9", "v=0\r\na=ice-ufrag:late\r\n"));
  await doctor.negotiation.receive(candidate("of the ignored offer", "late"));
  await doctor.negotiation.receive(candidate("of nobody knows which", null));
  assert.equal(doctor.peer.signalingState, "have-local-offer");
  await exchange(two);
  agreed(two);
  assert.deepEqual(doctor.peer.candidates, []);
});

test("glare on the polite side while its own offer is still being made", async () => {
  const { patient } = await connected();
  patient.peer.want();
  await Promise.resolve(); // negotiationneeded has fired, setLocalDescription is under way
  const sent = patient.wire.sent.length;
  await patient.negotiation.receive(offer("i9", "v=0\r\na=ice-ufrag:d9\r\n"));
  await settle();
  const answers = patient.wire.sent.slice(sent).filter((one) => one.kind === "answer");
  assert.deepEqual(
    answers.map((one) => one.kind === "answer" && one.id),
    ["i9"],
  );
  assert.deepEqual(patient.errors, []);
});

test("glare on the impolite side while its own offer is still being made", async () => {
  const { doctor } = await connected();
  doctor.peer.want();
  await Promise.resolve();
  await doctor.negotiation.receive(offer("p9", "v=0\r\na=ice-ufrag:p9\r\n"));
  await settle();
  assert.equal(doctor.peer.signalingState, "have-local-offer");
  assert.ok(!doctor.peer.log.includes("implicit rollback"), "its own offer stands");
  assert.deepEqual(doctor.wire.kinds().slice(-1), ["offer"]);
});

test("an offer that comes while an answer is being applied is no glare", async () => {
  const { doctor, patient } = await connected();
  doctor.peer.want();
  await settle();
  await doctor.wire.flush();
  const [reply] = patient.wire.waiting.splice(0);
  assert.equal(reply?.kind, "answer");
  let go = () => undefined as void;
  doctor.peer.holdRemote = new Promise((resolve) => (go = resolve));
  const applying = doctor.negotiation.receive(reply as never);
  await settle();
  assert.equal(doctor.peer.signalingState, "have-local-offer", "not stable yet");
  const next = doctor.negotiation.receive(offer("p9", "v=0\r\na=ice-ufrag:p9\r\n"));
  go();
  await Promise.all([applying, next]);
  assert.deepEqual(doctor.peer.log.slice(-2), ["answer", "offer"]);
  assert.deepEqual(doctor.wire.kinds().slice(-1), ["answer"], "it is answered, not ignored");
});

test("older Safari: without implicit rollback the polite side rolls back by itself", async () => {
  const two = await connected();
  two.patient.peer.rollsBack = false;
  two.patient.peer.log.length = 0;
  two.doctor.peer.want();
  two.patient.peer.want();
  await exchange(two);
  agreed(two);
  assert.equal(two.patient.peer.log[0], "rollback");
});

test("candidates before their offer wait for it", async () => {
  const { patient } = couple();
  await patient.negotiation.receive(candidate("early", "d1"));
  await patient.negotiation.receive(candidate("of no known fragment", null));
  assert.deepEqual(patient.peer.candidates, []);
  await patient.negotiation.receive(offer("i1", "v=0\r\na=ice-ufrag:d1\r\n"));
  assert.deepEqual(patient.peer.candidates, ["early", "of no known fragment"]);
  assert.deepEqual(patient.errors, []);
});

test("candidates that come while their offer is being applied wait too", async () => {
  const { patient } = couple();
  let go = () => undefined as void;
  patient.peer.holdRemote = new Promise((resolve) => (go = resolve));
  const applying = patient.negotiation.receive(offer("i1", "v=0\r\na=ice-ufrag:d1\r\n"));
  await patient.negotiation.receive(candidate("meanwhile", "d1"));
  assert.deepEqual(patient.peer.candidates, []);
  go();
  await applying;
  assert.deepEqual(patient.peer.candidates, ["meanwhile"]);
});

test("candidates of the next ICE generation wait for its offer, those of a past one are dropped in silence", async () => {
  const two = await connected();
  const before = two.patient.peer.candidates.length;
  await two.patient.negotiation.receive(candidate("next", "d2"));
  await two.patient.negotiation.receive(candidate("past", "d0"));
  assert.equal(two.patient.peer.candidates.length, before);
  two.doctor.peer.want();
  await exchange(two);
  assert.deepEqual(two.patient.peer.candidates.slice(before), ["next"]);
  agreed(two);
});

test("no more than 100 candidates are kept for a description that never comes", async () => {
  const { patient } = couple();
  for (let i = 0; i < 130; i += 1) await patient.negotiation.receive(candidate(`c${i}`, "d1"));
  await patient.negotiation.receive(offer("i1", "v=0\r\na=ice-ufrag:d1\r\n"));
  assert.equal(patient.peer.candidates.length, 100);
  assert.equal(patient.peer.candidates[0], "c30");
});

test("an answer to an old offer is dropped", async () => {
  const { doctor } = await connected();
  const [first] = doctor.wire.sent;
  assert.ok(first?.kind === "offer");
  doctor.peer.want();
  await settle();
  await doctor.negotiation.receive(answer(first.id, "v=0\r\na=ice-ufrag:stale\r\n"));
  assert.equal(
    doctor.peer.signalingState,
    "have-local-offer",
    "the new offer still waits for its own answer",
  );
  assert.deepEqual(doctor.errors, []);
});

test("an answer that comes twice, and an offer that comes twice, count once", async () => {
  const two = await connected();
  const offers = two.doctor.wire.sent.filter((one) => one.kind === "offer");
  const answers = two.patient.wire.sent.filter((one) => one.kind === "answer");
  await two.doctor.negotiation.receive(answers[0] as never);
  await two.patient.negotiation.receive(offers[0] as never);
  assert.equal(two.patient.wire.sent.filter((one) => one.kind === "answer").length, answers.length);
  agreed(two);
});

test("found candidates carry their fragment, and the end of them too", async () => {
  const { doctor } = await connected();
  const ufrag = /a=ice-ufrag:(\S+)/.exec(doctor.peer.localDescription?.sdp ?? "")?.[1];
  doctor.peer.find("candidate:1");
  doctor.peer.onicecandidate?.({ candidate: null } as RTCPeerConnectionIceEvent);
  assert.deepEqual(doctor.wire.waiting, [
    { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0, ufrag },
    { kind: "end-of-candidates", ufrag },
  ]);
});

test("a closed negotiation neither sends nor takes anything", async () => {
  const { doctor } = await connected();
  const sent = doctor.wire.sent.length;
  doctor.negotiation.close();
  doctor.peer.want();
  await doctor.negotiation.receive(offer("p9", "v=0\r\na=ice-ufrag:p9\r\n"));
  await settle();
  assert.equal(doctor.wire.sent.length, sent);
  assert.equal(doctor.peer.signalingState, "stable");
});

test("a description that the browser refuses is told, and the next one is taken", async () => {
  const { patient } = couple();
  patient.peer.holdRemote = Promise.reject(new Error("bad sdp"));
  await patient.negotiation.receive(offer("i1", "nonsense"));
  assert.equal(patient.errors.length, 1);
  await patient.negotiation.receive(offer("i2", "v=0\r\na=ice-ufrag:d2\r\n"));
  assert.deepEqual(patient.wire.kinds(), ["answer"]);
});
