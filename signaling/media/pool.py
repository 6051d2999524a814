"""The far ends of connection checks: a few at a time, in a process that is there while somebody checks."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from signaling.turn import Relay, ice_servers
from telehealth.domain.errors import BadInput, FieldProblem, ManyTesting, Unavailable

PEERS = 4
"""Checks at a time: one takes a twentieth of a core while it lasts."""
PATIENCE = 12.0
"""Seconds for an answer: half a second with the start on a quiet machine; browsers wait for 15."""
COMING = 2
"""Checks of one address at a time to which no browser has come: nobody takes all places by asking only."""
IDLE = 60.0
"""Seconds without a check after which the process ends."""
LASTS = timedelta(seconds=60)
"""How long what opens the relay to a check is good for."""
RETRY = 20
HOME = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


class FarEnds:
    """Answers offers through the process `signaling.media.echo`.

    `address` is the IPv4 address by which the world knows this machine, where that is not one of its own.
    """

    def __init__(self, relay: Relay, *, address: str = "", peers: int = PEERS, idle: float = IDLE) -> None:
        self._relay = replace(relay, ttl=LASTS)
        self._address, self._peers, self._idle = address, peers, idle
        self.process: Process | None = None
        """The far ends' process, while somebody checks and a little longer."""
        self._reading: asyncio.Task[None] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._open: dict[str, asyncio.Future[str]] = {}
        """By number: what is answered, and then what lasts."""
        self._coming: dict[str, str] = {}
        """By number: whose check it is, until the browser has come."""
        self._count = 0
        self._starting = asyncio.Lock()

    @property
    def busy(self) -> int:
        """How many check their lines now."""
        return len(self._open)

    async def answer(self, offer: str, whose: str) -> str:
        """Return the answer to a browser's offer; raises ManyTesting, Unavailable, BadInput."""
        coming = list(self._coming.values()).count(whose)
        if len(self._open) >= self._peers or coming >= COMING:
            raise ManyTesting(RETRY)
        self._count += 1
        name = str(self._count)
        answered = self._open[name] = asyncio.get_running_loop().create_future()
        self._coming[name] = whose
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask({"id": name, "sdp": offer})
                sdp = await answered
        except (TimeoutError, OSError) as error:
            self._free(name)
            log.warning("no far end answers a connection check", extra={"reason": type(error).__name__})
            raise Unavailable(RETRY) from error
        if not sdp:
            self._free(name)
            raise BadInput(FieldProblem("sdp", "no-offer", "An offer of one data channel is expected here."))
        return with_address(sdp, self._address) if self._address else sdp

    def relays(self, name: str, now: datetime) -> list[dict[str, Any]]:
        """Return what opens the relay to one check for a minute; nothing where there is none."""
        return ice_servers(self._relay, "line check", name, now)

    async def close(self) -> None:
        """End the process."""
        if self._ending:
            self._ending.cancel()
        process, self.process = self.process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()  # nothing in there outlives it
            self._fail()
        if self._reading:
            await self._reading

    async def _ask(self, asked: dict[str, str]) -> None:
        async with self._starting:
            if self.process is None:
                await self._start()
        if self._ending:
            self._ending.cancel()
        process = self.process
        if process is None or process.stdin is None:
            raise BrokenPipeError
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()

    async def _start(self) -> None:
        # A session of its own: Ctrl-C at the terminal is for the server, which ends this one.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "signaling.media.echo"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
            cwd=HOME,
        )
        self._reading = asyncio.create_task(self._read(self.process))

    async def _read(self, process: Process) -> None:
        """Hand out what the process says; when it ends by itself, nothing is open any more."""
        while process.stdout and (line := await process.stdout.readline()):
            self._take(json.loads(line))
        if self.process is process:  # one that was dismissed had nothing open: what is open asks another
            self.process = None
            self._fail()
        await process.wait()

    def _fail(self) -> None:
        for answered in self._open.values():
            if not answered.done():
                answered.set_exception(BrokenPipeError())
        self._open.clear()
        self._coming.clear()

    def _free(self, name: str) -> None:
        self._open.pop(name, None)
        self._coming.pop(name, None)

    def _take(self, told: dict[str, Any]) -> None:
        answered = self._open.get(told["id"])
        if answered is not None and not answered.done():
            answered.set_result(told.get("sdp", ""))
        if told.get("met"):
            self._coming.pop(told["id"], None)
        if told.get("end"):
            self._free(told["id"])
        if not self._open:
            self._rest()

    def _rest(self) -> None:
        """End the process when nobody checks for a while: its libraries take as much memory as a server."""
        if self._ending:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(self._idle, self._dismiss)

    def _dismiss(self) -> None:
        process, self.process = self.process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()


def with_address(sdp: str, address: str) -> str:
    """Return an answer whose IPv4 candidates name the address that the world knows: ports stay the same."""
    return "\r\n".join(_known(line, address) for line in sdp.splitlines()) + "\r\n"


def _known(line: str, address: str) -> str:
    parts = line.split(" ")
    if not line.startswith("a=candidate:") or ":" in parts[4]:
        return line
    return " ".join([*parts[:4], address, *parts[5:]])
