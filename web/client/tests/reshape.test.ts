// What the other side described, put in other words for this side only.

import assert from "node:assert/strict";
import { test } from "node:test";

import { offer } from "../src/messages";
import { Negotiation } from "../src/negotiation";
import { FakePeer, Wire, settle } from "./fakes";

const OFFER = "v=0\r\na=ice-ufrag:d1\r\na=setup:actpass\r\na=sendrecv\r\n";

function patient() {
  const peer = new FakePeer("p");
  const wire = new Wire();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  return {
    peer,
    wire,
    errors,
    negotiation: new Negotiation({ peer, polite: true, send: wire.send, onError }),
  };
}

const shaped = (sdp: string) => `${sdp}a=ptime:60\r\n`;

test("a shape is put over what was described last, and the other side hears nothing of it", async () => {
  const { peer, wire, negotiation, errors } = patient();
  await negotiation.receive(offer("i1", OFFER));
  const sent = wire.sent.length;
  Object.assign(peer.localDescription ?? {}, { sdp: "v=0\r\na=setup:active\r\n" });
  assert.ok(await negotiation.reshape(shaped));
  assert.equal(peer.remoteDescription?.type, "answer");
  assert.match(peer.remoteDescription?.sdp ?? "", /a=setup:passive\r\n[^]*a=ptime:60/);
  assert.equal(peer.signalingState, "stable");
  assert.ok(await negotiation.reshape((sdp) => sdp.replace("sendrecv", "sendonly")));
  assert.doesNotMatch(
    peer.remoteDescription?.sdp ?? "",
    /ptime/,
    "from its own words, not from the last shape",
  );
  assert.equal(wire.sent.length, sent);
  assert.deepEqual(errors, []);
});

test("the next offer gets the shape, too, once it is answered", async () => {
  const { peer, wire, negotiation } = patient();
  await negotiation.receive(offer("i1", OFFER));
  await negotiation.reshape(shaped);
  await negotiation.receive(offer("i2", OFFER.replace("d1", "d2")));
  assert.equal(wire.kinds().filter((kind) => kind === "answer").length, 2);
  assert.match(peer.remoteDescription?.sdp ?? "", /d2[^]*a=ptime:60/);
});

test("what arrives in the middle of it waits, and is answered", async () => {
  const { peer, wire, negotiation, errors } = patient();
  await negotiation.receive(offer("i1", OFFER));
  let go = () => undefined as void;
  peer.holdRemote = new Promise((done) => (go = done));
  const reshaping = negotiation.reshape(shaped);
  const received = negotiation.receive(offer("i2", OFFER.replace("d1", "d2")));
  await settle();
  go();
  assert.ok(await reshaping);
  await received;
  assert.equal(wire.kinds().filter((kind) => kind === "answer").length, 2);
  assert.deepEqual(errors, []);
});

test("while something is negotiated there is no reshaping, and none that fails stays half done", async () => {
  const { peer, negotiation, errors } = patient();
  await negotiation.receive(offer("i1", OFFER));
  peer.signalingState = "have-remote-offer";
  assert.equal(await negotiation.reshape(shaped), false);
  peer.signalingState = "stable";
  peer.holdRemote = Promise.reject(new Error("another number of sections"));
  assert.equal(await negotiation.reshape(shaped), false);
  assert.equal(peer.signalingState, "stable");
  assert.equal(errors.length, 1);
});

test("every sound beside the voice is sent whole, whoever offers and whatever the voice is packed like", async () => {
  const { peer, negotiation } = patient();
  const sound = "m=audio 9 X 111\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
  const face = "m=video 9 X 96\r\n";
  const whole = sound.replace("fec=1", "fec=1;stereo=1");
  await negotiation.receive(offer("i1", OFFER + sound + face + sound + sound));
  assert.equal(peer.remoteDescription?.sdp, OFFER + sound + face + whole + whole);
  await negotiation.reshape(shaped);
  assert.ok(peer.remoteDescription?.sdp.includes(sound + face + whole));
});

test("a shape that is known beforehand is in the first description, and nothing is negotiated for it", async () => {
  const { peer, wire, negotiation } = patient();
  assert.ok(await negotiation.reshape(shaped));
  await negotiation.receive(offer("i1", OFFER));
  assert.deepEqual([peer.remoteDescription?.type, wire.kinds()], ["offer", ["answer"]]);
  assert.match(peer.remoteDescription?.sdp ?? "", /a=ptime:60/);
});
