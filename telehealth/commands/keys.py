"""`telehealth keys`: state and rotation of the keys, a copy, and the way back from an escrow copy."""

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from telehealth.commands.archive_files import appearing, refuse_over
from telehealth.commands.backup import Progress
from telehealth.commands.erasing import add_parts
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, STORE
from telehealth.crypto.kek import FileKek, LocalKek, from_escrow
from telehealth.crypto.keystore import KeyStore
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.opening import Opened, open_data
from telehealth.services.trail import enter
from telehealth.storage.resealing import Resealing

RENEWING = "renewing"
"""What the key store remembers while data keys are being renewed: since when."""
HOW = "`telehealth keys escrow`"
SHOWN = 3
"""So many ids of damaged keys are named: what to do is the same for all."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("keys", help="status, rotation, a copy and restoring of the keys")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    for name, run, text in (
        ("status", run_status, "which key is in use, and how many it wraps"),
        ("verify", run_verify, "open every data key with the key in use; safe beside a running server"),
        ("rotate", run_rotate, "make a new key-encryption key; safe beside a running server"),
        ("escrow", run_escrow, "show the escrow copy of the key in use, on a terminal"),
        ("backup", run_backup, "copy the wrapped data keys into a file; safe beside a running server"),
        ("restore", run_restore, "write the key file again from its escrow copy, read from standard input"),
    ):
        part = parts.add_parser(name, help=text)
        part.set_defaults(run=run)
        if run is run_backup:
            part.add_argument("file", type=Path, help="the new file")
        if run is run_rotate:
            words = "renew the data keys instead, and seal everything again under the new ones"
            part.add_argument("--data", action="store_true", help=words)
    add_parts(parts)


async def run_status(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Say which key is in use."""
    async with open_data(config) as opened:
        custody = opened.custody
        counts = custody.store.counts()
        print(f"Key directory {config.keys_at}, key {custody.keyring.check}.")
        print(
            f"Data keys: {counts.keys}, of owners: {counts.owners}; destroyed: {counts.shredded}; "
            f"still under a former key: {counts.waiting}."
        )
    return 0


async def run_verify(config: Config, options: Namespace) -> int:  # noqa: ARG001
    """Open every data key; 1 when one opens no more."""
    async with open_data(config) as opened:
        keyring = opened.custody.keyring
        found = keyring.examine()
        print(f"{found.whole} data keys open with the key {keyring.check}.")
    if found.damaged:
        some = ", ".join(found.damaged[:SHOWN])
        print(
            f"telehealth: {len(found.damaged)} data keys open no more ({some}): "
            f"put back a copy of {config.keys_at / STORE} made by `telehealth keys backup`.",
            file=sys.stderr,
        )
    return 1 if found.damaged else 0


async def run_rotate(config: Config, options: Namespace) -> int:
    """Put everything under a new key; an interrupted rotation is ended by calling it again."""
    async with open_data(config) as opened:
        if options.data:
            with Progress("Sealing again") as report:
                moved = await renew_data(opened, report)
            print(f"{moved} rows were sealed again under new data keys.")
        else:
            await _entered(opened, AuditAction.KEYS_ROTATED)
            with Progress("Wrapping again") as report:
                escrow = opened.custody.rotate(lambda moved: report("data keys", moved))
            show_escrow(escrow)
    return await run_status(config, options)


async def renew_data(opened: Opened, report: Callable[[str, int], None]) -> int:
    """Give every owner a new data key, seal all rows again, and return how many that were.

    A renewal that was interrupted is gone on with: no owner gets two new keys of one renewal.
    """
    store, keyring = opened.custody.store, opened.custody.keyring
    begun = store.recall(RENEWING)
    if not begun:
        await _entered(opened, AuditAction.KEYS_RENEWED)
        begun = opened.work.clock.now().isoformat()
        store.remember(RENEWING, begun)
    keyring.renew_all(datetime.fromisoformat(begun), lambda renewed: report("new keys", renewed))
    moved = await Resealing(opened.storage, lambda owner: keyring.key_for(owner).id).all(report)
    store.remember(RENEWING, "")
    return moved


async def _entered(opened: Opened, action: AuditAction) -> None:
    async with opened.work.units.writing() as uow:
        await enter(opened.work, uow, SYSTEM, action, entity="keys")


async def run_backup(config: Config, options: Namespace) -> int:
    """Copy the wrapped keys. They are not sealed again: without the key-encryption key they open nothing."""
    refuse_over(options.file)
    async with open_data(config) as opened:
        await _entered(opened, AuditAction.KEYS_COPIED)
        with appearing(options.file, opened.work.chance) as file:
            opened.custody.store.copy_to(file)
        print(f"The wrapped keys are in {options.file}; put it back as {config.keys_at / STORE}.")
        print(f"They open with the key {opened.custody.keyring.check} only: keep its escrow copy elsewhere.")
    return 0


async def run_restore(config: Config, options: Namespace) -> int:  # noqa: ARG001
    """Write the key file from the escrow copy; a key of other data, or one over another, is refused."""
    if sys.stdin.isatty():
        print("Type the escrow copy, then Enter and Ctrl-D:", file=sys.stderr)
    text, chance = sys.stdin.read(), SystemChance()
    LocalKek(from_escrow(text), chance).require(_wanted(config.keys_at / STORE))
    kek = FileKek.restore(config.keys_at / KEK, text, chance)
    print(f"The key {kek.current} is back in {config.keys_at / KEK}.")
    return 0


def _wanted(path: Path) -> str | None:
    """Return the check value of the key that wraps the data keys; None where these are not there either."""
    if not path.exists():
        return None
    store = KeyStore(path)
    try:
        return store.current_kek()
    finally:
        store.close()


async def run_escrow(config: Config, options: Namespace) -> int:  # noqa: ARG001
    """Show the escrow copy of the key in use, on a terminal only."""
    if not on_terminal():
        print(
            f"telehealth: the escrow copy opens everything: {HOW} shows it on a terminal only.",
            file=sys.stderr,
        )
        return 1
    async with open_data(config) as opened:
        print("Write down the escrow copy and keep it away from this machine:")
        print(f"  {opened.custody.escrow_copy()}", flush=True)
    return 0


def on_terminal() -> bool:
    """Whether a person reads along; whatever else reads our output (journals, log shippers) keeps it."""
    return sys.stdout.isatty()


def show_escrow(escrow: str | None) -> None:
    """Show a person the escrow copy of a key that was just made; elsewhere say how to come by it."""
    if escrow and on_terminal():
        print("A new key was made. Write down its escrow copy and keep it away from this machine:")
        print(f"  {escrow}\n", flush=True)
    elif escrow:
        print(f"A new key was made. Its escrow copy is shown by {HOW}, on a terminal only.", flush=True)
