"""Socket.IO as we let it be: the library with its defects closed (README.md, Why).

The only home of socketio and engineio. One Line is one websocket; `sid` names its connection to the namespace
`/` and is what the rest of signaling calls a connection.
"""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp.web import WebSocketResponse
from engineio import AsyncServer as EngineServer
from engineio.packet import CLOSE, MESSAGE
from engineio.packet import Packet as EnginePacket
from socketio import AsyncServer
from socketio.packet import ACK, DISCONNECT, EVENT, Packet

from signaling.frames import CountedSocket
from signaling.limits import Bucket, Limits, bucket
from signaling.messages import Wire
from signaling.outlets import Reply

FRAMES = ("40", "41", "42")
"""Engine.IO message + Socket.IO CONNECT, DISCONNECT, EVENT. No binary, no ACK: we never ask for one."""
PONG = "3"
ENGINE_CLOSE = "1"


def silent_logger() -> logging.Logger:
    """Return a logger for the libraries: theirs write the Engine.IO sid, which is a bearer secret."""
    logger = logging.getLogger("signaling.library")
    logger.disabled = True
    return logger


def acceptable(frame: object) -> bool:
    """Whether a websocket message may reach the library at all.

    Anything else (binary, empty, junk, nested JSON at Engine.IO's level) raises inside its read loop, where
    it leaves the writer running and the room believing in somebody who is gone.
    """
    return isinstance(frame, str) and (frame.startswith(FRAMES) or frame in {PONG, ENGINE_CLOSE})


def allowed_event(namespace: str | None, data: object, events: Collection[str]) -> bool:
    """Whether this is one event of ours with at most one body.

    The library runs its own `connect` and `disconnect` handlers for events of these names.
    """
    if namespace not in {None, "/"} or not isinstance(data, list) or len(data) not in {1, 2}:
        return False
    return isinstance(data[0], str) and data[0] in events


@dataclass(slots=True)
class Line:
    """One websocket: its transport, what it has used up, and the deadline for its CONNECT."""

    transport: asyncio.Transport | None
    frames: Bucket
    dead: bool = False
    refused: int = 0
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    ping: asyncio.Task[None] | None = None

    def allows(self, frames: int) -> bool:
        """Whether so many more frames of any kind are within the budget; the line is cut when not."""
        now = asyncio.get_running_loop().time()
        if not self.dead and all(self.frames.take(now) for _ in range(frames)):
            return True
        self.abort()
        return False

    def finish(self) -> None:
        """Let nothing of a connection that has ended wait on: the library's ping sleeps for 25 seconds."""
        self.abort()
        if self.ping is not None and self.ping is not asyncio.current_task():
            self.ping.cancel()

    def abort(self) -> None:
        """End the connection at once, whatever waits to be read or written."""
        self.dead = True
        self.quiet()
        if self.transport is not None:
            self.transport.abort()

    def quiet(self) -> None:
        """Forget the deadlines."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()


class GuardedWebSocket:
    """What Engine.IO calls its websocket driver: uncompressed, text only, and it can be cut."""

    def __init__(self, handler: Any, server: Any) -> None:
        self._handler = handler
        self._line: Line = server.lines[handler.__self__.sid]
        self._limits: Limits = server.limits
        self._socket = CountedSocket(
            self._line.allows,
            compress=False,
            max_msg_size=self._limits.message_bytes,
            timeout=self._limits.close_within,
        )

    async def __call__(self, environ: dict[str, Any]) -> WebSocketResponse:
        """Upgrade the request and serve the connection until it ends."""
        await self._socket.prepare(environ["aiohttp.request"])
        await self._handler(self)
        return self._socket

    async def close(self) -> None:
        """Close; a peer that is gone already is no error."""
        with suppress(Exception):
            await self._socket.close()

    async def send(self, message: str) -> None:
        """Send one frame."""
        await self._socket.send_str(message)

    async def wait(self) -> str:
        """Return the next frame; OSError ends the connection."""
        data = (await self._socket.receive()).data
        if self._line.dead or not acceptable(data):
            self._line.abort()
            raise OSError
        text: str = data
        return text


class GuardedEngine(EngineServer):  # type: ignore[misc] # ships no types
    """Engine.IO with a line for each socket and an end to the send queue."""

    limits: Limits
    lines: dict[str, Line]

    async def send_packet(self, sid: str, pkt: Any) -> None:
        """Queue a packet of the library's own making."""
        self.put(sid, pkt)

    def start_background_task(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Start a task of the library's; one that belongs to a socket ends with its line."""
        task = super().start_background_task(target, *args, **kwargs)
        line = self.lines.get(getattr(getattr(target, "__self__", None), "sid", ""))
        if line is not None:
            line.ping = task
        return task

    def put(self, sid: str, *packets: Any) -> None:
        """Queue packets; a client that does not read loses its connection instead of filling the memory."""
        socket = self.sockets.get(sid)
        if socket is None or socket.closed:
            return
        if socket.queue.qsize() >= self.limits.queued_packets:
            self.cut(sid)
            return
        for packet in packets:
            socket.queue.put_nowait(packet)

    def cut(self, sid: str) -> None:
        """Abort a connection."""
        line = self.lines.get(sid)
        if line is not None:
            line.abort()


class GuardedServer(AsyncServer):  # type: ignore[misc] # ships no types
    """Socket.IO that knows only `events`, and cuts whoever sends anything else."""

    def __init__(self, events: Collection[str], limits: Limits) -> None:
        super().__init__(
            logger=silent_logger(),
            engineio_logger=silent_logger(),
            async_mode="aiohttp",
            async_handlers=False,  # else candidates overtake their offer
            transports=["websocket"],
            cors_allowed_origins=[],  # gate.py has checked the origin before
            max_http_buffer_size=limits.message_bytes,
            http_compression=False,
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
        )
        self._events = events
        self._limits = limits
        self.eio.limits = limits
        self.eio.lines = {}
        self._line_left = asyncio.Event()
        self.eio._async = {**self.eio._async, "websocket": GuardedWebSocket}  # noqa: SLF001 - its only seam

    def post(self, sid: str, event: str, body: Wire) -> None:
        """Send one event to one connection. Never waits, so that effects keep their order."""
        self._put(sid, Packet(EVENT, data=[event, body], binary=False))

    def close(self, sid: str) -> None:
        """Close a connection after what is queued for it; abort it when the client does not go."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        line = self.eio.lines.get(eio_sid)
        if line is None:
            return
        goodbye = EnginePacket(MESSAGE, Packet(DISCONNECT).encode())
        self.eio.put(eio_sid, goodbye, EnginePacket(CLOSE), None)
        later = asyncio.get_running_loop().call_later(self._limits.close_within, line.abort)
        line.timers.append(later)

    def abort_all(self) -> None:
        """Cut every line that is still there, whether or not it ever connected."""
        for line in list(self.eio.lines.values()):
            line.abort()

    async def emptied(self) -> None:
        """Wait until no line is left."""
        while self.eio.lines:
            self._line_left.clear()
            await self._line_left.wait()

    @property
    def open_lines(self) -> int:
        """How many websockets are open, with those that have not connected yet."""
        return len(self.eio.lines)

    def _put(self, sid: str, packet: Any) -> None:
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        if eio_sid is not None:
            self.eio.put(eio_sid, EnginePacket(MESSAGE, packet.encode()))

    def _engineio_server_class(self) -> type[GuardedEngine]:
        return GuardedEngine

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        loop = asyncio.get_running_loop()
        transport = environ["aiohttp.request"].transport
        line = Line(transport, bucket(self._limits.frames, loop.time()))
        line.timers.append(loop.call_later(self._limits.connect_within, line.abort))
        self.eio.lines[eio_sid] = line
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        await super()._handle_eio_disconnect(eio_sid, reason)
        line = self.eio.lines.pop(eio_sid, None)
        if line is not None:
            line.finish()
        self._line_left.set()

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, RecursionError):
            self.eio.cut(eio_sid)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        known = self.manager.sid_from_eio_sid(eio_sid, "/")
        await super()._handle_connect(eio_sid, namespace, data)
        line = self.eio.lines.get(eio_sid)
        if line is None:
            return
        if known is None and self.manager.sid_from_eio_sid(eio_sid, "/") is not None:
            line.quiet()
            return
        line.refused += 1
        if line.refused >= self._limits.refused_connects:
            line.abort()

    async def _handle_disconnect(
        self, eio_sid: str, namespace: str | None, reason: str | None = None
    ) -> None:
        await super()._handle_disconnect(eio_sid, namespace, reason)
        self.eio.cut(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:  # noqa: A002
        if not allowed_event(namespace, data, self._events):
            self.eio.cut(eio_sid)
            return
        await super()._handle_event(eio_sid, namespace, id, data)

    async def _handle_event_internal(
        self,
        server: Any,
        sid: str,
        eio_sid: str,
        data: list[Any],
        namespace: str | None,
        id: int | None,  # noqa: A002
    ) -> None:
        """Run the handler, acknowledge, and only then let the effects go out."""
        answer: Reply = await self._trigger_event(data[0], namespace, sid, *(data[1:] or [None]))
        acknowledgement, afterwards = answer
        if id is not None:
            self._put(sid, Packet(ACK, id=id, data=[acknowledgement], binary=False))
        afterwards()
