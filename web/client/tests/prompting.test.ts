// Headings in a note's field: put in, exchanged, and never at the cost of a word that somebody wrote.

import assert from "node:assert/strict";
import { test } from "node:test";

import { below, prompted } from "../src/prompting";

const HEART = ["Chest pain:", "Fainting:", "Medication:"];
const SKIN = ["Since when:", "Medication:"];
const ALL = [...HEART, ...SKIN];

test("headings stand one to a line, ready to be written behind", () => {
  assert.equal(prompted("", ALL, HEART), "Chest pain: \nFainting: \nMedication: ");
});

test("another set takes the place of the first where nothing was answered", () => {
  assert.equal(prompted(prompted("", ALL, HEART), ALL, SKIN), "Medication: \nSince when: ");
});

test("what was written stays under its heading, behind it or on the lines below", () => {
  const written = "He called twice.\nChest pain: at night\nFainting:\n\nonce, in May\nMedication: ";
  const kept = "He called twice.\nChest pain: at night\nFainting:\n\nonce, in May";
  assert.equal(prompted(written, ALL, []), kept);
  assert.equal(prompted(written, ALL, SKIN), `${kept}\nMedication: \nSince when: `);
});

test("putting the same set in twice changes nothing", () => {
  const once = prompted("Palpitations.", ALL, HEART);
  assert.equal(prompted(once, ALL, HEART), once);
});

test("every word survives any number of changes of mind", () => {
  const words = "a b\n\nChest pain: x\ny";
  const after = [HEART, SKIN, [], HEART, []].reduce((text, set) => prompted(text, ALL, set), words);
  assert.equal(after, words);
});

test("what is taken over from the record goes below, once", () => {
  assert.equal(below("", "Weight: 72 kg"), "Weight: 72 kg");
  assert.equal(below("Pale.\n", "Weight: 72 kg"), "Pale.\n\nWeight: 72 kg");
  assert.equal(below("Pale.\n\nWeight: 72 kg", "Weight: 72 kg"), "Pale.\n\nWeight: 72 kg");
});
