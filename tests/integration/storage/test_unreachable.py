"""A database that is full, slow or gone refuses in our words; what fails inside a unit stays what it is."""

import time

import pytest
from sqlalchemy import text

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.keyring import Keyring
from telehealth.domain.errors import Unavailable
from telehealth.storage import engine
from telehealth.storage.unit_of_work import Storage


@pytest.fixture
def narrow(
    monkeypatch: pytest.MonkeyPatch, migrated_url: str, keyring: Keyring, blind: BlindIndex
) -> Storage:
    """Storage with two connections to read with at most, and little patience."""
    monkeypatch.setattr(engine, "READERS", 2)
    monkeypatch.setattr(engine, "POSTGRESQL_POOL", 1)
    monkeypatch.setattr(engine, "POOL_TIMEOUT", 0.2)
    return Storage(migrated_url, keyring, blind)


async def test_when_every_connection_is_taken_the_next_is_refused_soon(narrow: Storage) -> None:
    began = time.monotonic()
    async with narrow.reading(), narrow.reading():
        with pytest.raises(Unavailable):
            async with narrow.reading():
                pass
    assert time.monotonic() - began < 3
    async with narrow.reading() as uow:
        assert await uow.meta.get("nothing") is None
    await narrow.close()


async def test_a_database_that_is_gone_refuses_in_our_words(keyring: Keyring, blind: BlindIndex) -> None:
    gone = Storage("postgresql://nobody:hush@127.0.0.1:1/nothing", keyring, blind)
    for unit in (gone.reading, gone.writing):
        with pytest.raises(Unavailable):
            async with unit():
                pass
    await gone.close()


async def test_connections_that_were_cut_are_opened_again(
    migrated_postgresql: str, keyring: Keyring, blind: BlindIndex
) -> None:
    """As after a restart of PostgreSQL: nobody is refused for what lay in the pool."""
    storage = Storage(migrated_postgresql, keyring, blind)
    async with storage.engines[0].connect() as one, storage.engines[0].connect() as two:
        for each in (one, two):
            assert await each.scalar(text("SELECT 1")) == 1
    async with storage.engines[0].connect() as one:
        others = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        )
        await one.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    async with storage.reading() as first, storage.reading() as second:
        for uow in (first, second):
            assert await uow.meta.get("nothing") is None
    await storage.close()


async def test_trouble_inside_a_unit_is_not_the_databases(storage: Storage) -> None:
    for unit in (storage.reading, storage.writing):
        with pytest.raises(ConnectionRefusedError):
            async with unit():
                raise ConnectionRefusedError
