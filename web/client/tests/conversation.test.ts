// What is said is shown once and in order, whatever happens to sockets and servers.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Conversation, type Pending, type Wire } from "../src/conversation";
import type { Ack } from "../src/messages";
import type { Said, SayBody } from "../src/saying";
import { settle } from "./fakes";

const refuse = (code: string) => ({ ok: false, code, detail: "" }) as const;
const PAGE = 2;

/** The server's part: a log that outlives connections, and acknowledgements that may get lost. */
class FakeDesk implements Wire {
  readonly log: Said[] = [];
  up = true;
  entered = true;
  /** So many answers get lost: what was asked is done all the same. */
  lose = 0;
  code = "";
  /** So much was written before a guest was let in. */
  before = 0;
  asked: string[] = [];
  private readonly handlers = new Map<string, (body: never) => void>();

  on(event: string, handler: (body: never) => void): () => void {
    this.handlers.set(event, handler);
    return () => this.handlers.delete(event);
  }

  tell(event: string, body?: unknown): void {
    this.handlers.get(event)?.(body as never);
  }

  /** Somebody else says something; `heard` unless the connection is just gone. */
  other(text: string, heard = true): void {
    this.keep("s", { id: text, kind: "chat", phrase: "", text });
    if (heard) this.tell("said", this.log.at(-1));
  }

  drop(): void {
    this.up = this.entered = false;
    this.tell("down");
  }

  async send(event: string, body: unknown): Promise<Ack<never>> {
    await Promise.resolve();
    this.asked.push(event);
    if (!this.up) return refuse("offline");
    if (this.code) return refuse(this.code);
    if (!this.entered) return refuse("not-a-member");
    return (event === "say" ? this.said(body as SayBody) : this.page(body as { since: number })) as never;
  }

  private said(body: SayBody): unknown {
    const known = this.log.find((each) => each.from === "p" && each.id === body.id);
    const kept = known ?? this.keep("p", body);
    if (this.lose > 0) {
      this.lose -= 1;
      return refuse("timeout");
    }
    queueMicrotask(() => this.tell("said", kept));
    return { ok: true, seq: kept.seq, at: kept.at };
  }

  private page(asked: { since: number }): unknown {
    const since = Math.max(asked.since, this.before);
    const said = this.log.slice(since, since + PAGE);
    return { ok: true, said, last: since + said.length, more: this.log.length > since + PAGE };
  }

  private keep(from: string, body: SayBody): Said {
    const said = { ...body, from, name: from, seq: this.log.length + 1, at: "2026-11-23T09:32:10Z" };
    this.log.push(said);
    return said;
  }
}

function bo(desk = new FakeDesk()) {
  const shown: string[] = [];
  let pending: readonly Pending[] = [];
  let count = 0;
  const talk = new Conversation({
    wire: desk,
    onSaid: ({ text, seq }) => shown.push(`${seq} ${text}`),
    onPending: (now) => (pending = now),
    newId: () => `own-${(count += 1)}`,
  });
  return { desk, talk, shown, pending: () => pending };
}

async function pass(ms = 1000): Promise<void> {
  mock.timers.tick(ms);
  await settle();
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("a new page gets all of it, page by page, and then what comes", async () => {
  const { desk, talk, shown } = bo();
  for (const text of ["a", "b", "c"]) desk.other(text, false);
  talk.present("p");
  await settle();
  desk.other("d");
  assert.deepEqual(shown, ["1 a", "2 b", "3 c", "4 d"]);
  assert.equal(desk.asked.length, 2);
});

test("what comes again is not shown again", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  desk.other("a");
  desk.tell("said", desk.log[0]);
  assert.deepEqual(shown, ["1 a"]);
});

test("a guest begins where they were let in, and has what comes from then on once and in order", async () => {
  const { desk, talk, shown } = bo();
  for (const text of ["a", "b", "c"]) desk.other(text, false);
  desk.before = 2;
  talk.present("g1");
  await settle();
  assert.deepEqual(shown, ["3 c"]);
  desk.drop();
  desk.other("d", false);
  desk.up = desk.entered = true;
  talk.present("g1");
  desk.other("e");
  await settle();
  assert.deepEqual(shown, ["3 c", "4 d", "5 e"]);
});

test("a guest before whom nothing but secrets was written asks once, and hears the next word", async () => {
  const { desk, talk, shown } = bo();
  for (const text of ["a", "b"]) desk.other(text, false);
  desk.before = 2;
  talk.present("g1");
  await settle();
  assert.deepEqual([shown, desk.asked], [[], ["catch-up"]]);
  desk.other("c");
  assert.deepEqual(shown, ["3 c"]);
});

test("a number that was left out is asked for", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  desk.other("a", false);
  desk.other("b");
  assert.deepEqual(shown, []);
  await settle();
  assert.deepEqual(shown, ["1 a", "2 b"]);
});

test("what comes while one is asking is not lost", async () => {
  const { desk, talk, shown } = bo();
  desk.other("a", false);
  talk.present("p");
  desk.other("b", false);
  desk.other("c");
  await settle();
  assert.deepEqual(shown, ["1 a", "2 b", "3 c"]);
});

test("what was missed without a socket comes with the next one", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  desk.drop();
  desk.other("a", false);
  desk.up = desk.entered = true;
  talk.present("p");
  await settle();
  assert.deepEqual(shown, ["1 a"]);
});

test("what is said without a socket goes out once there is one, in order", async () => {
  const { desk, talk, shown, pending } = bo();
  talk.present("p");
  await settle();
  desk.drop();
  talk.say("chat", { text: "one" });
  talk.say("chat", { text: "two" });
  await settle();
  assert.deepEqual(
    pending().map((each) => each.text),
    ["one", "two"],
  );
  desk.up = true;
  talk.present("p");
  await settle();
  assert.deepEqual(shown, [], "the room is not entered yet");
  desk.entered = true;
  talk.present("p");
  await settle();
  assert.deepEqual(shown, ["1 one", "2 two"]);
  assert.deepEqual(pending(), []);
});

test("an answer that got lost doubles nothing", async () => {
  const { desk, talk, shown, pending } = bo();
  talk.present("p");
  await settle();
  desk.lose = 1;
  talk.say("chat", { text: "one" });
  await settle();
  assert.equal(desk.log.length, 1, "it was kept");
  assert.equal(pending().length, 1, "and nobody knows here");
  await pass();
  assert.deepEqual([shown, desk.log.length, pending().length], [["1 one"], 1, 0]);
});

test("a server that dies between keeping and answering loses nothing and doubles nothing", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  desk.lose = 1;
  talk.say("chat", { text: "one" });
  await settle();
  desk.drop();
  desk.up = desk.entered = true;
  talk.present("p");
  await settle();
  await pass();
  talk.say("chat", { phrase: "yes" });
  await settle();
  assert.deepEqual(shown, ["1 one", "2 "]);
});

test("who talks too fast waits and loses nothing", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  desk.code = "too-fast";
  talk.say("chat", { text: "one" });
  await settle();
  desk.code = "";
  await pass();
  assert.deepEqual(shown, ["1 one"]);
});

test("what will never be taken stays in sight as not sent, and holds nothing up", async () => {
  const { desk, talk, shown, pending } = bo();
  talk.present("p");
  await settle();
  desk.code = "wrong-state";
  talk.say("chat", { text: "one" });
  await settle();
  assert.equal(pending()[0]?.failed, "wrong-state");
  desk.code = "";
  talk.say("chat", { text: "two" });
  await settle();
  assert.deepEqual(shown, ["1 two"]);
  assert.equal(pending().length, 1);
});

test("after its end it listens to nothing", async () => {
  const { desk, talk, shown } = bo();
  talk.present("p");
  await settle();
  talk.end();
  desk.other("a");
  assert.deepEqual(shown, []);
});
