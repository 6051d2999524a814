"""`telehealth certs`: a development authority and a certificate for this machine's names and addresses."""

import os
import socket
from argparse import Namespace
from pathlib import Path
from typing import Any

from telehealth.config import Config
from telehealth.crypto.certificates import Identity, issue, new_authority
from telehealth.crypto.errors import NotCovered
from telehealth.opening import SystemClock

FOLDER = Path("certs")


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("certs", help="make a development certificate for this machine")
    parser.add_argument("hosts", nargs="*", help="further names or addresses it must be valid for")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Make the certificate and say where it is and how a phone comes to trust it."""
    certificate, _ = make(options.hosts)
    authority = FOLDER / "ca.pem"
    print(f"Certificate: {certificate}\nAuthority:   {authority}")
    print("To trust it, install the authority on each device; it is for development only.")
    return 0


def make(hosts: list[str]) -> tuple[Path, Path]:
    """Write certificate and key below certs/ and return their paths; the authority is made once and kept."""
    FOLDER.mkdir(exist_ok=True)
    now = SystemClock().now()
    wanted = list(dict.fromkeys(["localhost", "127.0.0.1", socket.gethostname(), *addresses(), *hosts]))
    try:
        leaf = issue(_authority(wanted), wanted, now)
    except NotCovered:
        (FOLDER / "ca.key").unlink(missing_ok=True)
        leaf = issue(_authority(wanted), wanted, now)
    _write(FOLDER / "leaf.pem", leaf.certificate, 0o644)
    _write(FOLDER / "leaf.key", leaf.key, 0o600)
    return FOLDER / "leaf.pem", FOLDER / "leaf.key"


def _authority(hosts: list[str]) -> Identity:
    """Return the authority that devices may already trust, or make one for these hosts."""
    if (FOLDER / "ca.key").exists():
        return Identity((FOLDER / "ca.pem").read_text(), (FOLDER / "ca.key").read_text())
    authority = new_authority(hosts, SystemClock().now())
    _write(FOLDER / "ca.pem", authority.certificate, 0o644)
    _write(FOLDER / "ca.key", authority.key, 0o600)
    return authority


def addresses() -> list[str]:
    """Return this machine's address in the local network, if it has one; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address = str(probe.getsockname()[0])
        except OSError:
            return []
    return [] if address.startswith("127.") else [address]


def _write(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as file:
        file.write(text)
