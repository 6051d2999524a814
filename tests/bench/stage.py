"""Server, specialist and patient on hosts of a laboratory, a Chromium for each person, and a bare pair."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.async_api import Browser, Page

from signaling.turn import Relay, ice_servers
from telehealth.opening import SystemClock
from telehealth.relay.beside import urls_of
from telehealth.relay.configuration import PORT, secret_of
from tests.journeys.people import IN_CALL
from tests.journeys.watching import WRAPPED
from tests.laboratory.network import Network
from tests.services.chromium import DEVICES, chromium
from tests.services.server import Server

HOSTS = ("server", "doctor", "patient")
BARE_PORT = 8081
TRUSTING = {"ignore_https_errors": True}
ANY_CERTIFICATE = "--ignore-certificate-errors"
RELAYED = {"relay": "1", "relay_only": "1", "relay_port": str(PORT)}
"""Settings of a server that hides addresses, and starts the relay beside it."""


@dataclass
class Bare:
    """The server of the bare pair, which can be killed and started again."""

    lab: Network
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"https://{self.lab.hosts['server']}:{BARE_PORT}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        address = self.lab.hosts["server"]
        command = [sys.executable, "-m", "tests.bench.bare_pair", address, str(BARE_PORT)]
        self.process = subprocess.Popen(self.lab.run("server", *command))
        while not self._answers():
            time.sleep(0.02)

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex((self.lab.hosts["server"], BARE_PORT)) == 0

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass
class Stage:
    """The running laboratory and its two browsers."""

    lab: Network
    server: Server
    bare: Bare
    doctors: Browser
    patients: Browser
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def relay_number(self) -> int:
        """The number of the process that is the relay beside the server."""
        return int((self.server.data / "relay" / "turnserver.pid").read_text())

    async def bare_pages(self, *, sound_only: bool = False, relayed: bool = False) -> list[Page]:
        """Open both pages of the bare pair, cameras open and nothing connected."""
        if self.bare.process is None:
            self.bare.start()
        told = {"sound": sound_only, "ice": self._ice() if relayed else None}
        pages = [
            await browser.new_page(permissions=["camera", "microphone"], **TRUSTING)
            for browser in (self.doctors, self.patients)
        ]
        for page in pages:
            await page.add_init_script(WRAPPED)
            await page.goto(f"{self.bare.url}/#{quote(json.dumps(told))}")
            await page.wait_for_function("() => window.__ready", timeout=IN_CALL)
        return pages

    def _ice(self) -> list[dict[str, object]]:
        """Credentials for the relay beside the server."""
        secret = secret_of((self.server.data / "relay" / "turnserver.conf").read_text())
        urls = urls_of(self.lab.hosts["server"], PORT, tls=False)
        return ice_servers(Relay(urls, secret.encode()), "bare", "pair", SystemClock().now())


@contextmanager
def _served(lab: Network, folder: Path, settings: dict[str, str]) -> Iterator[tuple[Server, Bare]]:
    host = lab.hosts["server"]
    server = Server(folder / "data", prefix=lab.run("server"), host=host, **settings)
    bare = Bare(lab)
    try:
        server.start()
        yield server, bare
    finally:
        server.stop()
        bare.kill()


@asynccontextmanager
async def opened(
    lab: Network, program: str, folder: Path, *, devices: str = DEVICES, **settings: str
) -> AsyncIterator[Stage]:
    """The server and the bare relay on their host, a browser on each of the others."""
    async with AsyncExitStack() as stack:
        server, bare = stack.enter_context(_served(lab, folder, settings))
        doctors, patients = [
            await stack.enter_async_context(
                chromium(lab.program(host, program, folder), ANY_CERTIFICATE, devices=devices)
            )
            for host in HOSTS[1:]
        ]
        yield Stage(lab, server, bare, doctors, patients, server.manifest())
