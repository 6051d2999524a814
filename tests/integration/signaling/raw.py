"""A client of the socket that speaks frames and knows no manners."""

import asyncio
import json
from contextlib import suppress
from typing import Any, Self

import aiohttp

from tests.integration.signaling.house import PATIENCE, Served

IMPATIENT = aiohttp.ClientWSTimeout(ws_close=0.2)


class Raw:
    """A client that speaks frames and knows no manners."""

    def __init__(self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.session = session
        self.socket = socket
        self.open: dict[str, Any] = {}

    @classmethod
    async def connect(
        cls, served: Served, headers: dict[str, str], *, visit: str | None = None, hello: bool = True
    ) -> Self:
        session = aiohttp.ClientSession()
        query = "?EIO=4&transport=websocket" + (f"&visit={visit}" if visit else "")
        try:
            socket = await session.ws_connect(
                f"{served.url}/socket.io/{query}", headers=headers, timeout=IMPATIENT
            )
        except BaseException:
            await session.close()
            raise
        raw = cls(session, socket)
        raw.open = json.loads((await raw.frame())[1:])
        if hello:
            await raw.send("40")
            assert (await raw.frame()).startswith("40{")
        return raw

    async def send(self, *frames: str | bytes) -> None:
        for frame in frames:
            if isinstance(frame, bytes):
                await self.socket.send_bytes(frame)
            else:
                await self.socket.send_str(frame)

    async def emit(self, event: str, body: object, number: int | None = None) -> None:
        await self.send("42" + ("" if number is None else str(number)) + json.dumps([event, body]))

    async def frame(self) -> str:
        text: str = await asyncio.wait_for(self.socket.receive_str(), PATIENCE)
        return text

    async def is_cut(self, within: float = 2.0) -> bool:
        """Whether the server ends this connection within so many seconds."""
        try:
            async with asyncio.timeout(within):
                while not self.socket.closed:
                    await self.socket.receive()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        with suppress(Exception):
            await self.socket.close()
        await self.session.close()
