"""The database of wrapped data keys: one small SQLite file beside the KEK, apart from data and their backups.

Calls are synchronous and short (microseconds to read, one fsynced commit to write) and safe from any thread
and from several processes: a server and a command share the file. Without the KEK it opens nothing.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from telehealth.crypto.errors import KeyShredded, KeyStoreBroken
from telehealth.crypto.kek import sync_directory

PATIENCE = 10.0
"""Seconds to wait for another process that is writing."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS kek (
    id TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    current INTEGER NOT NULL CHECK (current IN (0, 1))
);
CREATE UNIQUE INDEX IF NOT EXISTS one_current_kek ON kek (current) WHERE current = 1;
CREATE TABLE IF NOT EXISTS data_key (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 1),
    kek_id TEXT NOT NULL REFERENCES kek (id),
    wrapped BLOB NOT NULL,
    created TEXT NOT NULL,
    shredded TEXT,
    UNIQUE (owner, generation)
);
CREATE TABLE IF NOT EXISTS memory (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
);
"""
COLUMNS = "id, owner, generation, kek_id, wrapped, created, shredded"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One wrapped data key as it stands in the file; instants are ISO 8601 texts."""

    id: str
    owner: str
    generation: int
    kek_id: str
    wrapped: bytes = field(repr=False)
    created: str
    shredded: str | None = None


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """How many keys there are, for `telehealth keys`."""

    owners: int
    keys: int
    shredded: int
    waiting: int
    """Keys still wrapped by a former KEK."""


class KeyStore:
    """`keys.sqlite`, opened or made."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it where it is absent; raises KeyStoreBroken."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = RLock()
        self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            # EXTRA: with a rollback journal, FULL alone may lose the last commit in a power cut.
            for pragma in (
                "synchronous = EXTRA",
                "secure_delete = ON",
                "foreign_keys = ON",
                "trusted_schema = OFF",
            ):
                self._db.execute(f"PRAGMA {pragma}")
            with self._writing():
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
        except sqlite3.DatabaseError as error:
            self._db.close()
            message = f"the key store {path} cannot be read ({error}); put back its own backup"
            raise KeyStoreBroken(message) from error
        sync_directory(path.parent)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def version(self) -> int:
        """A number that changes when another process has changed the file."""
        with self._lock:
            number: int = self._db.execute("PRAGMA data_version").fetchone()[0]
            return number

    def current_kek(self) -> str | None:
        """The id of the KEK that wraps new keys; None before the first."""
        row = self._one("SELECT id FROM kek WHERE current = 1")
        return None if row is None else str(row[0])

    def knows_kek(self, kek_id: str) -> bool:
        """Whether these keys are, or once were, wrapped by this KEK."""
        return self._one("SELECT 1 FROM kek WHERE id = ?", kek_id) is not None

    def first_kek(self, kek_id: str, at: datetime) -> str:
        """Make this KEK the current one unless there is one already; gives the current one."""
        with self._writing():
            if (current := self.current_kek()) is None:
                self._db.execute("INSERT INTO kek VALUES (?, ?, 1)", (kek_id, at.isoformat()))
                current = kek_id
            return current

    def change_kek(self, kek_id: str, at: datetime) -> None:
        """From now on new keys must be wrapped by this KEK."""
        with self._writing():
            self._db.execute("UPDATE kek SET current = 0 WHERE id <> ?", (kek_id,))
            self._db.execute(
                "INSERT INTO kek VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET current = 1",
                (kek_id, at.isoformat()),
            )

    def newest(self, owner: str) -> KeyRow | None:
        """The owner's key of the highest generation."""
        return self._row("owner = ? ORDER BY generation DESC LIMIT 1", owner)

    def of_generation(self, owner: str, generation: int) -> KeyRow | None:
        """The owner's key of one generation."""
        return self._row("owner = ? AND generation = ?", owner, generation)

    def by_id(self, key_id: str) -> KeyRow | None:
        """The key with this id."""
        return self._row("id = ?", key_id)

    def following(self, key_id: str) -> KeyRow | None:
        """Return the key after this one by id; the first one after an empty id, None after the last."""
        return self._row("id > ? ORDER BY id LIMIT 1", key_id)

    def wrapped_by_another(self, kek_id: str) -> KeyRow | None:
        """Any key that another KEK wraps; None when all are under this one."""
        return self._row("kek_id <> ? AND shredded IS NULL LIMIT 1", kek_id)

    def owners_older_than(self, before: datetime) -> list[str]:
        """Owners whose keys were all made before an instant, none destroyed."""
        statement = (
            "SELECT owner FROM data_key GROUP BY owner"
            " HAVING max(created) < ? AND max(shredded) IS NULL ORDER BY owner"
        )
        with self._lock:
            return [str(row[0]) for row in self._db.execute(statement, (before.isoformat(),))]

    def insert(self, row: KeyRow) -> KeyRow | None:
        """Keep a new key, durably, and give the one that stands for its owner and generation.

        Another process's key, where it was faster. None when the KEK was changed meanwhile: wrap again.
        Raises KeyShredded when the owner's keys were destroyed.
        """
        with self._writing():
            if self._one("SELECT 1 FROM data_key WHERE owner = ? AND shredded IS NOT NULL", row.owner):
                message = f"the keys of {row.owner} were destroyed"
                raise KeyShredded(message)
            if self.current_kek() != row.kek_id:
                return None
            self._db.execute(
                f"INSERT INTO data_key ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, NULL)"  # noqa: S608 - constant text
                " ON CONFLICT (owner, generation) DO NOTHING",
                (row.id, row.owner, row.generation, row.kek_id, row.wrapped, row.created),
            )
            return self.of_generation(row.owner, row.generation)

    def rewrap(self, row: KeyRow, kek_id: str, wrapped: bytes) -> None:
        """Put the same key under another KEK, unless the row has changed since it was read."""
        with self._writing():
            self._db.execute(
                "UPDATE data_key SET kek_id = ?, wrapped = ? WHERE id = ? AND wrapped = ?",
                (kek_id, wrapped, row.id, row.wrapped),
            )

    def shred(self, owner: str, at: datetime) -> int:
        """Overwrite the owner's wrapped keys with zeros and mark them; gives how many that were."""
        with self._writing():
            return self._db.execute(
                "UPDATE data_key SET wrapped = zeroblob(length(wrapped)), shredded = ?"
                " WHERE owner = ? AND shredded IS NULL",
                (at.isoformat(), owner),
            ).rowcount

    def shredded_owners(self) -> list[str]:
        """Every owner with a destroyed key."""
        statement = "SELECT DISTINCT owner FROM data_key WHERE shredded IS NOT NULL ORDER BY owner"
        with self._lock:
            return [str(row[0]) for row in self._db.execute(statement)]

    def counts(self) -> KeyCounts:
        """How many keys there are and how many wait for a rotation to end."""
        row = self._one(
            "SELECT count(DISTINCT owner), count(*), count(shredded), count(*) FILTER (WHERE shredded IS NULL"
            " AND kek_id NOT IN (SELECT id FROM kek WHERE current = 1)) FROM data_key"
        )
        return KeyCounts(*(row or (0, 0, 0, 0)))

    def copy_to(self, path: Path) -> None:
        """Write all of the file as it is at one moment into an empty file; raises KeyStoreBroken."""
        copy = sqlite3.connect(path, isolation_level=None)
        try:
            with self._lock:
                self._db.backup(copy)
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        finally:
            copy.close()
        if found != "ok":
            message = f"the copy of the key store is not whole ({found})"
            raise KeyStoreBroken(message)

    def recall(self, name: str) -> str:
        """Return the text that was remembered here, away from the data, under a name; empty for nothing."""
        row = self._one("SELECT text FROM memory WHERE name = ?", name)
        return "" if row is None else str(row[0])

    def remember(self, name: str, text: str) -> None:
        """Keep a text, nothing secret, under a name in place of the one before."""
        with self._writing():
            self._db.execute(
                "INSERT INTO memory VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text",
                (name, text),
            )

    def _row(self, condition: str, *values: str | int) -> KeyRow | None:
        row = self._one(f"SELECT {COLUMNS} FROM data_key WHERE {condition}", *values)  # noqa: S608 - constant texts
        return None if row is None else KeyRow(*row)

    def _one(self, statement: str, *values: str | int) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
            return row

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction that takes the write lock at its start, so that reading inside it decides."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
