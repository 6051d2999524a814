"""One connection to Janus: requests and answers, events by handle, a pulse; over when Janus is silent."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from signaling.sfu.wire import FINAL, LARGEST, LASTING, PLUGIN, PROTOCOL, Heard, SfuUnreadable, asked, heard

PATIENCE = 3.0
"""Seconds for an answer; Janus on this machine takes some thousandths."""
PULSE = 2.0
"""Seconds between two looks whether Janus still answers."""

log = logging.getLogger(__name__)


class SfuGone(ConnectionError):
    """Janus has died, or does not answer."""


class SfuRefused(Exception):
    """Janus says no; the message is its own."""


class Janus:
    """A session of Janus. `lost` is set once it is over; every request after that raises SfuGone."""

    def __init__(self, socket: ClientWebSocketResponse, secret: str, told: Callable[[Heard], None]) -> None:
        self.lost = asyncio.Event()
        self._socket, self._secret, self._told = socket, secret, told
        self._numbers = count(1)
        self._asked: dict[str, tuple[str, asyncio.Future[Heard]]] = {}
        self._session: int | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, http: ClientSession, url: str, secret: str, told: Callable[[Heard], None]) -> Self:
        """Connect and open a session; raises SfuGone, and SfuRefused for a wrong secret."""
        try:
            async with asyncio.timeout(PATIENCE):
                socket = await http.ws_connect(url, protocols=(PROTOCOL,), max_msg_size=LARGEST)
        except (ClientError, OSError, TimeoutError) as error:
            raise SfuGone(url) from error
        self = cls(socket, secret, told)
        self._tasks.append(asyncio.create_task(self._read()))
        try:
            self._session = _number(await self.ask("create"))
        except BaseException:
            await self.close()
            raise
        self._tasks.append(asyncio.create_task(self._beat()))
        return self

    async def ask(self, kind: str, handle: int | None = None, **more: object) -> Heard:
        """Ask and return the answer; raises SfuRefused and SfuGone."""
        number = str(next(self._numbers))
        answer: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._asked[number] = (kind, answer)
        text = asked(kind, number, self._secret, session_id=self._session, handle_id=handle, **more)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._socket.send_str(text)
                found = await answer
        except (ConnectionError, TimeoutError) as error:
            self._over()
            raise SfuGone(kind) from error
        finally:
            self._asked.pop(number, None)
        if found.error:
            raise SfuRefused(found.error)
        return found

    async def attach(self) -> int:
        """Return a new handle to the plugin: one for each peer connection."""
        return _number(await self.ask("attach", plugin=PLUGIN))

    async def detach(self, handle: int) -> None:
        """Give a handle back, and its peer connection with it; it may be gone already."""
        with suppress(SfuRefused):
            await self.ask("detach", handle)

    async def message(self, handle: int, jsep: dict[str, str] | None = None, **body: Any) -> Heard:
        """Ask the plugin."""
        return await self.ask("message", handle, body=body, jsep=jsep)

    async def close(self) -> None:
        """End the session; Janus gives all of its handles back."""
        self._over()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._socket.close()

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                self._take(heard(frame.data))
            except SfuUnreadable:
                log.warning("what Janus says cannot be read")
        self._over()

    def _take(self, what: Heard) -> None:
        kind, answer = self._asked.get(what.transaction, ("", None))
        if answer is None:
            self._told(what)
        elif (what.kind in FINAL or (what.kind == "ack" and kind in LASTING)) and not answer.done():
            answer.set_result(what)

    async def _beat(self) -> None:
        with suppress(SfuGone, SfuRefused):
            while True:
                await asyncio.sleep(PULSE)
                await self.ask("keepalive")
        self._over()

    def _over(self) -> None:
        self.lost.set()
        for _, answer in self._asked.values():
            if not answer.done():
                answer.set_exception(SfuGone("over"))


def _number(answer: Heard) -> int:
    """Return the number that an answer gives; raises SfuRefused for another program's."""
    try:
        return int(answer.data["id"])
    except (KeyError, TypeError, ValueError) as none:
        raise SfuRefused("its answer holds no number") from none
