"""Where the programs are that tests start, and starting them so that none outlives the tests."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Debian keeps the server programs of PostgreSQL out of the PATH, one folder per major version.
POSTGRESQL_FOLDERS = "/usr/lib/postgresql/*/bin"
HEADLESS = "chromium-headless-shell"


class NotStarted(Exception):
    """A program did not come up; the message has what it wrote."""


def chromium() -> str | None:
    """The Chromium browser, as people have it; else the same without its own windows."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which(HEADLESS)


def headless_chromium() -> str | None:
    """Chromium without its own windows, to which a page costs a quarter of the work; else with them."""
    return shutil.which(HEADLESS) or chromium()


def postgresql() -> Path | None:
    """The folder with PostgreSQL's server programs (initdb, postgres), the newest version of several."""
    found = [path for path in Path("/").glob(POSTGRESQL_FOLDERS[1:]) if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def redis() -> str | None:
    """The Redis server."""
    return shutil.which("redis-server")


def coturn() -> str | None:
    """The TURN server."""
    return shutil.which("turnserver")


def janus() -> str | None:
    """The forwarding server."""
    return shutil.which("janus")


def free_port() -> int:
    """A loopback TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    ready: Callable[[], bool],
    user: str | None = None,
    end_with: signal.Signals = signal.SIGTERM,
    seconds: float = 30,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program from when it is ready until the block ends; `end_with` ends it, also when we are killed.

    Raises NotStarted when the program ends or is not ready within so many seconds.
    """
    setpriv = shutil.which("setpriv")
    guard = (setpriv, "--pdeathsig", end_with.name.removeprefix("SIG"), "--") if setpriv else ()
    with log.open("wb") as output:
        process = subprocess.Popen(
            (*guard, *command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user,
            cwd="/",
            extra_groups=[] if user else None,
        )
    try:
        wait_until(ready, process, log, seconds)
        yield process
    finally:
        end(process, end_with)


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float
) -> None:
    """Wait for a started program; NotStarted with its log when it does not come."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotStarted(log.read_text(errors="replace")[-4000:])
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes], end_with: signal.Signals) -> None:
    """End a program in order, after 10 seconds by force."""
    if process.poll() is None:
        process.send_signal(end_with)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def espeak() -> str | None:
    """The program that speaks the laboratory's reference voice."""
    return shutil.which("espeak-ng")
