// The small modules: the level of a microphone, the screen that stays awake, and the rule of this folder.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { SPEECH, level } from "../src/meter";
import { clock, otherDay, timesOf } from "../src/dom/words";
import type { Trigger } from "../src/triggers";
import { stayAwake } from "../src/wake";
import { settle } from "./fakes";

const wave = (loudness: number) => Float32Array.from({ length: 1024 }, (_, i) => loudness * Math.sin(i / 5));

test("the level of silence is 0, of a shout 1, of speech between", () => {
  assert.equal(level(new Float32Array(1024)), 0);
  assert.equal(level(wave(0.0005)), 0);
  assert.equal(level(wave(1)), 1);
  const speech = level(wave(0.1));
  assert.ok(speech > SPEECH && speech < 1, String(speech));
  assert.ok(level(wave(0.004)) < SPEECH, "breathing is no speech");
});

test("a time names its weekday where the calendar of its zone is on another day", () => {
  const page = { documentElement: { lang: "en" } } as Document;
  Object.assign(globalThis, { document: page });
  const late = new Date("2026-11-23T23:20:00Z");
  assert.equal(otherDay(late, "Europe/Berlin", "2026-11-23"), "Tue");
  assert.equal(otherDay(late, "Europe/Berlin", "2026-11-24"), "");
  assert.equal(otherDay(late, "UTC", "2026-11-23"), "");
});

test("a page has one clock: that of the place which it names", () => {
  const page = { documentElement: { lang: "en", dataset: {} } } as unknown as Document;
  Object.assign(globalThis, { document: page });
  const moment = new Date("2026-11-27T05:47:01Z");
  const own = Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  assert.equal(clock(moment), own.format(moment));
  timesOf("Asia/Tokyo");
  assert.equal(clock(moment), "14:47");
  assert.equal(clock(moment, undefined, true), "14:47:01");
  assert.equal(clock(moment, "Europe/Berlin"), "06:47");
});

function lock() {
  const log: string[] = [];
  let happen: (what: Trigger) => void = () => undefined;
  const triggers = (happened: (what: Trigger) => void) => {
    happen = happened;
    return () => void log.push("unlistened");
  };
  const wake = {
    request: () => {
      log.push("asked");
      return Promise.resolve({ release: () => Promise.resolve(void log.push("released")) });
    },
  };
  return { log, triggers, wake, happen: (what: Trigger) => happen(what) };
}

test("the screen is asked for again whenever the page is seen, and let go at the end", async () => {
  const { log, triggers, wake, happen } = lock();
  const end = stayAwake(wake, triggers);
  await settle();
  happen("hidden");
  happen("online");
  happen("visible");
  await settle();
  end();
  assert.deepEqual(log, ["asked", "asked", "unlistened", "released"]);
});

test("a lock that comes after the end is let go at once", async () => {
  const { log, triggers, wake } = lock();
  stayAwake(wake, triggers)();
  await settle();
  assert.deepEqual(log, ["asked", "unlistened", "released"]);
});

test("a screen that cannot be kept awake is no error", async () => {
  const { triggers } = lock();
  stayAwake(undefined, triggers)();
  stayAwake({ request: () => Promise.reject(new Error("battery")) }, triggers)();
  await settle();
});

test("modules that know the network know no DOM", () => {
  const source = new URL("../../src/", import.meta.url); // the bundles lie in node_modules/.tests-…/
  const names = readdirSync(source).filter((name) => name.endsWith(".ts") && name !== "triggers.ts");
  assert.ok(names.length > 10);
  for (const name of names) {
    const code = readFileSync(new URL(name, source), "utf8").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    assert.doesNotMatch(code, /\b(document|window|HTML\w*Element|localStorage|sessionStorage)\b/, name);
    assert.doesNotMatch(code, /from "\.\/(pages|dom|visit|clinic)/, name);
  }
});
