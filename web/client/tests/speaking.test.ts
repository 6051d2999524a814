// Several in a call: who speaks, how loud each is played where somebody interprets, and whose picture gives way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { RUNGS } from "../src/rungs";
import type { Member } from "../src/messages";
import { Speaking, UNDER, VOICE, choosable, volumes, type Listening } from "../src/speaking";
import { sentOf, standingOf } from "../src/tuning";

const member = (id: string, part?: string): Member => ({
  ...{ id, role: id, name: id, here: true, audio: true, video: true, away: false, connection: "good" },
  ...(part && { part }),
  ...(part === "signer" && { pinned: true }),
});
const BOTH = [member("p"), member("s")];
const FOUR = [member("g1", "interpreter"), member("g2", "relative"), ...BOTH];

test("whoever pauses between words still speaks, whoever has left does not", () => {
  const speaking = new Speaking();
  const loud = (level: number) => new Map([["p", level]]);
  assert.deepEqual([...speaking.hear(loud(VOICE / 2), 0)], []);
  assert.deepEqual([...speaking.hear(loud(VOICE), 100)], ["p"]);
  assert.deepEqual([...speaking.hear(loud(0), 1200)], ["p"]);
  assert.deepEqual([...speaking.hear(loud(0), 1300)], []);
  speaking.hear(loud(1), 1400);
  assert.deepEqual([...speaking.hear(new Map(), 1500)], []);
});

const played = (you: string, listening: Listening, ...speaking: string[]) =>
  Object.fromEntries(volumes(FOUR, you, listening, new Set(speaking)));

test("the others are under whoever interprets, and as loud as ever between their words", () => {
  assert.deepEqual(played("p", "interpreter", "s", "g1"), { g1: 1, g2: UNDER, s: UNDER });
  assert.deepEqual(played("p", "interpreter", "s"), { g1: 1, g2: 1, s: 1 });
});

test("each hears whom they choose, and whoever interprets hears everybody", () => {
  assert.deepEqual(played("s", "both", "g1"), { g1: 1, g2: 1, p: 1 });
  assert.deepEqual(played("s", "original", "g1"), { g1: 0, g2: 1, p: 1 });
  assert.deepEqual(played("g1", "original", "s"), { g2: 1, p: 1, s: 1 });
  assert.deepEqual([choosable(FOUR, "p"), choosable(FOUR, "g1"), choosable(BOTH, "p")], [true, false, false]);
});

test("beside hands that speak the others send their smallest picture, and hands are sent as they move", () => {
  const three = [member("g1", "signer"), ...BOTH];
  assert.deepEqual(
    [standingOf(three, "g1"), standingOf(three, "p"), standingOf(FOUR, "p")],
    ["pinned", "beside", "plain"],
  );
  assert.deepEqual(sentOf(RUNGS[0], 15, "beside"), { ...RUNGS[2], rate: 15 });
  assert.deepEqual(sentOf(RUNGS[3], 15, "beside"), RUNGS[3]);
  assert.deepEqual(sentOf(RUNGS[0], 15, "pinned"), RUNGS[0]);
  assert.deepEqual(sentOf(RUNGS[0], 15, "plain"), { ...RUNGS[0], rate: 15 });
});
