"""One open transaction as repositories use it: statements in, rows out, refusals in our own words."""

import logging
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Executable, Insert, Row, Select, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolEmpty
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from telehealth.domain.errors import Refused, SlotTaken, StaleVersion, Unavailable

POSTGRESQL_STATES: dict[str, type[Refused]] = {
    "23P01": SlotTaken,  # exclusion_violation
    "23505": StaleVersion,  # unique_violation
    "40001": Unavailable,  # serialization_failure
    "40P01": Unavailable,  # deadlock_detected
    "55P03": Unavailable,  # lock_not_available
    "53300": Unavailable,  # too_many_connections
    "57P01": Unavailable,  # admin_shutdown
}
SQLITE_WORDS: dict[str, type[Refused]] = {
    "slot-taken": SlotTaken,
    "UNIQUE constraint failed": StaleVersion,
    "database is locked": Unavailable,
}
Values = Mapping[str, Any]
NOT_REACHED = (PoolEmpty, DBAPIError, PostgresError, InterfaceError, OSError)

log = logging.getLogger(__name__)


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a connection for a block; raises Unavailable when there is none to be had in time."""
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.connect())
        except NOT_REACHED as error:
            log.warning("the database cannot be reached", exc_info=True)
            raise Unavailable from error
        yield connection


def refusal(error: DBAPIError) -> Refused | None:
    """Return what the database's error means to a service; None for what is a mistake of ours."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        found = POSTGRESQL_STATES.get(state)
    else:
        found = next((kind for words, kind in SQLITE_WORDS.items() if words in str(error.orig)), None)
    if found is None and error.connection_invalidated:
        found = Unavailable
    return found() if found else None


@contextmanager
def in_our_words() -> Generator[None]:
    """Raise the database's refusals as the domain's."""
    try:
        yield
    except DBAPIError as error:
        refused = refusal(error)
        if refused is None:
            raise
        raise refused from error


@cache
def _insert(table: Table) -> Insert:
    """A statement made once has its SQL at once: SQLAlchemy compiles it again for every new object."""
    return insert(table)


@lru_cache(maxsize=256)
def _locking(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(key_share=True)


class Transaction:
    """A connection within its transaction. After the database refused a write, nothing of it is committed."""

    def __init__(self, connection: AsyncConnection, *, writing: bool) -> None:
        self._connection = connection
        self._writing = writing
        self.refused: Refused | None = None

    @property
    def postgresql(self) -> bool:
        """Whether this is PostgreSQL; otherwise it is SQLite."""
        return self._connection.dialect.name == "postgresql"

    @property
    def locks(self) -> bool:
        """Whether rows are locked that are read here in order to be changed."""
        return self._writing and self.postgresql

    async def queue_for(self, name: str) -> None:
        """Wait until no other writing unit holds `name`; it is held until this one ends.

        For what has no row to lock yet. SQLite's writing units come one after the other anyway.
        """
        if self.locks:
            number = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
            await self.all(select(func.pg_advisory_xact_lock(number)))

    def kept(self, statement: Select[Any]) -> Select[Any]:
        """Lock what a writing unit reads in order to change it.

        PostgreSQL takes row locks, so that of two units the second sees what the first wrote; SQLite's
        writing units have locked the whole database and need none.
        """
        return _locking(statement) if self.locks else statement

    async def all(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        """Return every row; `values` are those of the statement's bound parameters."""
        with self._watched():
            return (await self._connection.execute(statement, values)).all()

    async def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """Return the first row or None."""
        with self._watched():
            return (await self._connection.execute(statement, values)).first()

    async def write(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement that changes rows; returns how many."""
        with self._watched():
            return (await self._connection.execute(statement, values)).rowcount

    async def insert(self, table: Table, rows: Values | Sequence[Values]) -> None:
        """Insert one row or several, all with the same columns."""
        await self.write(_insert(table), rows)

    async def swap(self, statement: Executable, values: Values | None = None) -> None:
        """Run an UPDATE that must meet exactly one row; raises StaleVersion when it met none."""
        if await self.write(statement, values) == 0:
            raise StaleVersion

    @contextmanager
    def _watched(self) -> Generator[None]:
        """Remember a refusal: the transaction may be half done, so it must not be committed any more."""
        try:
            with in_our_words():
                yield
        except Refused as refused:
            self.refused = refused
            raise
