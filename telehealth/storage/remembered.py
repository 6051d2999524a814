"""One fact about a database that may not exist yet, read before any key is opened."""

from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import URL, Connection

from telehealth.storage.engine import database_url, writing_engine
from telehealth.storage.migrate import run_on
from telehealth.storage.rows.metadata import metadata


async def remembered(url: str, name: str) -> str | None:
    """Return what the database at `url` keeps under `name`; None when it keeps nothing or is not there.

    A SQLite file that is not there is not made by asking. Raises DatabaseTrouble.
    """
    parsed = database_url(url)
    if _absent(parsed):
        return None
    found: list[str | None] = []

    def look(connection: Connection) -> None:
        if not inspect(connection).has_table("meta"):
            return
        meta = metadata.tables["meta"]
        found.append(connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none())

    await run_on(writing_engine(parsed), look)
    return found[0] if found else None


def _absent(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()
