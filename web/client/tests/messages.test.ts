// What the browser sends has the shapes of signaling/PROTOCOL.md: the literals of tests/data/messages.json.

import assert from "node:assert/strict";
import { test } from "node:test";

import literals from "../../../tests/data/messages.json";
import { candidate, endOfCandidates, enter, media, offer, probe, quality, signal } from "../src/messages";
import type { ServerEvents } from "../src/messages";
import { catchUp, say } from "../src/saying";

const { client, forms, server, acks } = literals;

test("enter", () => {
  assert.deepEqual(enter(0, 0, client.enter.visit), client.enter);
  assert.deepEqual(enter(3, 12), { epoch: 3, since: 12 }, "a patient names no visit");
});

test("signal with a description", () => {
  const { id, sdp } = client.signal;
  assert.deepEqual(signal(1, 1, offer(id, sdp)), client.signal);
});

test("signal with a candidate, and at their end", () => {
  const told = forms["signal with a candidate"];
  const found = { ...told, usernameFragment: told.ufrag };
  assert.deepEqual(signal(1, 2, candidate(found)), told);
  assert.deepEqual(signal(1, 3, endOfCandidates(told.ufrag)), forms["signal at the end of candidates"]);
});

test("media, probe and quality", () => {
  assert.deepEqual(media(true, false, false), client.media);
  assert.deepEqual(probe(7), client.probe);
  assert.deepEqual(quality("good"), client.quality);
});

test("say and catch-up", () => {
  const { id, text } = client.say;
  assert.deepEqual(say(id, "caption", { text }), client.say);
  assert.deepEqual(say("1", "chat", { phrase: "yes" }), { id: "1", kind: "chat", phrase: "yes", text: "" });
  assert.deepEqual(catchUp(2), client["catch-up"]);
});

test("a message numbered anew loses its old number", () => {
  const first = signal(1, 1, endOfCandidates("u"));
  assert.equal(signal(1, 9, first).seq, 9);
});

test("the types know every event of the server, and no other", () => {
  const known: Record<keyof ServerEvents, true> = {
    visit: true,
    clinic: true,
    prepare: true,
    place: true,
    message: true,
    running: true,
    priority: true,
    guest: true,
    moved: true,
    queue: true,
    roster: true,
    signal: true,
    said: true,
    recording: true,
    replaced: true,
    ended: true,
    draining: true,
    "signed-out": true,
  };
  assert.deepEqual(Object.keys(known).sort(), Object.keys(server).sort());
});

test("the answer to enter holds what a room reads from it", () => {
  for (const name of ["epoch", "you", "role", "polite", "relayOnly", "resumed", "roster", "ice", "since"]) {
    assert.ok(name in acks.enter, name);
  }
});
