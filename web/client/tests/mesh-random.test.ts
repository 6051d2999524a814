// Whatever rosters come in whatever order: there is one lane to each further member, of the epoch told last, and no other.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Pair } from "../src/messages";
import { Stand, member } from "./mesh-stand";
import { pass } from "./stage";

const GUESTS = ["g1", "g2", "g3"];

/** Numbers as by chance, the same every time. */
function* chances(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

test("lanes are the roster, however people come, reload and go", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const chance = chances(seed);
    const next = () => chance.next().value as number;
    const stand = new Stand();
    const epochs: Record<string, number> = {};
    const there = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      for (const id of GUESTS) {
        const what = next();
        if (what < 0.3 && !there.has(id)) there.add(id);
        else if (what < 0.5) there.delete(id);
        else if (what > 0.7) continue;
        epochs[id] = (epochs[id] ?? 0) + 1; // each of these begins a new epoch, as the server counts
      }
      const pairs = Object.fromEntries([...there].map((id) => [id, pairOf(epochs[id] ?? 1)]));
      const members = [
        ...["p", "s"].map((id) => member(id)),
        ...[...there].map((id) => member(id, next() < 0.8)),
      ];
      if (next() < 0.2) stand.mesh.entered(stand.entered(pairs, members));
      stand.mesh.seated(pairs, members, stand.entered());
      assert.deepEqual(Object.keys(stand.mesh.held ?? {}).sort(), [...there].sort(), `seed ${seed}`);
      for (const id of there) assert.equal(stand.mesh.held?.[id]?.epoch, epochs[id], `seed ${seed}, ${id}`);
      const open = stand.made.filter((one) => !one.closed).length;
      assert.equal(open, there.size, `seed ${seed}: a connection for each, and none is left over`);
    }
    stand.mesh.close();
    assert.equal(stand.made.filter((one) => !one.closed).length, 0);
  }
  await pass(0);
});

const pairOf = (epoch: number): Pair => ({ epoch, polite: false, resumed: true, since: 0 });
