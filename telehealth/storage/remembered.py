"""Facts about a database that may not exist yet, read before any key is opened."""

from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import URL, Connection

from telehealth.storage.engine import database_url, writing_engine
from telehealth.storage.migrate import run_on
from telehealth.storage.rows.metadata import metadata


async def remembered(url: str) -> dict[str, str]:
    """Return what the database at `url` keeps by name; nothing when it is not there.

    A SQLite file that is not there is not made by asking. Raises DatabaseTrouble.
    """
    parsed = database_url(url)
    if absent(parsed):
        return {}
    found: dict[str, str] = {}

    def look(connection: Connection) -> None:
        if not inspect(connection).has_table("meta"):
            return
        meta = metadata.tables["meta"]
        found.update({row.name: row.value for row in connection.execute(select(meta))})

    await run_on(writing_engine(parsed), look)
    return found


def absent(url: URL) -> bool:
    """Whether this is a SQLite file that is not there."""
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()
