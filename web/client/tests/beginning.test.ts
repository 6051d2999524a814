// A call on a line that its check has found weak: what is sent from the first packet on, and when it becomes more.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Gauge } from "../src/gauge";
import { OFF, RUNGS, SMALL } from "../src/rungs";
import type { FakeConnection } from "./fake-connection";
import { FakeServer } from "./fake-room";
import { call, letIn, pass, person } from "./stage";

const NARROW = { picture: false, lossy: false };

interface Parameters {
  readonly encodings: readonly { readonly active?: boolean; readonly maxBitrate?: number }[];
}

/** The newest parameters of face and voice. */
function sent({ parameters }: FakeConnection): { picture: boolean | undefined; voice: number | undefined } {
  const all = (parameters as Parameters[]).map(({ encodings: [one] }) => one);
  const pictures = all.filter((one) => one?.active !== undefined);
  const voices = all.filter((one) => one?.active === undefined);
  return { picture: pictures.at(-1)?.active, voice: voices.at(-1)?.maxBitrate };
}

test("a call on a narrow line begins with sound only, packed for it, and tries the picture after 15 s", async () => {
  const server = new FakeServer();
  server.start = NARROW;
  const { bo, amara } = await call(server);
  const people = [bo, amara];
  for (const { room, state, connection } of people) {
    assert.deepEqual(
      [state, room.begun, sent(connection)],
      ["audio-only", true, { picture: false, voice: 16_000 }],
    );
  }
  await pass(11_000);
  assert.ok(
    people.every(({ connection }) => sent(connection).picture === false),
    "not sooner than usual",
  );
  await pass(4000);
  for (const { room, connection } of people) {
    assert.deepEqual([room.begun, sent(connection).picture], [false, true]);
  }
});

test("whoever wants the picture has it at once", async () => {
  const server = new FakeServer();
  server.start = NARROW;
  const { bo } = await call(server);
  bo.room.brighten();
  await pass(20);
  assert.equal(sent(bo.connection).picture, true);
});

test("without a word about the line a call begins with a small picture", async () => {
  const { bo } = await call(new FakeServer());
  assert.deepEqual([bo.state, bo.room.begun, sent(bo.connection).picture], ["good", false, true]);
});

test("a prepared call waits as it would begin: its time runs from admission on", async () => {
  const server = new FakeServer();
  server.start = NARROW;
  const bo = person("p", server);
  const amara = person("s", server);
  for (const one of [amara, bo]) one.signal.open();
  await pass(100);
  for (const one of [amara, bo]) one.room.prepare();
  await pass(40_000);
  for (const one of [amara, bo]) one.room.enter();
  await pass(3000);
  for (const { room, state, connections, connection } of [amara, bo]) {
    assert.deepEqual([state, room.begun, connections.length], ["audio-only", true, 1]);
    assert.equal(sent(connection).picture, false);
  }
});

test("who is let in begins as the seat says", async () => {
  const server = new FakeServer();
  server.start = NARROW;
  const { bo, amara } = await letIn(server);
  amara.room.enter();
  await pass(3000);
  assert.deepEqual([bo.state, sent(bo.connection)], ["audio-only", { picture: false, voice: 16_000 }]);
});

test("a new connection begins as the last one went on, not as the check said long ago", async () => {
  const server = new FakeServer();
  server.start = NARROW;
  const { bo } = await call(server);
  bo.room.brighten();
  await pass(8000);
  const again = person("s", server); // Dr Amara reloads her page
  server.drop("s");
  again.room.enter();
  await pass(3000);
  assert.deepEqual([bo.connections.length > 1, sent(bo.connection).picture], [true, true]);
});

/** What a gauge asks of its peer before anything was measured. */
function asks(rung: (typeof RUNGS)[number], lossy: boolean): unknown[] {
  const done: unknown[] = [];
  const gauge = new Gauge(
    {
      rung,
      stats: () => Promise.resolve(new Map<string, never>()),
      limit: () => Promise.resolve(),
      speak: ({ packet, twice }, asked) => {
        done.push(
          packet,
          twice,
          asked(
            "v=0\r\nm=video 9 X 96\r\na=sendrecv\r\nm=audio 9 X 111 63\r\na=mid:0\r\na=rtpmap:63 red/48000/2\r\n",
          ),
        );
        return Promise.resolve(true);
      },
    },
    0,
    lossy,
  );
  assert.equal(gauge.begun, rung === RUNGS[OFF]);
  return done;
}

test("a narrow line gets long packets, a lossy one each packet twice; a picture that never was is not refused", () => {
  const [packet, twice, narrow] = asks(RUNGS[OFF], false);
  assert.deepEqual([packet, twice], [60, false]);
  assert.match(String(narrow), /a=sendrecv[^]*m=audio 9 X 111 63\r\n[^]*a=ptime:60/);
  const [short, doubled, lossy] = asks(RUNGS[SMALL], true);
  assert.deepEqual([short, doubled], [20, true]);
  assert.match(String(lossy), /m=audio 9 X 63 111\r\n[^]*a=ptime:20/);
  assert.deepEqual(asks(RUNGS[SMALL], false), [], "nothing is known");
});
