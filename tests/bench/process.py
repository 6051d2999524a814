"""A program under measurement: a process of its own, pinned to one core where asked, its CPU time read."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from time import process_time

from tests.services import programs

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """A running server: where it listens and what it has used."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"

    def cpu(self) -> float:
        """Return the seconds of CPU that the process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(slots=True)
class Shares:
    """Which share of a core a server and the load itself used between two marks: who was the bottleneck."""

    server: Measured
    server_from: float = 0.0
    load_from: float = 0.0

    def begin(self) -> None:
        """Mark the beginning."""
        self.server_from, self.load_from = self.server.cpu(), process_time()

    def used(self) -> tuple[float, float]:
        """Return the CPU seconds since the beginning of the server and of this process."""
        return self.server.cpu() - self.server_from, process_time() - self.load_from


@contextmanager
def measured(
    port: int, log: Path, *arguments: str, core: int | None = None, **environment: str
) -> Iterator[Measured]:
    """Run `python -m …` until the block ends; it is ready when its port answers."""
    settings = [f"{name}={value}" for name, value in environment.items()]
    pinned = ("taskset", "-c", str(core)) if core is not None and which("taskset") else ()
    clean = [f"--unset={name}" for name in os.environ if name.startswith("TELEHEALTH_")]
    command = ("env", *clean, *settings, *pinned, sys.executable, "-m", *arguments)
    with programs.running(command, log=log, ready=lambda: programs.answers(port)) as process:
        yield Measured(port, process.pid)


@contextmanager
def service(data: Path, port: int, *, core: int | None = None, **settings: str) -> Iterator[Measured]:
    """Serve a DATA that is there already."""
    variables = {"TELEHEALTH_DATA": str(data), "TELEHEALTH_PORT": str(port)} | settings
    with measured(port, data / "server.log", "telehealth", "serve", core=core, **variables) as running:
        yield running
