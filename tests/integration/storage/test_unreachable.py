"""A database that is full, slow or gone refuses in our words; what fails inside a unit stays what it is."""

import time

import pytest

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


async def test_trouble_inside_a_unit_is_not_the_databases(storage: Storage) -> None:
    for unit in (storage.reading, storage.writing):
        with pytest.raises(ConnectionRefusedError):
            async with unit():
                raise ConnectionRefusedError
