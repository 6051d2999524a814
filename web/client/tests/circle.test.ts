// Who gets which key when: nobody from before they came or after they left, and nothing goes up that not all can open.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Member } from "../src/messages";
import { Circle } from "../src/seal/circle";
import { FakeBench, FakeLine, means } from "./fake-bench";

const settle = async () => {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((done) => setTimeout(done, 2));
};

const member = (id: string, here = true) => ({ id, here }) as Member;

class Person {
  readonly lines = new Map<string, FakeLine>();
  readonly circle: Circle;
  changes = 0;

  constructor(
    readonly id: string,
    readonly call: Call,
    readonly bench: FakeBench | undefined = new FakeBench(),
  ) {
    this.circle = new Circle({
      key: (who) => who,
      now: () => call.now,
      onChange: () => (this.changes += 1),
      onFrames: () => undefined,
    });
  }

  line(to: string): FakeLine {
    const line = this.lines.get(to) ?? new FakeLine();
    this.lines.set(to, line);
    return line;
  }

  equip(): void {
    this.circle.equip(means((to) => this.line(to), this.bench));
  }

  get seals(): number | undefined {
    return this.bench?.seals;
  }

  /** The keys that this person was given, all numbers of all members. */
  knows(): string[] {
    return this.bench?.keys ?? [];
  }
}

class Call {
  now = 0;
  readonly people = new Map<string, Person>();

  comes(id: string, bench: FakeBench | undefined = new FakeBench()): Person {
    const person = new Person(id, this, bench);
    this.people.set(id, person);
    person.equip();
    return person;
  }

  /** Somebody whose browser is too old. */
  comesOld(id: string): Person {
    const person = new Person(id, this);
    Object.assign(person, { bench: undefined });
    this.people.set(id, person);
    person.equip();
    return person;
  }

  roster(): void {
    for (const one of this.people.values())
      one.circle.seated(
        one.id,
        [...this.people.keys()].map((id) => member(id)),
      );
  }

  /** Two get a channel to each other. */
  connect(one: Person, other: Person): void {
    const [here, there] = [one.line(other.id), other.line(one.id)];
    [here.far, there.far] = [there, here];
    here.opens();
    there.opens();
  }

  async all(...ids: string[]): Promise<Person[]> {
    const people = ids.map((id) => this.comes(id));
    this.roster();
    for (const [at, one] of people.entries())
      for (const other of people.slice(at + 1)) this.connect(one, other);
    await settle();
    return people;
  }

  /** Their channels stay open: who has left may be slow to close them, or may not want to. */
  async leaves(person: Person): Promise<void> {
    this.people.delete(person.id);
    this.roster();
    await settle();
  }

  async later(ms: number): Promise<void> {
    this.now += ms;
    for (const one of this.people.values()) one.circle.look();
    await settle();
  }
}

test("nothing goes up until all have the key, then it is sealed for everybody", async () => {
  const call = new Call();
  const people = ["s", "p", "g1"].map((id) => call.comes(id));
  const [s, p, g1] = people as [Person, Person, Person];
  call.roster();
  call.connect(s, p);
  await settle();
  assert.equal(s.seals, undefined);
  assert.equal(s.circle.may, false);
  call.connect(s, g1);
  call.connect(p, g1);
  await settle();
  for (const one of people) {
    assert.ok(one.seals);
    assert.ok(one.circle.may);
    assert.equal(one.circle.unsealed, false);
    for (const other of people)
      if (other !== one) assert.ok(other.knows().includes(`${one.id} ${one.seals}`));
  }
});

test("a guest who has left never gets the key of what comes after", async () => {
  const call = new Call();
  const [s, p, g1] = (await call.all("s", "p", "g1")) as [Person, Person, Person];
  const before = s.seals;
  await call.leaves(g1);
  assert.notEqual(s.seals, before);
  assert.ok(p.knows().includes(`s ${s.seals}`));
  assert.ok(!g1.knows().includes(`s ${s.seals}`));
});

test("one who comes gets no key of what was before, and what is said goes on under the old one meanwhile", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  const before = s.seals;
  const g1 = call.comes("g1");
  call.roster();
  await settle();
  assert.equal(s.seals, before);
  call.connect(s, g1);
  call.connect(p, g1);
  await settle();
  assert.notEqual(s.seals, before);
  assert.ok(g1.knows().includes(`s ${s.seals}`));
  assert.ok(!g1.knows().includes(`s ${before}`));
});

test("whoever loads their page anew gets another key", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  const before = s.seals;
  call.connect(s, p);
  await settle();
  assert.notEqual(s.seals, before);
  assert.ok(p.knows().includes(`s ${s.seals}`));
});

test("with an old browser among them it goes up unsealed, all say so, and it is sealed again once that one has left", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  const old = call.comesOld("g1");
  call.roster();
  call.connect(s, old);
  call.connect(p, old);
  await settle();
  for (const one of [s, p, old]) assert.ok(one.circle.unsealed, one.id);
  assert.equal(s.seals, 0);
  assert.ok(p.bench?.trusts("s"));
  assert.ok(p.bench?.trusts("g1"));
  await call.leaves(old);
  assert.ok(s.seals);
  assert.equal(p.bench?.trusts("s"), false);
  for (const one of [s, p]) assert.equal(one.circle.unsealed, false);
});

test("somebody who cannot be reached is waited for, and then heard unsealed", async () => {
  const call = new Call();
  const [s, p, g1] = ["s", "p", "g1"].map((id) => call.comes(id)) as [Person, Person, Person];
  call.roster();
  call.connect(s, p);
  call.connect(s, g1); // p and g1 reach each other through the forwarding server only
  await settle();
  await call.later(9000);
  assert.ok(s.seals);
  assert.equal(p.seals, undefined);
  await call.later(1000);
  assert.equal(p.seals, 0);
  assert.ok(g1.bench?.trusts("p"));
  assert.ok(s.circle.unsealed && p.circle.unsealed && g1.circle.unsealed);
  call.connect(p, g1);
  await settle();
  assert.ok(p.seals);
  assert.equal(s.circle.unsealed, false);
});

test("a page whose later part never comes is not kept silent for ever", async () => {
  const call = new Call();
  const p = new Person("p", call);
  call.people.set("p", p);
  call.roster();
  assert.equal(p.circle.may, false);
  assert.equal(p.circle.frames("s"), 0);
  await call.later(20_000);
  assert.ok(p.circle.may);
  assert.ok(p.circle.unsealed);
  assert.equal(p.circle.frames("s"), undefined);
});

test("frames count that could be used, and nobody's who has left", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  s.bench?.tells("p", 5);
  s.bench?.tells("g7", 5);
  assert.equal(s.circle.frames("p"), 5);
  assert.equal(s.circle.frames("g7"), 0);
  await call.leaves(p);
  assert.equal(s.circle.frames("p"), 0);
});

test("junk over a line is no key and no word", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  const [keys, way] = [s.knows().length, s.seals];
  const junk = [
    ["seal-key", { id: 9, key: "no" }],
    ["seal-key", { id: "9", key: "00".repeat(16) }],
    ["seal-key", { id: -1, key: "00".repeat(16) }],
    ["seal-key", {}],
    ["seal-now", { id: "0" }],
  ] as const;
  for (const [kind, body] of junk) p.line("s").send(kind, body);
  await settle();
  assert.equal(s.knows().length, keys);
  assert.equal(s.seals, way);
  assert.equal(s.circle.unsealed, false);
});

test("when the call goes directly again all is forgotten, and the next time begins anew", async () => {
  const call = new Call();
  const [s, p] = (await call.all("s", "p")) as [Person, Person];
  const before = s.seals ?? 0;
  s.circle.end();
  p.circle.end();
  assert.ok(s.bench?.over);
  assert.equal(s.circle.may, false);
  assert.equal(s.circle.unsealed, false);
  call.roster();
  await settle();
  assert.ok((s.seals ?? 0) > before);
  assert.ok(s.circle.may);
});

test("a key that came before this side knew of the forwarding server is not lost", async () => {
  const call = new Call();
  const [s, p] = ["s", "p"].map((id) => call.comes(id)) as [Person, Person];
  call.connect(s, p);
  s.circle.seated("s", [member("s"), member("p")]);
  const [kind, body] = s.line("p").said.find(([one]) => one === "seal-key") ?? [];
  assert.equal(kind, "seal-key");
  const line = p.line("s");
  const on = line.on.bind(line);
  line.on = (name, handler) => {
    const off = on(name, handler);
    if (name === kind && body) handler(body); // kept by the data channel until somebody listens
    return off;
  };
  p.circle.seated("p", [member("s"), member("p")]);
  await settle();
  assert.ok(p.knows().includes(`s ${body?.["id"]}`));
  assert.ok(s.seals && p.seals);
});
