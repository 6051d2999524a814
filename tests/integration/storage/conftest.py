"""Storage as the tests of this folder use it: migrated, with real keys, on either database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.keyring import Keyring
from telehealth.crypto.purposes import Purpose
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Keyring]:
    custody = open_custody(tmp_path / "keys", SystemChance(), lambda: cast.NOW, known_check=None)
    yield custody.keyring
    custody.close()


@pytest.fixture
def blind(keyring: Keyring) -> BlindIndex:
    return BlindIndex(keyring.derived(Purpose.BLIND_INDEX))


@pytest.fixture
async def storage(migrated_url: str, keyring: Keyring, blind: BlindIndex) -> AsyncIterator[Storage]:
    """An empty, migrated database, opened."""
    opened = Storage(migrated_url, keyring, blind)
    yield opened
    await opened.close()


@pytest.fixture
async def cluster(storage: Storage) -> Storage:
    """The same with the cast in it: Dr Amara, Bo, their sites, the service and hours."""
    async with storage.writing() as unit:
        await cast.move_in(unit)
    return storage
