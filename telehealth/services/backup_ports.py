"""What a backup needs of the database: all rows of one moment, and a way to put them into an empty one."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Row: TypeAlias = "tuple[bytes | None, ...]"
"""One row, each value as the bytes of its column's kind, None for NULL; what is sealed stays sealed."""


class BackupRefused(Exception):
    """A backup that is not made or not put back; nothing was touched, and the text says why."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as a backup holds it: the names of its columns with their kinds, in the order of its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]


class Snapshot(Protocol):
    """One moment of a database, however long it is looked at and whoever writes meanwhile."""

    @property
    def revision(self) -> str:
        """The schema's revision."""

    @property
    def tables(self) -> Sequence[TableShape]:
        """Every table, those that others refer to first."""

    def rows(self, table: TableShape) -> AsyncIterator[list[Row]]:
        """Yield all rows of a table, some at a time."""


class Source(Protocol):
    """The database that is backed up."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Open one moment of it; nobody who writes is held up."""


class Load(Protocol):
    """A database that is being filled."""

    async def put(self, table: TableShape, rows: Sequence[Row]) -> None:
        """Insert rows."""


class Target(Protocol):
    """The database that a backup is put into."""

    def knows(self, revision: str) -> bool:
        """Whether this version of the program knows a schema's revision."""

    async def is_empty(self) -> bool:
        """Whether there is no table in it, or no file at all; none is made by asking."""

    def loading(self, revision: str) -> AbstractAsyncContextManager[Load]:
        """Fill it as it was at a revision, then bring it up to date: all of it or nothing."""
