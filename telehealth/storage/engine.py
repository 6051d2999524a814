"""The two engines of a database: one to write with, one that can only read."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import AdaptedConnection, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from telehealth.storage.sqlite_driver import connect
from telehealth.storage.trouble import in_one_sentence

PATIENCE = 10_000
"""Milliseconds that SQLite waits for another process that is writing."""
READERS = 4
"""Connections that read SQLite side by side."""
POSTGRESQL_POOL = 10
POOL_TIMEOUT = 5
"""Seconds that a unit waits for one of the connections, or for a new one to open; then it is refused."""
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}

PRAGMAS = (
    "synchronous = FULL",
    "fullfsync = ON",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)


def database_url(text: str) -> URL:
    """Parse a database URL and name our driver where none is named; raises DatabaseTrouble."""
    with in_one_sentence():
        url = make_url(text)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def writing_engine(url: URL) -> AsyncEngine:
    """Return the engine that writes; on SQLite it has one connection and takes the write lock at BEGIN."""
    if url.get_backend_name() != "sqlite":
        return _postgresql(url)
    _make_private(url)
    return _sqlite(url, "BEGIN IMMEDIATE", size=1, writes=True)


def reading_engine(url: URL, writer: AsyncEngine) -> AsyncEngine:
    """Return the engine that only reads: each transaction sees one moment of the database."""
    if url.get_backend_name() != "sqlite":
        return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _sqlite(url, "BEGIN", "query_only = ON", size=READERS, writes=False)


def _sqlite(url: URL, begin: str, *more: str, size: int, writes: bool) -> AsyncEngine:
    """Return a SQLite engine that begins transactions itself: the driver's begin too late."""
    engine = create_async_engine(
        url,
        connect_args={
            "async_creator_fn": partial(connect, writes=writes),
            "isolation_level": None,
            "timeout": PATIENCE / 1000,
        },
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        _write_ahead(cursor)
        for pragma in (*PRAGMAS, *more):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _write_ahead(cursor: Any) -> None:
    """Put a database into WAL mode, which lasts; again after whoever is writing to a new one.

    Two who both read the file and want it for themselves could wait for each other for ever, so SQLite
    refuses this at once (SQLITE_BUSY) whatever the busy timeout; for a BEGIN IMMEDIATE it waits.
    """
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except OperationalError:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA journal_mode = WAL")


def _postgresql(url: URL) -> AsyncEngine:
    """Return an engine that asks of each connection whether it lives, in one round trip.

    With `pool_pre_ping` SQLAlchemy begins and ends a transaction for that, for the sake of other poolers.
    """
    engine = create_async_engine(
        url,
        pool_size=POSTGRESQL_POOL,
        max_overflow=POSTGRESQL_POOL,
        pool_timeout=POOL_TIMEOUT,
        connect_args={
            "timeout": POOL_TIMEOUT,
            "server_settings": {
                "application_name": "telehealth",
                "timezone": "UTC",
                "jit": "off",  # to compile any statement of ours takes longer than that saves
                "lock_timeout": str(PATIENCE),
                "idle_in_transaction_session_timeout": "60000",
            },
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def ask(connection: AdaptedConnection, *_: Any) -> None:
        try:
            connection.run_async(lambda driver: driver.execute("SELECT 1"))
        except (PostgresError, InterfaceError, OSError) as error:
            raise InvalidatePoolError from error

    return engine


def _make_private(url: URL) -> None:
    """Create the database file for its owner only; SQLite gives WAL and shared memory the same mode."""
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
