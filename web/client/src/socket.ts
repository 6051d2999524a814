// A websocket that speaks Socket.IO; when it connects, and how often, is decided in signal.ts.

import { io } from "socket.io-client";

/** The part of a Socket.IO socket that is used here. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, handler: (body: never) => void): unknown;
  off(): unknown;
  timeout(ms: number): {
    emit(event: string, body: unknown, answered: (error: unknown, ack: unknown) => void): unknown;
  };
}

/** Makes an unconnected socket. `patience` is how long one attempt may take, in ms. */
export type Connect = (query: Record<string, string>, patience: number) => SocketLike;

export function websocket(query: Record<string, string>, patience: number): SocketLike {
  return io({
    path: "/socket.io",
    query,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    timeout: patience,
  }) as unknown as SocketLike;
}
