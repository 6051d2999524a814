"""The command's glue: its arguments, the credentials, the exit status (0 done, 1 failed, 2 wrong use)."""

import ssl
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from telehealth.crypto.chance import SystemChance
from telehealth.opening import SystemClock
from telehealth.probe.credentials import Credentials, from_file, from_manifest
from telehealth.probe.trouble import ProbeFailed, WrongUse

DONE, FAILED, WRONG_USE = 0, 1, 2
ManifestLoader = Callable[[], Awaitable[dict[str, Any]]]


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("url", metavar="URL", help="the service's public address")
    parser.add_argument(
        "--credentials",
        metavar="FILE",
        type=Path,
        help="JSON with email, password, totp_secret of a specialist and patient_id (or patient_phone, …); "
        "default: the demo in DATA",
    )
    parser.add_argument(
        "--turn", action="store_true", help="ask every TURN server that is handed out for an address"
    )
    parser.add_argument(
        "--ca", metavar="FILE", type=Path, help="PEM of the CA that the server's certificate is of"
    )


async def main(options: Namespace, manifest_loader: ManifestLoader) -> int:
    """Play the visit and return the exit status; the one sentence of a failure goes to stderr."""
    # Only this command needs the media library, which is slow to load.
    from telehealth.probe.journey import Journey, Wanted
    from telehealth.probe.timeline import Timeline

    try:
        wanted = Wanted(
            base_url=_base_url(options.url),
            tls=_tls(options.ca),
            turn=options.turn,
            credentials=await _credentials(options.credentials, manifest_loader),
        )
        timeline = Timeline(sys.stdout, time.monotonic)
        await Journey(wanted, SystemClock(), SystemChance(), timeline).play()
    except WrongUse as wrong:
        sys.stderr.write(f"telehealth: {wrong}\n")
        return WRONG_USE
    except ProbeFailed as failed:
        sys.stderr.write(f"{failed}\n")
        return FAILED
    return DONE


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise WrongUse(f"'{url}' is not the address of a service; write it as https://visits.example.org.")
    return f"{parts.scheme}://{parts.netloc}"


def _tls(ca: Path | None) -> ssl.SSLContext | None:
    if ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(ca))
    except OSError as error:  # ssl.SSLError is one of them
        raise WrongUse(f"The CA file {ca} cannot be read.") from error


async def _credentials(path: Path | None, manifest_loader: ManifestLoader) -> Credentials:
    return from_file(path) if path is not None else from_manifest(await manifest_loader())
