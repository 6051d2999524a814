"""Allergies on both databases: sealed, versioned, and one writer at a time."""

import asyncio

from telehealth.domain.allergies import Over
from telehealth.services.allergies import NewAllergy
from tests.cast import AMARA, House

PENICILLIN = NewAllergy("Penicillin", "rash", severe=True)


async def test_each_change_is_a_version_and_the_first_stays(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    allergies = house.assembled.services.consulting.allergies
    (known,) = await allergies.add(AMARA, booked.visit_id, PENICILLIN)
    assert (known.substance, known.reaction, known.severe) == ("Penicillin", "rash", True)
    assert await allergies.end(AMARA, booked.visit_id, known.id, Over.RESOLVED) == []
    async with house.assembled.opened.storage.reading() as uow:
        versions = [await uow.record.get("AllergyIntolerance", known.id, each) for each in (1, 2)]
    assert ['"active"' in each.text for each in versions if each] == [True, False]


async def test_ten_windows_that_write_the_same_leave_one(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    allergies = house.assembled.services.consulting.allergies
    writes = (allergies.add(AMARA, booked.visit_id, PENICILLIN) for _ in range(10))
    await asyncio.gather(*writes)
    assert len(await allergies.listed(AMARA, booked.visit_id)) == 1
