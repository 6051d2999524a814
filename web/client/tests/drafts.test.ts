// Drafts of several visits in one window, switched at random over a line that fails and loses answers: seeded.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import type { Content } from "../src/clinic/desk";
import { Drafts } from "../src/clinic/drafts";
import { Draft, type Saved } from "../src/draft";
import { settle } from "./fakes";

const VISITS = ["amy", "ben", "cai"];
const AT = new Date("2026-11-23T10:41:07Z");
const STEPS = 400;

const note = (history: string): Content => ({
  history,
  findings: "",
  assessment: "",
  plan: "",
  outcome: "",
  when: "",
});

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Keeps notes as the server does; a request may be slow, never arrive, or arrive and never be answered. */
class Server {
  readonly notes = new Map(VISITS.map((visit) => [visit, { content: note(""), version: 0 }]));
  up = true;

  constructor(private readonly chance: () => number) {}

  async save(visit: string, content: Content, version: number): Promise<Saved<Content>> {
    const [slow, arrives, answers] = [this.chance() * 3000, this.chance() < 0.8, this.chance() < 0.8];
    await new Promise((go) => setTimeout(go, slow));
    const stored = this.at(visit);
    if (!this.up || !arrives) throw new Error("offline");
    const fresh = stored.version === version;
    if (fresh) Object.assign(stored, { content, version: version + 1 });
    if (!answers) throw new Error("timeout");
    const now = { value: stored.content, version: stored.version, at: AT };
    return fresh ? { version: stored.version, at: AT } : { conflict: now };
  }

  at(visit: string): { content: Content; version: number } {
    return this.notes.get(visit) as { content: Content; version: number };
  }
}

async function wait(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    mock.timers.tick(Math.min(100, left));
    await settle(12);
  }
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
afterEach(() => mock.timers.reset());

for (const seed of [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]) {
  test(`whatever is typed where, switched and lost stays with its visit (seed ${seed})`, async () => {
    const chance = dice(seed);
    const server = new Server(chance);
    const drafts = new Drafts(server);
    const typed = new Map<string, string>();
    const conflicts: unknown[] = [];
    let shown = "";
    let draft: Draft<Content> | undefined;

    async function open(visit: string): Promise<void> {
      draft?.watch(undefined);
      void draft?.flush();
      shown = "";
      let settled = false;
      void drafts.settle(visit).then(() => (settled = true));
      while (!settled) await wait(500);
      const read = server.at(visit);
      const field = (drafts.held(visit) ?? read.content).history;
      assert.equal(field, typed.get(visit) ?? "", "the visit's own text, all of it, and nobody else's");
      draft = drafts.of(visit, read, Draft);
      draft.watch({ onState: () => undefined, onConflict: (...both) => conflicts.push(both) });
      shown = visit;
    }

    for (let step = 0; step < STEPS; step += 1) {
      const what = chance();
      if (what < 0.15 || !shown) await open(VISITS[Math.floor(chance() * VISITS.length)] as string);
      else if (what < 0.2) server.up = !server.up;
      else if (what < 0.25) void drafts.flush(chance() < 0.5);
      else if (what < 0.75) {
        const words = `${typed.get(shown) ?? ""} ${shown}${step}`;
        typed.set(shown, words);
        draft?.edit(note(words));
      } else await wait(chance() * 4000);
    }
    server.up = true;
    for (let tries = 0; drafts.unsaved && tries < 60; tries += 1) await wait(15_000);
    for (const visit of VISITS) assert.equal(server.at(visit).content.history, typed.get(visit) ?? "");
    assert.deepEqual(conflicts, [], "one window has nobody to part from");
  });
}
