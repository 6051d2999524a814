"""Runs another program beside the server: started, started again when it dies, ended with the server."""

import asyncio
import errno
import logging
import os
import re
import signal
import socket
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from pathlib import Path

from telehealth.workers.loops import Loop

PATIENCE = 3.0
"""Seconds that the program may take to end, and to listen; it takes some hundredths."""
LOOK_EVERY = 0.02
STEADY = 60.0
"""Seconds after which an end is a mishap, and the next start follows at once."""
UNKNOWN_OPTION = re.compile(rb"Bad configuration format: ([\w-]{1,40})")
"""All that is kept of what the program says: the rest tells who comes from which address."""

log = logging.getLogger(__name__)


class RelayEnded(RuntimeError):
    """The program ended soon after its start, or did not listen."""


class RelayPortTaken(OSError):
    """Another program has the relay's port: coturn's own service, or another server's relay."""


class Program:
    """`command` starts it, `pidfile` is written by it, on `address` it listens; `name` is for the log."""

    def __init__(
        self, command: tuple[str, ...], pidfile: Path, address: tuple[str, int], name: str = "relay"
    ) -> None:
        self.up, self.starts = False, 0
        """Whether it listens, and how often it has come up; more than once: it died."""
        self.changed = asyncio.Event()
        """Set whenever it has come up or gone."""
        self._command, self._pidfile, self._address = command, pidfile, address
        self._name = name

    def loop(self) -> Loop:
        """Return the loop that keeps it running; its failures slow the next starts down, up to a minute."""
        return Loop(self._name, self.run, 1.0)

    async def run(self) -> None:
        """Start it and wait for its end; raises RelayEnded when that came soon. Cancelled, end it."""
        began = time.monotonic()
        try:
            await self._end_forgotten()
            if self._is_taken():
                raise RelayPortTaken(f"port {self._address[1]} is already taken")
            await self._run()
        finally:
            self.up = False
            self.changed.set()
        if time.monotonic() - began < STEADY:
            raise RelayEnded
        log.warning("the %s ended", self._name, extra={"number": self.starts})

    async def _run(self) -> None:
        # A session of its own: Ctrl-C at the terminal is for the server, which ends calls in order first.
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, start_new_session=True, cwd="/"
        )
        reading = asyncio.create_task(_read(process, self._name))
        try:
            await self._up(process)
            self.up, self.starts = True, self.starts + 1
            self.changed.set()
            log.info("the %s is up", self._name, extra={"port": self._address[1], "number": self.starts})
            await process.wait()
        finally:
            await _end(process)
            await reading
            self._pidfile.unlink(missing_ok=True)

    async def _up(self, process: Process) -> None:
        """Wait until it listens."""
        until = time.monotonic() + PATIENCE
        while process.returncode is None and time.monotonic() < until:
            try:
                _, writer = await asyncio.open_connection(*self._address)
            except OSError:
                await asyncio.sleep(LOOK_EVERY)
                continue
            writer.close()
            return
        raise RelayEnded

    def _is_taken(self) -> bool:
        """Whether somebody listens on its port: the program would share it with them, and packets too."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as trial:
                if kind is socket.SOCK_STREAM:
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    trial.bind(self._address)
                except OSError as error:
                    if error.errno == errno.EADDRINUSE:
                        return True
                    raise
        return False

    async def _end_forgotten(self) -> None:
        """End the one of a server that was killed: its secret is not ours."""
        number = self._forgotten()
        if number is None:
            return
        log.warning("the %s of a server that was killed is ended", self._name, extra={"number": number})
        os.kill(number, signal.SIGTERM)
        for _ in range(round(PATIENCE / LOOK_EVERY)):
            if not self._is_taken():
                return
            await asyncio.sleep(LOOK_EVERY)

    def _forgotten(self) -> int | None:
        """Return the process that the pidfile names, if it runs our configuration."""
        try:
            number = int(self._pidfile.read_text())
            running = Path(f"/proc/{number}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        ours = [os.fsencode(each) for each in self._command]
        return number if running.rstrip(b"\0").split(b"\0") == ours else None


async def _read(process: Process, name: str) -> None:
    """Read what it says until its end, and pass on only which options it does not know."""
    told: set[bytes] = set()
    while process.stdout and (some := await process.stdout.read(4096)):
        for option in set(UNKNOWN_OPTION.findall(some)) - told:
            told.add(option)
            log.warning("the %s does not know an option", name, extra={"reason": option.decode()})


async def _end(process: Process) -> None:
    """End it, by force when it does not listen."""
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
