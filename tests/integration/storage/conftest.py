"""Storage as the tests of this folder use it: migrated, with real keys, on either database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.keyring import Keyring
from telehealth.crypto.purposes import Purpose
from telehealth.storage.migrate import migrate
from telehealth.storage.rows import metadata
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.services.postgresql import PostgreSQL


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Keyring]:
    custody = open_custody(tmp_path / "keys", SystemChance(), lambda: cast.NOW, known_check=None)
    yield custody.keyring
    custody.close()


@pytest.fixture
def blind(keyring: Keyring) -> BlindIndex:
    return BlindIndex(keyring.derived(Purpose.BLIND_INDEX))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_migrated(postgresql_server: PostgreSQL) -> Iterator[str]:
    """A migrated PostgreSQL database that the tests of this folder use one after the other."""
    with postgresql_server.database() as url:
        asyncio.run(migrate(url))
        yield url


async def empty(url: str) -> None:
    """Delete every row, past the rules that forbid it; quicker than TRUNCATE, which syncs a hundred files."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in metadata.sorted_tables:
            await connection.execute(table.delete())
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgresql_migrated")
    asyncio.run(empty(url))
    return url


@pytest.fixture
async def storage(empty_url: str, keyring: Keyring, blind: BlindIndex) -> AsyncIterator[Storage]:
    """An empty, migrated database, opened."""
    opened = Storage(empty_url, keyring, blind)
    yield opened
    await opened.close()


@pytest.fixture
async def cluster(storage: Storage) -> Storage:
    """The same with the cast in it: Dr Amara, Bo, their sites, the service and hours."""
    async with storage.writing() as unit:
        await cast.move_in(unit)
    return storage
