"""coturn on a host of the laboratory, with the configuration that the product writes; it can be killed."""

import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from signaling.turn import Relay
from telehealth.config import Config
from telehealth.opening import SystemClock
from telehealth.relay.beside import Beside, beside_of, urls_of
from tests.laboratory.network import Network
from tests.services.programs import end
from tests.services.relay import SECRET, certified

PORT, TLS_PORT = 3478, 443
READY_WITHIN = 10.0


@dataclass
class LabRelay:
    """A relay that people reach by UDP, by TCP, and by TLS on the port of the web."""

    lab: Network
    host: str
    program: str
    beside: Beside
    process: subprocess.Popen[bytes] | None = None

    @property
    def handed_out(self) -> Relay:
        """What people in a call are told."""
        return Relay(urls_of(self.lab.hosts[self.host], PORT, tls=True, tls_port=TLS_PORT), SECRET.encode())

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.beside.folder / "log").open("ab") as log:
            command = self.lab.run(self.host, self.program, "-c", str(self.beside.file))
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, "the relay did not start"  # noqa: PT018
            time.sleep(0.02)

    def kill(self) -> None:
        """End it without a word to anybody."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None:
            end(self.process, signal.SIGTERM)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((self.lab.hosts[self.host], PORT), timeout=1):
            return True
        return False


def lab_relay(lab: Network, host: str, program: str, folder: Path) -> LabRelay:
    """Return a relay on a host, its configuration written and nothing started."""
    address = lab.hosts[host]
    certificate, key = certified(folder, SystemClock().now())
    made = beside_of(Config(data=folder, tls_cert=certificate, tls_key=key), address, SECRET)
    settings = replace(
        made.settings,
        port=PORT,
        tls_port=TLS_PORT,
        listen=address,
        relay=address,
        this_machine=False,
    )
    beside = Beside(settings, address, made.folder)
    beside.write()
    return LabRelay(lab, host, program, beside)
