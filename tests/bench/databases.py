"""Both databases as a bench wants them, and rows written to them without anything of ours in between."""

import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiosqlite
import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bench.cluster import sqlite
from tests.services import programs
from tests.services.postgresql import postgresql_server

CONNECTIONS = 20
DURABLE = ("journal_mode = WAL", "synchronous = FULL", "fullfsync = ON", "foreign_keys = ON")
"""The same promises as telehealth/storage/engine.py makes."""
Statement = tuple[str, Sequence[Any]]


class Bare(Protocol):
    """A way to write rows without us: one transaction of a few statements, on disk when it returns."""

    async def write(self, statements: Sequence[Statement]) -> None:
        """Commit the statements; `?` stands for a parameter."""
        ...


@dataclass(slots=True)
class RawSqlite:
    """SQLite's own driver with one connection that writes, as ours."""

    connection: aiosqlite.Connection

    async def write(self, statements: Sequence[Statement]) -> None:
        """Commit the statements, all in one turn of the connection's thread."""
        await self.connection._execute(self._write, statements)  # type: ignore[no-untyped-call]

    def _write(self, statements: Sequence[Statement]) -> None:
        raw = self.connection._conn
        raw.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in statements:
                raw.execute(sql, values)
        except sqlite3.Error:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")


@dataclass(slots=True)
class RawPostgresql:
    """asyncpg with as many connections as ours has at most."""

    pool: "asyncpg.Pool[Any]"

    async def write(self, statements: Sequence[Statement]) -> None:
        """Commit the statements."""
        async with self.pool.acquire() as connection, connection.transaction():
            for sql, values in statements:
                await connection.execute(numbered(sql), *values)


@dataclass(slots=True)
class Engine:
    """The engine that ours writes with, and nothing else of ours."""

    engine: AsyncEngine

    async def write(self, statements: Sequence[Statement]) -> None:
        """Commit the statements."""
        postgresql = self.engine.dialect.name == "postgresql"
        async with self.engine.begin() as connection:
            for sql, values in statements:
                await connection.exec_driver_sql(numbered(sql) if postgresql else sql, tuple(values))


def numbered(sql: str) -> str:
    """Return a statement with $1, $2 … for its question marks."""
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


@asynccontextmanager
async def raw(url: str) -> AsyncGenerator[Bare]:
    """Open a database with its driver alone."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        async with aiosqlite.connect(str(parsed.database), isolation_level=None) as connection:
            for pragma in DURABLE:
                await connection.execute(f"PRAGMA {pragma}")
            yield RawSqlite(connection)
    else:
        dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        async with asyncpg.create_pool(dsn, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
            yield RawPostgresql(pool)


@contextmanager
def databases() -> Generator[dict[str, tuple[str, Path]]]:
    """Give, for each kind that this machine has, the address of an empty database and an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        found = {"SQLite": (sqlite(place), place / "sqlite")}
        programs_folder = programs.postgresql()
        if programs_folder is None:
            yield found
            return
        with postgresql_server(programs_folder) as server, server.database() as url:
            yield found | {"PostgreSQL": (url, place / "postgresql")}
