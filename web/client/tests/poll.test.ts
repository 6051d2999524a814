// Asking where no socket comes through: how often, and when at once.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Poll } from "../src/poll";
import { settle } from "./fakes";

afterEach(() => mock.timers.reset());

function made(changes: { visible?: boolean; dear?: boolean; answers?: boolean } = {}) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const facts = { visible: true, dear: false, answers: true, ...changes };
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return facts.answers;
  };
  const poll = new Poll({ ask, visible: () => facts.visible, dear: () => facts.dear, random: () => 0.5 });
  return { poll, facts, asked: () => asked };
}

test("looked at it asks every 1.5 s, hidden every 8 s, and half as often where data are dear", () => {
  const { poll, facts } = made();
  assert.equal(poll.pause(), 1500);
  facts.visible = false;
  assert.equal(poll.pause(), 8000);
  facts.dear = true;
  assert.equal(poll.pause(), 16_000);
});

test("it asks at once, again and again, until it is stopped", async () => {
  const { poll, asked } = made();
  poll.start();
  poll.start();
  await settle();
  assert.equal(asked(), 1);
  mock.timers.tick(1500);
  await settle();
  assert.equal(asked(), 2);
  poll.stop();
  mock.timers.tick(60_000);
  await settle();
  assert.equal(asked(), 2);
});

test("without an answer the pauses double up to a minute, and a hint makes it ask at once", async () => {
  const { poll, facts, asked } = made({ answers: false });
  poll.start();
  await settle();
  assert.equal(poll.pause(), 3000);
  for (let n = 0; n < 9; n += 1) {
    mock.timers.tick(60_000);
    await settle();
  }
  assert.equal(poll.pause(), 60_000);
  facts.answers = true;
  const before = asked();
  poll.hurry();
  await settle();
  assert.equal(asked(), before + 1);
  assert.equal(poll.pause(), 1500);
  poll.stop();
  poll.hurry();
  await settle();
  assert.equal(asked(), before + 1, "a stopped one is not woken");
});

test("in a call nothing waits, and a question that was held for long is followed at once", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const facts = { busy: true };
  const answers: ((answered: boolean) => void)[] = [];
  const ask = () => new Promise<boolean>((answer) => answers.push(answer));
  const dear = () => true;
  const poll = new Poll({ ask, visible: () => false, dear, busy: () => facts.busy, random: () => 0.5 });
  assert.equal(poll.pause(), 150);
  facts.busy = false;
  assert.equal(poll.pause(), 16_000);
  poll.start();
  mock.timers.tick(25_000);
  answers[0]?.(true);
  await settle();
  mock.timers.tick(0);
  assert.equal(answers.length, 2);
  mock.timers.tick(6000);
  answers[1]?.(true);
  await settle();
  mock.timers.tick(9999);
  assert.equal(answers.length, 2);
  mock.timers.tick(1);
  assert.equal(answers.length, 3);
  poll.stop();
});
