"""A real relay with the configuration that the product writes, as a program of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from telehealth.config import Config
from telehealth.crypto.certificates import issue, new_authority
from telehealth.relay.beside import Beside, beside_of
from tests.services.programs import answers, free_port, running

SECRET = "5ec3e7"


def certified(folder: Path, now: datetime) -> tuple[str, str]:
    """Return paths of a certificate for this machine and of its key, which coturn's user cannot read."""
    leaf = issue(new_authority(["localhost"], now), ["localhost", "127.0.0.1"], now)
    for name, text in (("leaf.pem", leaf.certificate), ("leaf.key", leaf.key)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return str(folder / "leaf.pem"), str(folder / "leaf.key")


def relay_in(folder: Path, **settings: str) -> Beside:
    """Return a relay beside a demo server, on a free port and with its configuration written."""
    made = beside_of(Config(data=folder, relay_port=free_port(), **settings), "", SECRET)  # type: ignore[arg-type]
    made.write()
    return made


@contextmanager
def running_relay(program: str, beside: Beside, more: str = "") -> Iterator[Path]:
    """Run it, with further lines in its configuration; what it says is in the file that comes back."""
    with beside.file.open("a") as file:
        file.write(more)
    log, port = beside.folder / "log", beside.settings.port
    with running((program, "-c", str(beside.file)), log=log, ready=lambda: answers(port)):
        yield log


def beyond(beside: Beside) -> Beside:
    """Return the same relay as for people on other machines: this one's loopback address is not open."""
    return replace(beside, settings=replace(beside.settings, this_machine=False))
