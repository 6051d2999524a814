"""Bring a database to the newest schema, from code: what `telehealth migrate` and every start do."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from telehealth.storage.engine import database_url, writing_engine
from telehealth.storage.trouble import in_one_sentence

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x7E1E4EA1
"""Number of the advisory lock under which PostgreSQL is migrated by one process at a time."""


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


@cache
def newest() -> str:
    """Return the newest revision that this code brings; to find it, every migration is read."""
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    if head is None:
        raise RuntimeError("There are no migrations.")
    return head


@cache
def revisions() -> frozenset[str]:
    """Return every revision that this code knows; to find them, every migration is read."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(_alembic()).walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "") -> None:
    """Upgrade within the connection's transaction, to the newest revision or to an earlier one."""
    if revision_of(connection) == (to or newest()):
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, to or "head")


async def run_on(engine: AsyncEngine, work: Callable[[Connection], None]) -> None:
    """Run `work` in one writing transaction and close the engine; raises DatabaseTrouble."""
    try:
        with in_one_sentence():
            async with engine.begin() as connection:
                await connection.run_sync(work)
    finally:
        await engine.dispose()


async def migrate(url: str) -> None:
    """Upgrade the database at `url` (`Config.database`); all or nothing, safe to repeat."""
    await run_on(writing_engine(database_url(url)), upgrade)


async def revision(url: str) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    found: list[str | None] = []

    def look(connection: Connection) -> None:
        found.append(revision_of(connection))

    await run_on(writing_engine(database_url(url)), look)
    return found[0]
