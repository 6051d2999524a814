"""Empty, migrated databases: migrating a fresh one for each test takes longer than most tests."""

import asyncio
import shutil
from pathlib import Path

import asyncpg

from telehealth.storage.migrate import migrate
from telehealth.storage.rows import metadata

LONG = 128 * 1024
"""Bytes of a table from which on going through what was deleted takes longer than making new files."""


def migrated_sqlite(path: Path) -> Path:
    """Make an empty, migrated SQLite file, to be copied for each test."""
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


def copied(template: Path, folder: Path) -> str:
    """The address of a copy of an empty SQLite file in `folder`."""
    path = folder / "test.sqlite"
    shutil.copy(template, path)
    return f"sqlite:///{path}"


def emptied(url: str) -> str:
    """The same address of a PostgreSQL database, once it is empty."""
    asyncio.run(_empty(url))
    return url


async def _empty(url: str) -> None:
    """Delete every row, past the rules that forbid it; quicker than TRUNCATE, which syncs a hundred files.

    Deleted rows stay in a table until it is cleaned up, and every test would go through those of all tests
    before: what has grown long is truncated.
    """
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    grown = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_size(oid) > $1", LONG
    )
    long = {row["relname"] for row in grown}
    tables = [each.name for each in metadata.sorted_tables]
    truncated = ", ".join(f'"{name}"' for name in tables if name in long)
    await connection.execute(
        "BEGIN; SET LOCAL session_replication_role = replica;"
        + (f"TRUNCATE {truncated} CASCADE;" if truncated else "")
        + "".join(f'DELETE FROM "{name}";' for name in tables)
        + "COMMIT"
    )
    await connection.close()
