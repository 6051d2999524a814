"""The command `telehealth`: reads the environment, picks a command, and turns trouble into one sentence."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from telehealth.commands import (
    audit,
    backup,
    certs,
    cluster,
    demo,
    doctor,
    keys,
    migrate,
    patients,
    probe,
    programs,
    recorder,
    relay,
    restore,
    serve,
    staff,
    tzdata,
)
from telehealth.config import BadSetting, from_environment, unknown_settings
from telehealth.crypto.errors import CryptoError
from telehealth.domain.errors import Refused
from telehealth.opening import AlreadyServing, HalfRestored, NoData
from telehealth.services.backup_ports import BackupRefused
from telehealth.storage.trouble import DatabaseTrouble
from telehealth.timezones import use_packaged_zones

COMMANDS = (
    serve,
    demo,
    probe,
    migrate,
    cluster,
    staff,
    programs,
    patients,
    keys,
    audit,
    backup,
    restore,
    certs,
    relay,
    tzdata,
    doctor,
    recorder,
)
DONE, FAILED, WRONG_USE = 0, 1, 2
TROUBLES = (
    BadSetting,
    CryptoError,
    Refused,
    BackupRefused,
    AlreadyServing,
    NoData,
    HalfRestored,
    DatabaseTrouble,
    OSError,
)
"""What a person can do something about: told in one sentence, without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 failed with one sentence on stderr, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="telehealth",
        description="Video visits of a health cluster, from a booked slot to a signed note.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    options = parser.parse_args(arguments)
    use_packaged_zones()
    try:
        config = from_environment(environment())
        for name in unknown_settings(os.environ):
            print(f"telehealth: there is no setting {name}; it is ignored.", file=sys.stderr)
        with asyncio.Runner(loop_factory=fastest_loop()) as runner:
            status = int(runner.run(options.run(config, options)))
        sys.stdout.flush()
    except BrokenPipeError:
        return nobody_reads()
    except TROUBLES as trouble:
        print(f"telehealth: {told(trouble)}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    return status


def told(trouble: BaseException) -> str:
    """Return what is said of a trouble; of a file its name and what is wrong with it, without a number."""
    if isinstance(trouble, OSError) and trouble.filename and trouble.strerror:
        return f"{trouble.filename}: {trouble.strerror}"
    return str(trouble)


def nobody_reads() -> int:
    """End quietly when whoever read our output (`… | head`) is gone; nothing is written at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def environment() -> dict[str, str]:
    """Return the environment; plain DATA, HOST and PORT count where no TELEHEALTH_ variable stands."""
    found = dict(os.environ)
    for short in ("DATA", "HOST", "PORT"):
        if short in found:
            found.setdefault(f"TELEHEALTH_{short}", found[short])
    return found


def fastest_loop() -> type[asyncio.AbstractEventLoop] | None:
    """Return uvloop's event loop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop
