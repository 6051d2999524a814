"""The recorder's process: it does what the server says over a Unix socket, and stops when the server is gone.

One JSON object a line, answered in order (signaling/README.md, The recorder). It knows no visit and no name:
of a recording it is told an id, a key of its own, whose picture comes where, and an offer.
"""

import asyncio
import json
import logging
import os
import re
import socket
import struct
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from signaling.media.reel import Reel
from signaling.media.tap import NoMedia, Tap
from telehealth.crypto.chance import Chance

LINE = 256 * 1024
"""Bytes of one line: an offer, and little else."""
AT_ONCE = 32
"""Recordings at the same time: a core takes about forty calls of two."""
TICK = 0.25
IDS = re.compile(r"[0-9A-Za-z-]{1,64}")
VIEWS = re.compile(r"s|p|g[0-9]{1,3}")

logger = logging.getLogger("signaling.recorder")


class Refusal(ValueError):
    """An order that cannot be carried out; its text is the code that the server is told."""


class Recordings:
    """What one connected server has recorded; all of it ends with the connection."""

    def __init__(self, folder: Path, chance: Chance) -> None:
        self._folder, self._chance = folder, chance
        self._reels: dict[str, Reel] = {}
        self._taps: dict[str, Tap] = {}
        self._disk = asyncio.Lock()
        """Nothing is closed while a thread waits for it to be on disk."""

    async def do(self, order: dict[str, Any]) -> dict[str, object]:
        """Carry out one order."""
        recording = order.get("recording", "")
        if not isinstance(recording, str) or not IDS.fullmatch(recording):
            raise Refusal("bad-order")
        match order.get("do"):
            case "open":
                return {"sdp": await self._open(recording, order)}
            case "hold":
                await self._hold(recording)
                return {}
            case "close":
                return await self._close(recording)
            case _:
                raise Refusal("bad-order")

    async def _open(self, recording: str, order: dict[str, Any]) -> str:
        """Begin a part, in place of the one that may be under way."""
        views = dict(order["views"])
        if not all(isinstance(each, str) and VIEWS.fullmatch(each) for each in views.values()):
            raise Refusal("bad-order")
        await self._hold(recording)
        if recording not in self._reels and len(self._reels) >= AT_ONCE:
            raise Refusal("full")
        reel = self._reels.get(recording) or Reel(
            self._folder, recording, bytes.fromhex(order["key"]), self._chance, time.monotonic
        )
        self._reels[recording] = reel
        for each in views.values() or ["p"]:
            reel.view(each)
        reel.begin()
        self._taps[recording] = tap = Tap(reel, views)
        try:
            return await tap.answer(order["sdp"])
        except NoMedia:
            await self._hold(recording)
            raise Refusal("no-media") from None

    async def _hold(self, recording: str) -> None:
        tap = self._taps.pop(recording, None)
        if tap is not None:
            tap.end()
            self._reels[recording].hold()
            await tap.close()

    async def _close(self, recording: str) -> dict[str, object]:
        await self._hold(recording)
        reel = self._reels.pop(recording, None)
        async with self._disk:
            return {"views": await asyncio.to_thread(reel.close) if reel else {}}

    async def tick(self) -> None:
        """Write what is due, and wait until it is on disk; raises OSError when that cannot be done."""
        for each in list(self._reels.values()):
            async with self._disk:
                each.tick()
                await asyncio.to_thread(each.sync)

    async def end(self) -> None:
        """Stop everything at once: nobody is there any more who could say that all have agreed."""
        for tap in self._taps.values():
            tap.end()
        for recording in list(self._reels):
            await self._close(recording)


class Recorder:
    """Listens on a Unix socket in a folder of our own user's."""

    def __init__(self, socket_at: Path, tapes: Path, chance: Chance) -> None:
        self._at, self._tapes, self._chance = socket_at, tapes, chance

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take orders until the block ends."""
        self._at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._at.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(self._serve, self._at, limit=LINE)
        finally:
            os.umask(before)
        try:
            async with server:
                yield
        finally:
            self._at.unlink(missing_ok=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not _ours(writer):
            writer.close()
            return
        recordings = Recordings(self._tapes, self._chance)
        ticking = asyncio.create_task(_tick(recordings, writer))
        try:
            async for line in reader:
                writer.write(json.dumps(await _answered(recordings, line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            logger.warning("the server's connection broke")
        finally:
            await recordings.end()
            ticking.cancel()
            writer.close()


async def _answered(recordings: Recordings, line: bytes) -> dict[str, object]:
    """Return the answer to one line; what goes wrong ends neither the process nor the other recordings."""
    try:
        return {"ok": True, **await recordings.do(json.loads(line))}
    except Refusal as refused:
        return {"ok": False, "code": str(refused)}
    except Exception:
        logger.exception("an order failed")
        return {"ok": False, "code": "failed"}


async def _tick(recordings: Recordings, writer: StreamWriter) -> None:
    """Write again and again; where that fails, part with the server: it says on all pages that it is over."""
    try:
        while True:
            await asyncio.sleep(TICK)
            await recordings.tick()
    except Exception:
        logger.exception("nothing can be written any more")
        writer.close()


def _ours(writer: StreamWriter) -> bool:
    """Whether root or our own user is at the other end, as the kernel says."""
    told = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return struct.unpack("iII", told)[1] in {0, os.getuid()}
