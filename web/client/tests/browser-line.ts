// For real browsers: one person in one page, against the real signalling server. tests/browser/test_line.py drives it.

import { Signal } from "../src/signal";
import { Person } from "./browser-person";

Object.assign(globalThis, {
  /** Staff name the visit in the room, a patient in the address of the socket. */
  staff: (visit: string) => new Person(new Signal(), { visit }),
  patient: (visit: string) => new Person(new Signal({ visit })),
});
