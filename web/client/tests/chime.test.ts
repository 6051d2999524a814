import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { ring } from "../src/dom/chime";

function shaken(by: PropertyDescriptor): number {
  const vibrate = mock.fn();
  const device = Object.defineProperty({ vibrate }, "userActivation", by);
  Object.defineProperty(globalThis, "navigator", { value: device, configurable: true });
  ring([200, 100, 200]);
  return vibrate.mock.callCount();
}

test("a page that nobody has touched does not shake the device, for the browser forbids it", () => {
  assert.equal(shaken({ value: { hasBeenActive: false } }), 0);
});

test("a page that was touched, or a browser that does not tell, shakes the device", () => {
  assert.equal(shaken({ value: { hasBeenActive: true } }), 1);
  assert.equal(shaken({ value: undefined }), 1);
});

test("a chime without a pattern only sounds", () => {
  const vibrate = mock.fn();
  Object.defineProperty(globalThis, "navigator", { value: { vibrate }, configurable: true });
  ring();
  assert.equal(vibrate.mock.callCount(), 0);
});
