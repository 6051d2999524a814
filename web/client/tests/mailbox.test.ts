// Signals reach the other side once and in order, whatever happens to sockets.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Mailbox } from "../src/mailbox";
import type { Ack, SignalDown, SignalUp } from "../src/messages";
import { settle } from "./fakes";

type Answer = Ack<"signal">;
const end = { kind: "end-of-candidates", ufrag: null } as const;
const refuse = (code: string): Answer => ({ ok: false, code, detail: "" });

function box() {
  const sent: SignalUp[] = [];
  const refused: string[] = [];
  let answers: (body: SignalUp) => Answer | Promise<Answer> = (body) => ({ ok: true, seq: body.seq });
  const mail = new Mailbox(
    (body) => {
      sent.push(body);
      return Promise.resolve(answers(body));
    },
    (code) => refused.push(code),
  );
  mail.begin(1);
  mail.resume(0);
  return { mail, sent, refused, answer: (how: typeof answers) => (answers = how) };
}

const numbers = (sent: readonly SignalUp[]): number[] => sent.map((one) => one.seq);
const incoming = (epoch: number, seq: number): SignalDown => ({ ...end, epoch, seq, from: "s" });

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("messages are numbered from 1 in each epoch", () => {
  const { mail, sent } = box();
  mail.post(end);
  mail.post(end);
  mail.begin(2);
  mail.resume(0);
  mail.post(end);
  assert.deepEqual(
    sent.map((one) => [one.epoch, one.seq]),
    [
      [1, 1],
      [1, 2],
      [2, 1],
    ],
  );
});

test("what was not acknowledged before the socket broke goes out again with the same number", async () => {
  const { mail, sent, answer } = box();
  answer(({ seq }) => (seq === 1 ? { ok: true, seq } : refuse("offline")));
  for (let i = 0; i < 3; i += 1) mail.post(end);
  await settle();
  mail.pause();
  mail.post(end);
  assert.deepEqual(numbers(sent), [1, 2, 3]);
  answer(({ seq }) => (seq === 2 ? refuse("stale-sequence") : { ok: true, seq }));
  mail.resume(0);
  await settle();
  assert.deepEqual(numbers(sent), [1, 2, 3, 2, 3, 4]);
  mail.resume(0);
  assert.equal(sent.length, 6, "nothing is left");
});

test("a message for which there was no time comes again with a new number", async () => {
  const { mail, sent, answer } = box();
  answer(({ seq }) => (seq === 1 ? refuse("too-fast") : { ok: true, seq }));
  mail.post(end);
  mail.post(end);
  await settle();
  assert.deepEqual(numbers(sent), [1, 2]);
  mock.timers.tick(1000);
  await settle();
  assert.deepEqual(numbers(sent), [1, 2, 3]);
});

test("a message refused for good is told and not repeated", async () => {
  const { mail, sent, refused, answer } = box();
  answer(() => refuse("too-large"));
  mail.post(end);
  await settle();
  mail.resume(0);
  assert.equal(sent.length, 1);
  assert.deepEqual(refused, ["too-large"]);
});

test("a refusal that comes twice, because the message went out twice, is told once", async () => {
  const { mail, refused, answer } = box();
  answer(() => refuse("too-large"));
  mail.post(end);
  mail.resume(0);
  await settle();
  assert.deepEqual(refused, ["too-large"]);
});

test("what waits for its pause is forgotten with its epoch", async () => {
  const { mail, sent, answer } = box();
  answer(() => refuse("too-fast"));
  mail.post(end);
  await settle();
  mail.begin(2);
  mail.resume(0);
  mock.timers.tick(1000);
  await settle();
  assert.equal(sent.length, 1);
});

test("a new epoch forgets what the old one had not sent", async () => {
  const { mail, sent, answer } = box();
  answer(() => refuse("offline"));
  mail.post(end);
  await settle();
  mail.begin(2);
  mail.resume(0);
  assert.equal(sent.length, 1);
});

test("what comes in is taken once, in its own epoch only", () => {
  const { mail } = box();
  assert.ok(mail.take(incoming(1, 2)));
  assert.ok(!mail.take(incoming(1, 2)));
  assert.ok(!mail.take(incoming(1, 1)));
  assert.ok(!mail.take(incoming(2, 3)));
  assert.ok(mail.take(incoming(1, 5)));
  assert.equal(mail.since, 5);
});

test("after a restart the server counts from the beginning, and so does the box", () => {
  const { mail } = box();
  mail.take(incoming(1, 9));
  mail.pause();
  mail.resume(0);
  assert.ok(mail.take(incoming(1, 1)));
});

test("where nothing was interrupted nothing is sent again and nothing counts anew", () => {
  const { mail, sent } = box();
  mail.begin(1, 1);
  mail.resume(0);
  mail.post(end);
  mail.take(incoming(1, 9));
  mail.resume(0);
  assert.deepEqual(numbers(sent), [2]);
  assert.ok(!mail.take(incoming(1, 9)));
});
