"""The migrations give exactly the tables that the code speaks of, at once or not at all."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from telehealth.storage.engine import database_url as parsed
from telehealth.storage.engine import writing_engine
from telehealth.storage.migrate import migrate, newest, revision, run_on
from telehealth.storage.rows import metadata


async def looked_at(url: str) -> list[object]:
    differences: list[object] = []

    def look(connection: Connection) -> None:
        differences.extend(compare_metadata(MigrationContext.configure(connection), metadata))

    await run_on(writing_engine(parsed(url)), look)
    return differences


async def test_the_migrated_schema_is_the_one_in_code(database_url: str) -> None:
    assert await revision(database_url) is None
    await migrate(database_url)
    assert await revision(database_url) == newest()
    assert await looked_at(database_url) == []


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    await migrate(database_url)
    assert await revision(database_url) == newest()


async def test_two_who_migrate_at_once_both_find_it_done(database_url: str) -> None:
    await asyncio.gather(migrate(database_url), migrate(database_url))
    assert await looked_at(database_url) == []


async def test_whoever_writes_to_a_new_file_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def done() -> None:
        await asyncio.sleep(0.2)  # not in WAL mode yet, a lock refuses that mode at once and for as long
        other.execute("COMMIT")

    await asyncio.gather(migrate(f"sqlite:///{file}"), done())
    assert await revision(f"sqlite:///{file}") == newest()
    other.close()


async def test_a_migration_that_fails_leaves_nothing(database_url: str) -> None:
    def stand_in_the_way(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE meta (other integer)"))

    await run_on(writing_engine(parsed(database_url)), stand_in_the_way)
    with pytest.raises(Exception, match="meta"):
        await migrate(database_url)
    tables: list[str] = []
    await run_on(
        writing_engine(parsed(database_url)), lambda found: tables.extend(inspect(found).get_table_names())
    )
    assert tables == ["meta"]


async def test_every_foreign_key_leads_to_an_index(database_url: str) -> None:
    """Every reference points to a primary key: looking up and deleting never walks a table."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            assert key.column.primary_key, f"{table.name}.{key.parent.name}"


async def test_the_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "telehealth.sqlite"
    await migrate(f"sqlite+aiosqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_sqlite_is_opened_as_durably_as_promised(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.sqlite'}"
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
        "temp_store": 2,
        "trusted_schema": 0,
    }
    engine = writing_engine(parsed(url))
    async with engine.connect() as connection:
        found = {name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in expected}
    await engine.dispose()
    assert found == expected
