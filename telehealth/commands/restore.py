"""`telehealth restore`: a backup back into an empty DATA and database, everything checked before."""

from argparse import ArgumentTypeError, Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from telehealth.app import assemble
from telehealth.background import ANCHORS, chain_of, delivery_of
from telehealth.commands.archive_files import Archive, appearing, chosen
from telehealth.commands.backup import Progress, opened_contents, told
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import Custody
from telehealth.opening import SystemClock, only_server, open_data, open_keys
from telehealth.services.backup_ports import BackupRefused
from telehealth.services.ports import Clock
from telehealth.services.restoring import Aftermath, Contents, load
from telehealth.storage.copying import FilledDatabase

AFTERWARDS = """Everybody signs in anew; patients and guests open the link to their visit again.
As at the backup's moment are also passwords and second factors, who was disabled or removed since, and links:
one that was used, replaced or taken back since may work again until it expires.
`telehealth audit verify` tells what is lost."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("restore", help="put a backup back, into an empty DATA and database")
    parser.add_argument("where", type=Path, metavar="FILE|FOLDER", help="a backup, or a folder of backups")
    parser.add_argument(
        "--at",
        type=instant,
        metavar="TIME",
        help="the newest that was made by then, as 2026-11-27T18:00+01:00",
    )
    parser.add_argument(
        "--send",
        action="store_true",
        help="let messages leave that were due already; some may have left before",
    )
    parser.add_argument(
        "--despite-missing-keys", action="store_true", help="restore what can be read where keys are lost"
    )
    parser.set_defaults(run=run)


def instant(text: str) -> datetime:
    """Read an instant with its offset; raises ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise ArgumentTypeError(f"{text!r} is no time with its offset from UTC, as 2026-11-27T18:00+01:00")
    return found


async def run(config: Config, options: Namespace) -> int:
    """Put a backup back."""
    await put_back(config, options, SystemClock())
    return 0


async def put_back(config: Config, options: Namespace, clock: Clock) -> None:
    """Check everything, fill the database, and make it ready to be served from."""
    target = FilledDatabase(config.database)
    await _require_empty(config, target)
    archive = chosen(options.where, options.at)
    print(f"Restoring {archive}.", flush=True)
    with open_keys(config) as custody:
        contents = opened_contents(archive, custody, config, all_keys=not options.despite_missing_keys)
        with only_server(config):
            await _fill(config, archive, custody, contents)
            await _settle(config, archive, clock, send=options.send)
    print(f"Restored: {told(contents)}.\n{AFTERWARDS}")


async def _require_empty(config: Config, target: FilledDatabase) -> None:
    anchors = config.data / ANCHORS
    if anchors.exists():
        raise BackupRefused(f"there is an audit log in {anchors} already: restore into an empty folder")
    if not await target.is_empty():
        raise BackupRefused(
            "the database is not empty, and nothing is overwritten: restore into an empty one"
        )


async def _fill(config: Config, archive: Archive, custody: Custody, contents: Contents) -> None:
    """Write all rows in one transaction, then the anchors: where the rows fail, nothing is left to clear."""
    made, target = archive.head.made.isoformat(), FilledDatabase(config.database)
    with Progress("Restoring") as report:
        await load(archive.items(custody), target, contents, made, report)
    if contents.anchors:
        with appearing(config.data / ANCHORS, SystemChance()) as file:
            file.write_text("".join(f"{line}\n" for line in contents.anchors), "utf-8")


async def _settle(config: Config, archive: Archive, clock: Clock, *, send: bool) -> None:
    async with open_data(config, clock, restoring=True) as opened:
        assembled = assemble(opened)
        try:
            aftermath = Aftermath(work=opened.work, chain=chain_of(opened))
            set_aside = None if send else delivery_of(assembled).give_up_due
            messages = await aftermath.settle(archive.head.made.isoformat(), set_aside)
        finally:
            assembled.hashing.close()
    if messages:
        print(
            f"{messages} messages were due already and may have left since the backup: they are not sent"
            " again, and their visits say that it is unsure."
        )
