// One's own texts: called by name where they are typed, put in at the caret, the first blank chosen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inserted, typed } from "../src/snippets";

const KNOWN = new Map([
  ["normal", "Heart and lungs normal."],
  ["pain", "Pain since ___, ___ of 10."],
  ["\u0642\u0644\u0628", "\u0633\u0644\u064a\u0645"],
]);

test("a dot, the name and a blank call a text, at the beginning and after other words", () => {
  assert.deepEqual(typed(".normal ", 8, KNOWN), { start: 0, end: 8, text: "Heart and lungs normal. " });
  assert.deepEqual(typed("Well.\n.normal\nrest", 14, KNOWN), {
    start: 6,
    end: 14,
    text: "Heart and lungs normal.\n",
  });
  assert.equal(typed(".\u0642\u0644\u0628 ", 5, KNOWN)?.text, "\u0633\u0644\u064a\u0645 ");
});

test("within a word, before the blank and under another name nothing is called", () => {
  for (const value of ["well.normal ", ".normal", ".nothing ", "normal ", ". normal ", "..normal "])
    assert.equal(typed(value, value.length, KNOWN), undefined, value);
  assert.equal(typed(".normal then", 12, KNOWN), undefined);
});

test("what stands around it stays, and the first blank is chosen", () => {
  const value = "Cough. .pain Fever.";
  const span = typed(value, 13, KNOWN);
  assert.ok(span);
  const after = inserted(value, span);
  assert.equal(after.value, "Cough. Pain since ___, ___ of 10. Fever.");
  assert.equal(after.value.slice(after.start, after.end), "___");
  assert.equal(after.start, 18);
});

test("without a blank the caret stands behind it", () => {
  const after = inserted("ab", { start: 1, end: 1, text: "xyz" });
  assert.deepEqual(after, { value: "axyzb", start: 4, end: 4 });
});
