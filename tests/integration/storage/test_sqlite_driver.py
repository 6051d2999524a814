"""SQLite's connections: what may wait never holds up the server, and a cancelled end is still an end."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from telehealth.storage.sqlite_driver import Connection, connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "driver.sqlite") as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE kept (word TEXT)")
    raw.close()
    return tmp_path / "driver.sqlite"


async def opened(path: Path, *, writes: bool = True) -> Connection:
    return await connect(str(path), writes=writes, isolation_level=None, timeout=10)


@contextmanager
def somebody_else_writing(path: Path) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("COMMIT")
        other.close()


def words(path: Path) -> list[str]:
    raw = sqlite3.connect(path)
    found = [word for (word,) in raw.execute("SELECT word FROM kept ORDER BY word")]
    raw.close()
    return found


async def test_waiting_for_the_write_lock_does_not_hold_up_the_server(path: Path) -> None:
    connection = await opened(path)
    with somebody_else_writing(path):
        begun = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not begun.done()
    await begun
    await connection.rollback()
    await connection.close()


async def test_a_commit_whose_caller_is_cancelled_is_done_before_anything_else(path: Path) -> None:
    connection = await opened(path)
    await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.cursor().execute("INSERT INTO kept VALUES (?)", ("said",))
    commit = asyncio.create_task(connection.commit())
    await asyncio.sleep(0)
    commit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await commit
    assert not connection.raw.in_transaction
    assert words(path) == ["said"]
    await connection.close()


async def test_who_gives_up_waiting_for_the_lock_leaves_a_connection_at_rest(path: Path) -> None:
    connection = await opened(path)
    with somebody_else_writing(path):
        begun = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
        await asyncio.sleep(0)
        begun.cancel()
        await asyncio.sleep(0)
        assert not begun.done()
    with pytest.raises(asyncio.CancelledError):
        await begun
    await connection.rollback()
    with somebody_else_writing(path):
        pass
    await connection.close()


async def test_closing_undoes_what_was_not_committed(path: Path) -> None:
    connection = await opened(path)
    await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.cursor().execute("INSERT INTO kept VALUES (?)", ("unsaid",))
    await connection.close()
    assert words(path) == []


async def test_stopping_waits_for_nobody_and_lets_go_of_the_lock(path: Path) -> None:
    for writes in (True, False):
        connection = await opened(path, writes=writes)
        await connection.cursor().execute("BEGIN IMMEDIATE")
        connection.stop()
    with somebody_else_writing(path):
        pass


async def test_a_reader_reads_while_somebody_writes(path: Path) -> None:
    connection = await opened(path, writes=False)
    with somebody_else_writing(path):
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        await cursor.execute("SELECT count(*) FROM kept")
        assert await cursor.fetchall() == [(0,)]
        await connection.commit()
    await connection.close()
