"""The far end of the connection check: answers a browser's offer and gives back numbered datagrams.

A process of its own, `python -m signaling.media.echo`, started when somebody checks a line: encryption in
Python would hold up the server's loop, and its libraries are most of an idle server's memory. It reads one
JSON object a line, `{"id", "sdp"}`, and answers with `{"id", "sdp"}` or `{"id"}` where the offer is none.
`{"id", "met"}` is written once the browser has come, `{"id", "end"}` once that peer is gone.

The offer's candidates are left out: the browser comes to us, and nobody has us knock at addresses of their
choice. Datagrams of whoever has not knocked by the name of the answer are dropped (`guard.py`).
What a datagram asks for is its first byte; every answer carries the number and our clock (ms):

| kind | bytes | answer |
|---|---|---|
| 0 trip | kind, number (u32), anything | kind, number, clock (u32), the rest as it came |
| 1 up | kind, number, anything | kind, number, clock, and no more |
| 2 down | kind, number, count (u16), size (u16), gap in ms (u16) | `count` of `size` bytes, one each gap |

What is sent down is numbered from its order on; an order that comes again is done once.
"""

import asyncio
import json
import struct
import sys
import time
from contextlib import suppress
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)

from signaling.candidates import without_candidates
from signaling.media.guard import harden

TRIP, UP, DOWN = 0, 1, 2
HEAD = struct.Struct("!BI")
STAMP = struct.Struct("!BII")
ORDER = struct.Struct("!BIHHH")
LASTS = 25.0
"""Seconds that a check may take."""
COMES = 12.0
"""Seconds in which the browser must have come: who only takes the place does not keep it."""
MOST_SENT = 300_000
"""Bytes that one check may have sent to it."""
LARGEST = 1200
DATA_ONLY = "m=application "


class Echo:
    """One peer: answers until its time, or what it may be sent, is used up."""

    def __init__(self) -> None:
        harden()
        # Without a configuration of its own the library would ask a public STUN server.
        self._connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._left = MOST_SENT
        self._next = 0
        self._sending: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self._met = asyncio.Event()
        self._connection.on("datachannel", self._opened)
        self._connection.on("connectionstatechange", self._changed)

    async def answer(self, offer: str) -> str:
        """Take an offer; return the answer with our candidates."""
        await self._connection.setRemoteDescription(RTCSessionDescription(of_data_only(offer), "offer"))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def meet(self) -> bool:
        """Wait until the browser has come; return whether it has in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._met.wait(), COMES)
        return self._connection.connectionState == "connected"

    async def run_out(self) -> None:
        """Wait until the check is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), LASTS)

    async def close(self) -> None:
        """Hang up."""
        for task in self._sending:
            task.cancel()
        await self._connection.close()

    def _changed(self) -> None:
        state = self._connection.connectionState
        if state in {"failed", "closed"}:
            self._over.set()
        if state in {"connected", "failed", "closed"}:
            self._met.set()

    def _opened(self, channel: RTCDataChannel) -> None:
        channel.on("message", lambda said: self._hear(channel, said))
        channel.on("close", self._over.set)

    def _hear(self, channel: RTCDataChannel, said: object) -> None:
        if not isinstance(said, bytes) or not HEAD.size <= len(said) <= LARGEST:
            return
        kind, number = HEAD.unpack_from(said)
        if kind in {TRIP, UP}:
            rest = said[STAMP.size :] if kind == TRIP else b""
            self._send(channel, STAMP.pack(kind, number, clock()) + rest)
        elif kind == DOWN and len(said) >= ORDER.size and number >= self._next:
            count, size, gap = ORDER.unpack_from(said)[2:]
            self._next = number + max(count, 1)
            task = asyncio.create_task(self._train(channel, range(number, number + count), size, gap))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _train(self, channel: RTCDataChannel, numbers: range, size: int, gap: int) -> None:
        """Send datagrams, each at its own moment, whatever the one before took."""
        begin = time.monotonic()
        rest = bytes(max(0, min(size, LARGEST) - STAMP.size))
        for at, number in enumerate(numbers):
            await asyncio.sleep(begin + at * gap / 1000 - time.monotonic())
            if not self._send(channel, STAMP.pack(DOWN, number, clock()) + rest):
                return

    def _send(self, channel: RTCDataChannel, told: bytes) -> bool:
        """Send unless the check has had its share, or waits to be sent already."""
        if self._left < len(told) or channel.readyState != "open":
            return False
        self._left -= len(told)
        # The train is what is measured, and bounded by what was ordered: no window may hold it back.
        channel.transport._cwnd = MOST_SENT  # noqa: SLF001
        channel.send(told)
        return True


def clock() -> int:
    """Return a clock of milliseconds that only differences mean something of."""
    return int(time.monotonic() * 1000) & 0xFFFFFFFF


def of_data_only(sdp: str) -> str:
    """Return the offer without addresses; raises ValueError unless it is of one data channel and no media."""
    if [line.startswith(DATA_ONLY) for line in sdp.splitlines() if line.startswith("m=")] != [True]:
        raise ValueError("not an offer of one data channel")
    return without_candidates(sdp)


class Door:
    """Reads what the server asks, and writes what it is answered."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Answer until the server closes our input."""
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        while line := await reader.readline():
            task = asyncio.create_task(self._one(json.loads(line)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _one(self, asked: dict[str, Any]) -> None:
        echo, name = Echo(), asked["id"]
        try:
            tell({"id": name, "sdp": await echo.answer(asked["sdp"])})
            if await echo.meet():
                tell({"id": name, "met": True})
                await echo.run_out()
        except Exception:  # noqa: BLE001 - whatever a stranger's offer breaks in the library, it is no offer
            tell({"id": name})
        finally:
            await echo.close()
            tell({"id": name, "end": True})


def tell(answer: dict[str, object]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(Door().serve())
