// The stage of the room's tests: a mocked clock, a line that can be cut, and Dr Amara (s) who sees Bo (p).

import { afterEach, beforeEach, mock } from "node:test";

import { FakeServer, Person } from "./fake-room";
import { settle, type FakeSocket } from "./fakes";

export const rooms: Person[] = [];
/** Whether packets travel between the two who have agreed. */
export const line = { open: true };

beforeEach(() => {
  line.open = true;
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});
afterEach(() => {
  for (const one of rooms.splice(0)) one.room.close();
  mock.timers.reset();
});

export function person(id: "p" | "s", server: FakeServer): Person {
  const made = new Person(id, server);
  rooms.push(made);
  return made;
}

/** Lets time pass, and media flow between those whose connections have agreed. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) {
    for (const { connection } of rooms) {
      if (line.open && connection?.remoteDescription && !connection.closed) connection.packets += 1;
    }
    mock.timers.tick(20);
    await settle(12);
  }
}

/** Dr Amara has pressed Admit; Bo's page goes in with what comes along with the news. */
export async function letIn(server = new FakeServer()) {
  const bo = person("p", server);
  const amara = person("s", server);
  for (const one of [amara, bo]) one.signal.open();
  bo.signal.on("visit", ({ seat, ice = [] }) => bo.room.enter(seat && { ...seat, ice }));
  await pass(100);
  amara.room.prepare();
  await pass(20);
  server.letIn(bo.sockets[0] as FakeSocket);
  return { server, bo, amara };
}

export async function call(server = new FakeServer()) {
  const bo = person("p", server);
  const amara = person("s", server);
  bo.room.enter();
  await pass(1000);
  amara.room.enter();
  await pass(3000);
  return { server, bo, amara };
}
