"""The audit log: entered with what it records, linked afterwards, changed by nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from telehealth.domain.audit import AuditEntry, ChainLink
from telehealth.domain.errors import StaleVersion
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import BO, CY, HOSPITAL, NOW, entry

LATER = NOW + timedelta(microseconds=1)


def linked(number: int, to: AuditEntry) -> ChainLink:
    return ChainLink(number, to.id, b"leaf" + bytes([number]), b"head" + bytes([number]))


async def enter(storage: Storage, *entries: AuditEntry) -> None:
    async with storage.writing() as unit:
        for each in entries:
            await unit.audit.enter(each)


async def test_entries_wait_oldest_first_until_they_are_linked(storage: Storage) -> None:
    first, second, third = entry("c"), entry("a", at=LATER), entry("b", at=LATER)
    await enter(storage, third, second, first)
    async with storage.writing() as unit:
        assert await unit.audit.head() is None
        assert await unit.audit.unlinked(2) == [first, second]
        await unit.audit.link([linked(1, first), linked(2, second)])
        await unit.audit.link([])
    async with storage.reading() as unit:
        assert await unit.audit.unlinked(10) == [third]
        assert await unit.audit.head() == linked(2, second)
        assert await unit.audit.chain(0, 10) == [(linked(1, first), first), (linked(2, second), second)]
        assert await unit.audit.chain(1, 10) == [(linked(2, second), second)]
        assert await unit.audit.chain(0, 1) == [(linked(1, first), first)]


async def test_two_workers_cannot_take_one_number_or_one_entry(storage: Storage) -> None:
    await enter(storage, entry("1"), entry("2"))
    async with storage.writing() as unit:
        await unit.audit.link([linked(1, entry("1"))])
    for again in (linked(1, entry("2")), linked(2, entry("1"))):
        with pytest.raises(StaleVersion):
            async with storage.writing() as unit:
                await unit.audit.link([again])


async def test_entries_are_found_by_patient_and_organization_newest_first(storage: Storage) -> None:
    of_bo, of_both, of_nobody = entry("1", BO.id), entry("2", BO.id, CY.id, at=LATER), entry("3")
    await enter(storage, of_bo, of_both, of_nobody)
    async with storage.reading() as unit:
        assert await unit.audit.entries(patient_id=BO.id) == [of_both, of_bo]
        assert await unit.audit.entries(patient_id=CY.id) == [of_both]
        assert await unit.audit.entries(organization_id=HOSPITAL.id, limit=2) == [of_both, of_nobody]
        assert await unit.audit.entries(organization_id="another") == []


async def test_an_entry_that_names_a_patient_twice_is_kept(storage: Storage) -> None:
    await enter(storage, entry("1", BO.id, BO.id))
    async with storage.reading() as unit:
        assert await unit.audit.entries(patient_id=BO.id) == [entry("1", BO.id, BO.id)]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET actor_id = 'prac-noor'",
        "UPDATE audit_entry SET patient_ids = '[]'",
        "UPDATE audit_entry SET patient_id = NULL",
        "UPDATE audit_entry SET linked = false",
        "DELETE FROM audit_entry",
        "UPDATE audit_subject SET patient_id = 'pat-cy'",
        "DELETE FROM audit_subject",
        "UPDATE audit_link SET head = leaf",
        "DELETE FROM audit_link",
    ],
)
async def test_what_was_entered_cannot_be_changed(storage: Storage, tampering: str) -> None:
    written = entry("1", BO.id, CY.id)
    await enter(storage, written)
    async with storage.writing() as unit:
        await unit.audit.link([linked(1, written)])
    with pytest.raises(DBAPIError, match="audit-unchangeable"):
        async with storage.engines[0].begin() as connection:
            await connection.execute(text(tampering))
    async with storage.reading() as unit:
        assert await unit.audit.chain(0, 10) == [(linked(1, written), written)]
