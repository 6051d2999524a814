"""Data keys renewed: every row is sealed again, whatever cuts it short or writes beside it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from telehealth.crypto.keyring import Keyring
from telehealth.storage import resealing
from telehealth.storage.resealing import PLACES, Resealing
from telehealth.storage.rows import metadata
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import BO, CY, NOW
from tests.integration.storage.sealed_day import live_a_day

LATER = NOW + timedelta(days=1)


class Cut(Exception):
    """The power is gone."""


def heard(table: str, rows: int) -> None:
    """Listen to nothing."""


async def under(storage: Storage) -> dict[str, set[str]]:
    """Return the ids of the data keys that the rows of each table stand under."""
    found: dict[str, set[str]] = {}
    async with storage.engines[1].connect() as connection:
        for table in metadata.sorted_tables:
            if "key_id" in table.c:
                wanted = select(table.c.key_id).where(table.c.key_id.is_not(None))
                found[table.name] = {row.key_id for row in await connection.execute(wanted)}
    return found


async def everything(storage: Storage) -> list[object]:
    """Return what people read: a row that opens no more would raise here."""
    async with storage.reading() as unit:
        return [
            await unit.patients.get(BO.id),
            await unit.patients.get(CY.id),
            await unit.notes.get(cast.note().id),
            await unit.texts.get(cast.HOSPITAL.id, "visit-invitation", "es"),
            await unit.own_bookings.by_cookie(b"own"),
            await unit.own_wishes.by_cookie(b"wish"),
            await unit.recordings.get("tape"),
            await unit.glasses.get("glass"),
            await unit.consents.of(BO.id),
            await unit.snippets.of(cast.AMARA.id),
            await unit.walk_ins.get("walk-in"),
        ]


def resealer(storage: Storage, keyring: Keyring) -> Resealing:
    return Resealing(storage, lambda owner: keyring.key_for(owner).id)


def test_every_table_with_sealed_columns_has_its_place() -> None:
    assert set(PLACES) == {table.name for table in metadata.sorted_tables if "sealed" in table.c}


async def test_after_a_renewal_every_row_stands_under_a_new_key_and_reads_as_before(
    storage: Storage, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "PAGE", 1)
    await live_a_day(storage)
    before, read = await under(storage), await everything(storage)
    assert not [name for name, keys in before.items() if not keys], "nothing is sealed in these"
    assert keyring.renew_all(LATER) > 3
    assert await resealer(storage, keyring).all(heard) > len(PLACES)
    after = await under(storage)
    assert {name for name in before if before[name] & after[name]} == set()
    assert await everything(storage) == read
    assert await resealer(storage, keyring).all(heard) == 0
    examined = keyring.examine()
    assert examined.damaged == ()


async def test_a_renewal_that_is_cut_at_any_step_leaves_everything_readable(
    storage: Storage, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "PAGE", 5)
    await live_a_day(storage)
    read, keys = await everything(storage), keyring.renew_all(LATER)
    assert keys > 0

    def cut_after(steps: int) -> Callable[[str, int], None]:
        heard: list[str] = []

        def cut(table: str, rows: int) -> None:
            heard.append(table)
            if len(heard) > steps:
                raise Cut

        return cut

    for step in range(len(PLACES) * 5):
        try:
            await resealer(storage, keyring).all(cut_after(step))
        except Cut:
            assert await everything(storage) == read
        else:
            break
    assert await resealer(storage, keyring).all(heard) == 0
    assert await everything(storage) == read


async def test_a_row_that_was_written_meanwhile_keeps_what_was_written(
    storage: Storage, keyring: Keyring
) -> None:
    await live_a_day(storage)
    keyring.renew_all(LATER)
    resealing_ = resealer(storage, keyring)
    page = await resealing_._page(metadata.tables["note"], None)
    async with storage.writing() as unit:
        await unit.notes.save(cast.note(3))
    await resealing_._again(metadata.tables["note"], page, PLACES["note"])
    async with storage.reading() as unit:
        assert await unit.notes.get(cast.note().id) == cast.note(3)


async def test_what_was_destroyed_is_passed_over(storage: Storage, keyring: Keyring) -> None:
    await live_a_day(storage)
    keyring.shred(CY.id)
    keyring.renew_all(LATER)
    assert await resealer(storage, keyring).all(heard) > 0
    async with storage.reading() as unit:
        assert (await unit.patients.get(BO.id)) is not None
