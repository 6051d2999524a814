// For real browsers: one person in one page, against the real signalling server. tests/browser/test_line.py drives it.

import { Conversation } from "../src/conversation";
import { Signal } from "../src/signal";
import { Person } from "./browser-person";

/** Somebody who can write as well; `said` is what stands in their window. */
function writer(signal: Signal, visit?: string) {
  const said: string[] = [];
  const conversation = new Conversation({
    wire: signal,
    onSaid: ({ text }) => void said.push(text),
    onPending: () => undefined,
  });
  const onRoster = (_: unknown, you: string) => conversation.present(you);
  return Object.assign(new Person(signal, { ...(visit && { visit }), onRoster }), { conversation, said });
}

Object.assign(globalThis, {
  /** Staff name the visit in the room, a patient in the address of the socket. */
  staff: (visit: string) => writer(new Signal(), visit),
  patient: (visit: string) => writer(new Signal({ visit })),
});
