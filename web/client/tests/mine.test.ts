// The patient's own visit on the server: answers and news that cross each other.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Mine } from "../src/visit/mine";
import { settle } from "./fakes";

afterEach(() => mock.restoreAll());

test("an answer that left before the move does not undo what the socket has told", async () => {
  const answers: ((answer: Response) => void)[] = [];
  mock.method(globalThis, "fetch", () => new Promise((done) => answers.push(done)));
  const waiting = () => new Response(JSON.stringify({ status: "waiting", csrf: "token" }));
  const mine = new Mine("v1", "", () => undefined);
  const first = mine.read();
  await settle();
  answers.shift()?.(waiting());
  assert.equal((await first).status, "waiting");

  const crossing = mine.read();
  await settle();
  mine.moved("in-progress");
  answers.shift()?.(waiting());
  assert.equal((await crossing).status, "in-progress");
  assert.equal(mine.now?.status, "in-progress");
});
