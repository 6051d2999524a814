"""A client of the signalling protocol for probes and tests: Socket.IO 5 over one websocket.

Written against the wire, not with the server's library, so that it notices when that changes its mind.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from signaling.announcements import ServerMessage, parse_server
from signaling.messages import ClientMessage, format_client
from signaling.refusals import Misread

OPEN, CLOSE, PING, PONG, MESSAGE = "0", "1", "2", "3", "4"
"""Packets of Engine.IO 4."""
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = "0", "1", "2", "3", "4"
"""Packets of Socket.IO 5, each behind a MESSAGE."""
PATH = "/socket.io/"
BIGGEST = 128 * 1024
"""Bytes of a message from the server: its own limit is half of that."""

Ack = dict[str, Any]
Told = TypeVar("Told", bound=ServerMessage)


class SocketTrouble(Exception):
    """The signalling connection could not be made, broke, or refused an event. The text is for people."""

    def __init__(self, detail: str, code: str = "") -> None:
        self.code = code
        super().__init__(detail)


class SignalSocket:
    """One connection. What the server says is kept in order; every reader of `messages` gets all of it."""

    def __init__(self, websocket: ClientWebSocketResponse) -> None:
        self._websocket = websocket
        self._log: list[ServerMessage] = []
        self._news = asyncio.Condition()
        self._acks: dict[int, asyncio.Future[Ack]] = {}
        self._count = 0
        self._over = ""
        self._reading = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def open(cls, session: ClientSession, base_url: str, *, visit: str = "") -> "SignalSocket":
        """Connect with the cookies of `session`: staff, or with `visit` that visit's patient."""
        query = {"EIO": "4", "transport": "websocket"} | ({"visit": visit} if visit else {})
        try:
            websocket = await session.ws_connect(f"{base_url}{PATH}?{urlencode(query)}", max_msg_size=BIGGEST)
        except WSServerHandshakeError as error:
            raise SocketTrouble(f"the server refused the socket with status {error.status}") from error
        except (ClientError, OSError) as error:
            raise SocketTrouble("the socket could not be opened") from error
        try:
            await _introduce(websocket)
        except BaseException:
            await websocket.close()
            raise
        return cls(websocket)

    async def say(self, message: ClientMessage) -> Ack:
        """Send an event; return its acknowledgement, or raise SocketTrouble with the refusal's code."""
        event, body = format_client(message)
        if self._over:
            raise SocketTrouble(self._over)
        self._count += 1
        number = self._count
        answer = self._acks[number] = asyncio.get_running_loop().create_future()
        packet = f"{MESSAGE}{EVENT}{number}{json.dumps([event, body])}"
        try:
            await self._websocket.send_str(packet)
            told: Ack = await answer
        except (ClientError, OSError) as error:
            raise SocketTrouble("the socket broke") from error
        finally:
            self._acks.pop(number, None)
        if told.get("ok") is not True:
            raise SocketTrouble(str(told.get("detail", "no reason")), str(told.get("code", "")))
        return told

    async def messages(self) -> AsyncIterator[ServerMessage]:
        """Yield what the server says, from the first message on; raise SocketTrouble when it is over."""
        position = 0
        while True:
            async with self._news:
                while position == len(self._log):
                    if self._over:
                        raise SocketTrouble(self._over)
                    await self._news.wait()
            yield self._log[position]
            position += 1

    async def first(self, kind: type[Told], fits: Callable[[Told], bool] = bool) -> Told:
        """Wait for the first message of a kind that `fits`; one that came before counts."""
        async for message in self.messages():
            if isinstance(message, kind) and fits(message):
                return message
        raise SocketTrouble(self._over)

    async def close(self) -> None:
        """Leave without a word: for the server a lost connection."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._websocket.close()

    async def _read(self) -> None:
        reason = "the server closed the socket"
        try:
            async for frame in self._websocket:
                if frame.type is not WSMsgType.TEXT or not await self._take(frame.data):
                    break
        except (Misread, LookupError, TypeError, ValueError) as error:
            reason = f"the server said something the protocol does not know ({type(error).__name__})"
        finally:
            await self._end(reason)

    async def _take(self, packet: str) -> bool:
        """Handle one packet; False when it was the last."""
        if packet == PING:
            await self._websocket.send_str(PONG)
            return True
        kind, rest = packet[:2], packet[2:]
        if kind == MESSAGE + EVENT:
            event, body = json.loads(rest)
            async with self._news:
                self._log.append(parse_server(event, body))
                self._news.notify_all()
        elif kind == MESSAGE + ACK:
            digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
            waiting = self._acks.get(int(digits))
            if waiting is not None and not waiting.done():
                waiting.set_result(json.loads(rest[len(digits) :])[0])
        return packet != CLOSE and kind != MESSAGE + DISCONNECT

    async def _end(self, reason: str) -> None:
        self._over = reason
        for waiting in self._acks.values():
            if not waiting.done():
                waiting.set_exception(SocketTrouble(reason))
        async with self._news:
            self._news.notify_all()


async def _introduce(websocket: ClientWebSocketResponse) -> None:
    """Say CONNECT once the transport is open, and wait for the word that we are in."""
    try:
        opening = await websocket.receive_str()
        await websocket.send_str(MESSAGE + CONNECT)
        answer = await websocket.receive_str()
    except (TypeError, ClientError, OSError) as error:
        raise SocketTrouble("the server closed the socket before it was connected") from error
    if not opening.startswith(OPEN) or not answer.startswith(MESSAGE + CONNECT):
        raise SocketTrouble("the server does not let the socket in")
