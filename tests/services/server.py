"""The real server as a process of its own, started as people start it: `telehealth serve --demo`."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from telehealth.crypto.totp import code_at, step_of
from telehealth.opening import SystemClock
from tests.services.programs import free_port

START_WITHIN = 40.0
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE
"""For the development certificate of a server beyond this machine's own address."""


class Server:
    """A server on its own port and DATA; it can be killed and started again over the same DATA."""

    def __init__(
        self, data: Path, *, prefix: Sequence[str] = (), host: str = "localhost", **settings: str
    ) -> None:
        self.data = data
        self.port = free_port()
        self.prefix = prefix
        """What starts it elsewhere, on a host of a laboratory with the address `host`."""
        self.url = f"{'http' if host == 'localhost' else 'https'}://{host}:{self.port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TELEHEALTH_")}
        self.environment = clean | {
            "TELEHEALTH_DATA": str(data),
            "TELEHEALTH_HOST": host,
            "TELEHEALTH_PORT": str(self.port),
            **{f"TELEHEALTH_{name.upper()}": value for name, value in settings.items()},
        }
        self.command = ("serve", "--demo")
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "telehealth", *self.command],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.data.parent,
            )
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            with suppress(OSError):
                ready = f"{self.url}/health/ready"
                if urllib.request.urlopen(ready, timeout=2, context=TRUSTING).status == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> float:
        """End it by SIGTERM; return the seconds that it took."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without a chance to say anything."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> float:
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(timeout=20)
        self.process = None
        return time.monotonic() - began

    def manifest(self) -> dict[str, Any]:
        """Return what `telehealth demo --json` tells."""
        told = subprocess.run(
            [sys.executable, "-m", "telehealth", "demo", "--json"],
            env=self.environment,
            capture_output=True,
            check=True,
            cwd=self.data.parent,
        )
        return dict(json.loads(told.stdout))


def code(secret: str) -> str:
    """Return the authenticator's code of this moment."""
    return code_at(secret, step_of(SystemClock().now()))


async def fresh_code(secret: str, used: str) -> str:
    """Return a code later than `used`: this moment's or the next one, which is good already; else wait."""
    while True:
        now = step_of(SystemClock().now())
        this, following = code_at(secret, now), code_at(secret, now + 1)
        if used != following:
            return following if used == this else this
        await asyncio.sleep(0.5)
