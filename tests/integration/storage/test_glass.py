"""Broken glasses as rows, one contract for fake and real: open for a while, told to both houses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.glass import OPEN_FOR, Finding, Glass
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
BROKEN = Glass(
    *("g1", cast.BO.id, cast.RURAL.id, cast.AMARA.id, cast.HOSPITAL.id),
    cast.NOW,
    cast.NOW + OPEN_FOR,
    "Found unconscious, no companion.",
)


async def test_it_opens_one_record_to_one_person_until_it_ends(units: Units) -> None:
    async with units.writing() as uow:
        await uow.glasses.queue(cast.AMARA.id)
        await uow.glasses.add(BROKEN)
    async with units.reading() as uow:
        assert await uow.glasses.get("g1") == BROKEN
        assert await uow.glasses.many(["g1", "none"]) == {"g1": BROKEN}
        assert await uow.glasses.many([]) == {}
        who, whose = cast.AMARA.id, cast.BO.id
        assert await uow.glasses.open_for(who, whose, cast.NOW) == BROKEN
        assert await uow.glasses.open_for(who, whose, BROKEN.until - timedelta(seconds=1)) == BROKEN
        assert await uow.glasses.open_for(who, whose, BROKEN.until) is None
        assert await uow.glasses.open_for(who, whose, cast.NOW - timedelta(seconds=1)) is None
        assert await uow.glasses.open_for(who, cast.CY.id, cast.NOW) is None
        assert await uow.glasses.open_for(cast.NOOR.id, whose, cast.NOW) is None


async def test_what_somebody_has_opened_lately_is_counted(units: Units) -> None:
    early = replace(BROKEN, id="g0", opened_at=cast.NOW - 3 * HOUR, until=cast.NOW - 2 * HOUR)
    async with units.writing() as uow:
        await uow.glasses.add(early)
        await uow.glasses.add(BROKEN)
        assert await uow.glasses.since(cast.AMARA.id, cast.NOW - HOUR) == [BROKEN]
        assert await uow.glasses.since(cast.AMARA.id, early.opened_at) == [BROKEN, early]
        assert await uow.glasses.since(cast.NOOR.id, early.opened_at) == []


async def test_the_houses_of_the_record_and_of_the_reader_are_told_until_it_is_reviewed(units: Units) -> None:
    async with units.writing() as uow:
        await uow.glasses.add(BROKEN)
    async with units.writing() as uow:
        for house in (cast.HOSPITAL.id, cast.RURAL.id):
            assert await uow.glasses.told(house, reviewed=False, limit=5) == [BROKEN]
            assert await uow.glasses.told(house, reviewed=True, limit=5) == []
        assert await uow.glasses.told("elsewhere", reviewed=False, limit=5) == []
        assert await uow.glasses.told(cast.RURAL.id, reviewed=False, limit=0) == []
        found = replace(BROKEN, reviewed_at=cast.NOW + HOUR, reviewer_id="pia", version=1)
        found = replace(found, finding=Finding.JUSTIFIED, words="The ambulance's report says so.")
        await uow.glasses.save(found)
        assert await uow.glasses.told(cast.RURAL.id, reviewed=False, limit=5) == []
        assert await uow.glasses.told(cast.RURAL.id, reviewed=True, limit=5) == [found]


async def test_those_that_wait_come_oldest_first_and_reviewed_ones_newest_first(units: Units) -> None:
    later = replace(BROKEN, id="g2", opened_at=cast.NOW + HOUR)
    async with units.writing() as uow:
        for each in (later, BROKEN):
            await uow.glasses.add(each)
    async with units.writing() as uow:
        assert await uow.glasses.told(cast.RURAL.id, reviewed=False, limit=5) == [BROKEN, later]
        assert await uow.glasses.told(cast.RURAL.id, reviewed=False, limit=1) == [BROKEN]
        for each in (BROKEN, later):
            seen = replace(each, reviewed_at=cast.NOW + 2 * HOUR, finding=Finding.JUSTIFIED, version=1)
            await uow.glasses.save(seen)
        done = await uow.glasses.told(cast.RURAL.id, reviewed=True, limit=5)
        assert [each.id for each in done] == ["g2", "g1"]


async def test_of_two_reviews_the_second_overwrites_nothing(units: Units) -> None:
    async with units.writing() as uow:
        await uow.glasses.add(BROKEN)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.glasses.save(replace(BROKEN, version=2))
