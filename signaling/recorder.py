"""The server's end of the recorder: orders over a Unix socket, each answered before the next is sent.

The recorder's own end is signaling/media/recorder.py. Whatever goes wrong here ends every recording: one that
cannot be told to stop must not be believed to run.
"""

import asyncio
import json
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping
from pathlib import Path

logger = logging.getLogger("signaling.recorder")

PATIENCE = 8.0
"""Seconds that an answer may take; making a peer connection takes some tenths."""
LINE = 256 * 1024


class RecorderGone(ConnectionError):
    """There is no recorder, or it does not do what it is told."""


class RecorderLink:
    """One connection to the recorder, made again when it was lost."""

    def __init__(self, socket_at: Path) -> None:
        self.lost: Callable[[], None] = lambda: None
        """Called when the recorder is gone; every recording of it has ended."""
        self._at = socket_at
        self._turn = asyncio.Lock()
        self._streams: tuple[StreamReader, StreamWriter] | None = None
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None

    async def open(self, recording: str, key: str, sdp: str, views: Mapping[str, str]) -> str:
        """Begin a part of a recording; return the answer to the offer. Raises RecorderGone."""
        order = {"do": "open", "recording": recording, "key": key, "sdp": sdp, "views": dict(views)}
        return str((await self._ask(order))["sdp"])

    async def hold(self, recording: str) -> None:
        """Write nothing more of a recording until it is opened again; raises RecorderGone."""
        await self._ask({"do": "hold", "recording": recording})

    async def end(self, recording: str) -> dict[str, int]:
        """End a recording; return how much of each participant's tape there is. Raises RecorderGone."""
        views = (await self._ask({"do": "close", "recording": recording}))["views"]
        return dict(views) if isinstance(views, dict) else {}

    async def ready(self) -> None:
        """Raise RecorderGone when there is no recorder."""
        async with self._turn:
            await self._connected()

    async def close(self) -> None:
        """Part with it: what it still writes ends."""
        if self._streams is not None:
            self._streams[1].close()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _ask(self, order: Mapping[str, object]) -> dict[str, object]:
        """Ask; who is cancelled meanwhile leaves the answer to be waited for, not to the next who asks."""
        asking = asyncio.create_task(self._asked(order))
        asking.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(asking)

    async def _asked(self, order: Mapping[str, object]) -> dict[str, object]:
        async with self._turn:
            _, writer = await self._connected()
            try:
                async with asyncio.timeout(PATIENCE):
                    writer.write(json.dumps(order).encode() + b"\n")
                    await writer.drain()
                    line = await self._answers.get()
            except (TimeoutError, OSError) as silent:
                writer.close()
                raise RecorderGone("the recorder does not answer") from silent
        answer = json.loads(line) if line else {}
        if not answer.get("ok"):
            raise RecorderGone(str(answer.get("code", "gone")))
        return dict(answer)

    async def _connected(self) -> tuple[StreamReader, StreamWriter]:
        if self._streams is not None:
            return self._streams
        try:
            self._streams = await asyncio.open_unix_connection(self._at, limit=LINE)
        except OSError as none:
            raise RecorderGone("there is no recorder") from none
        self._answers = asyncio.Queue()
        self._reading = asyncio.create_task(self._read(*self._streams))
        return self._streams

    async def _read(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Pass answers on until it is gone, and say so at once: nobody may believe that it still records."""
        try:
            while line := await reader.readline():
                self._answers.put_nowait(line)
        except (OSError, ValueError):
            logger.warning("the recorder's connection broke")
        finally:
            self._streams = None
            self._answers.put_nowait(b"")
            writer.close()
            self.lost()
