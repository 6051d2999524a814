"""All rows of a database at one moment, and putting them into an empty one: what a backup is made of.

README.md tells why rows are copied, and not the database's own files or dumps.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Table, TableClause, column, insert, inspect, select, table, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from telehealth.services.backup_ports import BackupRefused, Row, TableShape
from telehealth.storage.cells import KINDS, cell, kind_of, value
from telehealth.storage.engine import database_url, writing_engine
from telehealth.storage.migrate import revision_of, revisions, run_on, upgrade
from telehealth.storage.remembered import absent
from telehealth.storage.rows import metadata
from telehealth.storage.trouble import in_one_sentence

PAGE = 1000
"""Rows that are read at once: a big table is never in memory as a whole."""


@dataclass(frozen=True, slots=True)
class DatabaseSnapshot:
    """The Snapshot Protocol over a reading transaction."""

    connection: AsyncConnection
    revision: str
    tables: tuple[TableShape, ...]

    async def rows(self, table: TableShape) -> AsyncIterator[list[Row]]:
        """Yield all rows in the order of their primary key, a page at a time."""
        source, kinds = _light(table), [kind for _, kind in table.columns]
        key = {each.name for each in metadata.tables[table.name].primary_key}
        places = [place for place, (name, _) in enumerate(table.columns) if name in key]
        keys = [list(source.c)[place] for place in places]
        page = select(*source.c).order_by(*keys).limit(PAGE)
        found = (await self.connection.execute(page)).all()
        while found:
            yield [tuple(map(cell, kinds, row)) for row in found]
            last = tuple(found[-1][place] for place in places)
            following = page.where(tuple_(*keys) > last)
            found = (await self.connection.execute(following)).all() if len(found) == PAGE else []


class CopiedDatabase:
    """The Source Protocol over a reading engine."""

    def __init__(self, reader: AsyncEngine) -> None:
        self._reader = reader

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[DatabaseSnapshot]:
        """Open one moment of the database; raises DatabaseTrouble."""
        with in_one_sentence():
            async with self._reader.connect() as connection:
                revision = await connection.run_sync(revision_of)
                yield DatabaseSnapshot(connection, revision or "", tuple(map(_shape, metadata.sorted_tables)))


class DatabaseLoad:
    """The Load Protocol over a writing transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, table: TableShape, rows: Sequence[Row]) -> None:
        """Insert rows, each with all of the table's columns."""
        values = [
            {name: value(kind, content) for (name, kind), content in zip(table.columns, row, strict=True)}
            for row in rows
        ]
        await self._connection.execute(insert(_light(table)), values)


class FilledDatabase:
    """The Target Protocol for the database at a URL."""

    def __init__(self, url: str) -> None:
        """`url` is `Config.database`; nothing is opened yet."""
        self._url = database_url(url)

    def knows(self, revision: str) -> bool:
        """Whether there is a migration to this revision here."""
        return revision in revisions()

    async def is_empty(self) -> bool:
        """Whether there is no table, or no file at all; raises DatabaseTrouble."""
        if absent(self._url):
            return True
        found: list[str] = []

        def look(connection: Connection) -> None:
            found.extend(inspect(connection).get_table_names())

        await run_on(writing_engine(self._url), look)
        return not found

    @asynccontextmanager
    async def loading(self, revision: str) -> AsyncGenerator[DatabaseLoad]:
        """Make the tables as they were, let them be filled, bring them up to date: one transaction.

        Raises BackupRefused where somebody else was faster, and DatabaseTrouble.
        """
        engine = writing_engine(self._url)
        try:
            with in_one_sentence():
                async with engine.begin() as connection:
                    if await connection.run_sync(revision_of) is not None:
                        raise BackupRefused("the database was filled by somebody else meanwhile")
                    await connection.run_sync(partial(upgrade, to=revision))
                    yield DatabaseLoad(connection)
                    await connection.run_sync(upgrade)
        finally:
            await engine.dispose()


def _shape(known: Table) -> TableShape:
    return TableShape(known.name, tuple((each.name, kind_of(each)) for each in known.columns))


def _light(shape: TableShape) -> TableClause:
    """Return a table of plain values, without what the domain makes of them."""
    return table(shape.name, *(column(name, KINDS[kind].type) for name, kind in shape.columns))
