"""Backups as files: written under another name and given theirs when whole, found again in a folder."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from telehealth.crypto.archive import ArchiveHead, opened_chunks, read_head
from telehealth.crypto.chance import Chance
from telehealth.crypto.custody import Custody
from telehealth.crypto.errors import ArchiveBroken, WrongKey
from telehealth.crypto.kek import sync_directory
from telehealth.crypto.purposes import Purpose
from telehealth.services.backup_ports import BackupRefused
from telehealth.services.backup_stream import Item, read_stream

SUFFIX = ".backup"
PARTIAL = ".partial"


def new_name(where: Path, made: datetime) -> Path:
    """Return the file that a backup is to be; one named by its instant in a folder. Refuses to overwrite."""
    path = where / f"telehealth-{made:%Y%m%dT%H%M%SZ}{SUFFIX}" if where.is_dir() else where
    refuse_over(path)
    return path


def refuse_over(path: Path) -> None:
    """Raise BackupRefused where something stands already."""
    if path.exists():
        raise BackupRefused(f"{path} exists, and nothing is overwritten: name another file")


@contextmanager
def appearing(path: Path, chance: Chance) -> Generator[Path]:
    """Give an empty file under another name; it gets its own when the block ends well and it is on disk.

    What is left of a process that was killed ends in `.partial`; it is no backup and may be deleted.
    """
    partial = path.with_name(f"{path.name}.{chance.token(4).hex()}{PARTIAL}")
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield partial
        os.fsync(handle)
        refuse_over(path)
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync_directory(path.parent)


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup's file and what its head says."""

    path: Path
    head: ArchiveHead

    def __str__(self) -> str:
        return f"{self.path} of {self.head.made.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"

    def items(self, custody: Custody) -> Iterator[Item]:
        """Yield what it holds; raises WrongKey, ArchiveBroken."""
        root = custody.keyring.root()
        if self.head.key != root:
            raise WrongKey(
                f"{self.path} was sealed with the key {self.head.key}, not with that in {custody.directory}"
            )
        with self.path.open("rb") as file:
            if read_head(file) != self.head:
                raise ArchiveBroken("the backup was changed while it was read")
            chunks = opened_chunks(file, self.head, custody.keyring.derived(Purpose.BACKUP_KEY))
            try:
                yield from read_stream(chunks)
            except ArchiveBroken as broken:
                raise ArchiveBroken(f"{self.path}: {broken}") from None


def archive_at(path: Path) -> Archive:
    """Return the backup in a file; raises ArchiveBroken, OSError."""
    with path.open("rb") as file:
        try:
            return Archive(path, read_head(file))
        except ArchiveBroken as broken:
            raise ArchiveBroken(f"{path}: {broken}") from None


def chosen(where: Path, at: datetime | None = None) -> Archive:
    """Return the backup in a file, or the newest one of a folder, if it was made by an instant.

    Raises BackupRefused where there is none, ArchiveBroken where one of them does not say when it was made.
    """
    paths = sorted(where.glob(f"*{SUFFIX}")) if where.is_dir() else [where]
    found = [each for each in map(archive_at, paths) if at is None or each.head.made <= at]
    if not found:
        raise BackupRefused(f"there is no backup in {where}" + (f" that was made by {at}" if at else ""))
    return max(found, key=lambda each: each.head.made)
