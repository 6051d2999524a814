// Chords by what is printed on the key or by its place, and the one key without a modifier.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chordOf, type Pressed } from "../src/clinic/keys";

const key = (name: string, code: string, held: Partial<Pressed> = {}): Pressed => ({
  altKey: false,
  ctrlKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
  key: name,
  code,
});
const ALT_SHIFT = { altKey: true, shiftKey: true };

test("a chord is named by the letter that is printed on the key, wherever it stands", () => {
  assert.equal(chordOf(key("N", "KeyN", ALT_SHIFT), false), "Alt+Shift+N");
  assert.equal(chordOf(key("A", "KeyQ", ALT_SHIFT), true), "Alt+Shift+A");
});

test("where the modifiers make another sign of it, the key's place counts", () => {
  assert.equal(chordOf(key("˜", "KeyN", ALT_SHIFT), false), "Alt+Shift+N");
  assert.equal(chordOf(key("!", "Digit1", ALT_SHIFT), false), "Alt+Shift+1");
});

test("Enter with a modifier is a chord, also while somebody types", () => {
  assert.equal(chordOf(key("Enter", "Enter", { ctrlKey: true }), true), "Control+Enter");
  const three = { ctrlKey: true, altKey: true, shiftKey: true };
  assert.equal(chordOf(key("K", "KeyK", three), true), "Control+Alt+Shift+K");
});

test("a single key does nothing but for the question mark, and that only while nobody types", () => {
  assert.equal(chordOf(key("n", "KeyN"), false), "");
  assert.equal(chordOf(key("N", "KeyN", { shiftKey: true }), false), "");
  assert.equal(chordOf(key("Enter", "Enter"), false), "");
  assert.equal(chordOf(key("?", "Slash", { shiftKey: true }), false), "?");
  assert.equal(chordOf(key("?", "Slash", { shiftKey: true }), true), "");
});

test("the computer's own chords are left alone", () => {
  assert.equal(chordOf(key("n", "KeyN", { metaKey: true, altKey: true }), false), "");
  assert.equal(chordOf(key("ArrowUp", "ArrowUp", ALT_SHIFT), false), "");
});
