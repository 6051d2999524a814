"""SQLite under asyncio with a thread only for what may wait: the write lock, and the disk at COMMIT.

SQLAlchemy's asyncio dialect for SQLite expects connections and cursors shaped as aiosqlite makes them; these
are. aiosqlite hands every call to a thread, four for one statement, and each costs more than the statement.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self


class Cursor:
    """A statement and its rows."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._raw = connection.raw.cursor()

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """The columns of the rows; None when there are none."""
        return self._raw.description

    @property
    def rowcount(self) -> int:
        """How many rows a write changed."""
        return self._raw.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number that SQLite gave the last inserted row."""
        return self._raw.lastrowid

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement."""
        await self._connection.run(partial(self._raw.execute, sql, parameters))

    async def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row of parameters."""
        await self._connection.run(partial(self._raw.executemany, sql, rows))

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return self._raw.fetchall()

    async def close(self) -> None:
        """Let go of the statement."""
        self._raw.close()


class Connection:
    """A connection whose statements run where they are called, but for those that may wait.

    On a writing one that is everything outside a transaction, foremost BEGIN IMMEDIATE, and the end of one.
    A reading one waits for nobody: in WAL, whoever writes holds up no reader.
    """

    def __init__(self, raw: sqlite3.Connection, thread: ThreadPoolExecutor | None) -> None:
        self.raw = raw
        self._thread = thread

    @property
    def _connection(self) -> sqlite3.Connection:
        """What the dialect asks before it ends a transaction: whether there is a connection."""
        return self.raw

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self)

    async def create_function(self, *definition: Any, **how: Any) -> None:
        """Give SQL a function: the dialect brings two."""
        self.raw.create_function(*definition, **how)

    async def run(self, call: Callable[[], object]) -> None:
        """Run a statement here within a transaction, else where it may wait."""
        if self.raw.in_transaction:
            call()
        else:
            await self._apart(call)

    async def commit(self) -> None:
        """Commit; on disk when this returns."""
        if self.raw.in_transaction:
            await self._apart(self.raw.commit)

    async def rollback(self) -> None:
        """Undo what is not committed."""
        if self.raw.in_transaction:
            await self._apart(self.raw.rollback)

    async def close(self) -> None:
        """Close; whatever is not committed is undone."""
        await self._apart(self.raw.close)
        self.stop()

    def stop(self) -> None:
        """Close without being waited for, behind what the thread is doing."""
        if self._thread is None:
            self.raw.close()
            return
        self._thread.submit(self.raw.close)
        self._thread.shutdown(wait=False)

    async def _apart(self, call: Callable[[], object]) -> None:
        """Call in the connection's thread; who is cancelled leaves only when the call has ended.

        Nobody else may then meet a connection in use, nor mistake a commit under way for one undone.
        """
        if self._thread is None:
            call()
            return
        running = asyncio.get_running_loop().run_in_executor(self._thread, call)
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise


async def connect(path: str, *, writes: bool, **settings: Any) -> Connection:
    """Open a connection; `settings` are those of sqlite3.connect."""
    settings["check_same_thread"] = False
    raw = sqlite3.connect(path, **settings)
    return Connection(raw, ThreadPoolExecutor(1, "sqlite") if writes else None)
