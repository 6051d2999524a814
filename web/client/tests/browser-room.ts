// For real browsers: two people in one page, with real peer connections and devices, on the server of fake-room.ts.
// tests/browser/test_room.py bundles it and drives what it puts on the page.

import { Signal } from "../src/signal";
import { Person } from "./browser-person";
import { FakeServer } from "./fake-room";

const server = new FakeServer();

function person(id: "p" | "s"): Person {
  const signal = new Signal({
    connect: () => {
      const socket = server.socket(id);
      setTimeout(() => (server.running ? socket.accept() : socket.refuse()), 20);
      return socket;
    },
  });
  const create = (configuration: RTCConfiguration) => {
    // The addresses of the fake server's relays lead nowhere.
    const made = new RTCPeerConnection({ ...configuration, iceServers: [] });
    made.setConfiguration = () => undefined;
    return made;
  };
  return new Person(signal, { create });
}

Object.assign(globalThis, { server, bo: person("p"), amara: person("s"), again: () => person("s") });
