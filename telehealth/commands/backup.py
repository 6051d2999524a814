"""`telehealth backup`: everything of one moment in one sealed file, read back; or a look at an old one."""

import sys
import time
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from telehealth.background import ANCHORS
from telehealth.commands.archive_files import Archive, appearing, archive_at, chosen, new_name
from telehealth.config import Config
from telehealth.crypto.archive import ArchiveWriter
from telehealth.crypto.custody import Custody
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.seal import SALT
from telehealth.opening import Opened, SystemClock, open_data, open_keys
from telehealth.services.backup_ports import BackupRefused
from telehealth.services.backups import Backups
from telehealth.services.ports import Clock
from telehealth.services.restoring import Contents, read_through, require_known
from telehealth.storage.copying import CopiedDatabase, FilledDatabase
from telehealth.workers.auditing import AnchorFile

OFTEN = 0.2
"""Seconds between two lines of progress."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("backup", help="write a sealed backup; safe beside a running server")
    parser.add_argument("where", type=Path, metavar="FILE|FOLDER", help="the new file, or a folder for it")
    parser.add_argument(
        "--verify",
        action="store_true",
        help="write nothing: read this backup, or the folder's newest, through",
    )
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Make a backup, or verify one."""
    if options.verify:
        verify(config, options.where)
    else:
        await make(config, options.where, SystemClock())
    return 0


async def make(config: Config, where: Path, clock: Clock) -> None:
    """Write a backup and read it back before it gets its name."""
    async with open_data(config, clock) as opened:
        made = clock.now()
        path = new_name(where, made)
        with appearing(path, opened.work.chance) as partial:
            await _write(opened, partial, made)
            contents = opened_contents(archive_at(partial), opened.custody, config)
    print(f"Backed up to {path}: {told(contents)}. Read back: it is whole.")


async def _write(opened: Opened, path: Path, made: datetime) -> None:
    keyring, work = opened.custody.keyring, opened.work
    secret = keyring.derived(Purpose.BACKUP_KEY)
    anchors = AnchorFile(opened.config.data / ANCHORS, opened.custody.store)
    backups = Backups(work=work, source=CopiedDatabase(opened.storage.engines[1]), anchors=anchors)
    with path.open("wb") as file, Progress("Writing") as report:
        archive = ArchiveWriter(file, secret, made=made, key=keyring.root(), salt=work.chance.token(SALT))
        await backups.make(made, archive.write, report)
        archive.finish()


def verify(config: Config, where: Path) -> None:
    """Read a backup through: every chunk, its digests, its schema and its keys."""
    archive = chosen(where)
    with open_keys(config) as custody:
        contents = opened_contents(archive, custody, config)
    print(f"{archive} is whole: {told(contents)}. Its keys are here.")


def opened_contents(archive: Archive, custody: Custody, config: Config, *, all_keys: bool = True) -> Contents:
    """Return what a backup holds, all of it checked; raises what is wrong with it."""
    with Progress("Checking") as report:
        contents = read_through(archive.items(custody), report)
    require_known(contents, FilledDatabase(config.database))
    missing = custody.keyring.missing(contents.key_ids)
    if missing and all_keys:
        raise BackupRefused(
            f"{len(missing)} of {len(contents.key_ids)} keys of the backup are not in {custody.directory}:"
            " put back a newer copy of the keys"
        )
    return contents


def told(contents: Contents) -> str:
    """Return what is in a backup, for people."""
    return f"{contents.rows} rows of {contents.tables} tables, schema {contents.revision}"


class Progress:
    """Tells a terminal how far it is, on one line that is cleared at the end; elsewhere it says nothing."""

    def __init__(self, what: str) -> None:
        self._what, self._last, self._shown = what, 0.0, sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def __call__(self, table: str, rows: int) -> None:
        """Tell the table and the rows so far, now and then."""
        now = time.monotonic()
        if self._shown and now - self._last > OFTEN:
            self._last = now
            print(f"\r\033[K{self._what}: {rows} rows, {table}", end="", file=sys.stderr, flush=True)
