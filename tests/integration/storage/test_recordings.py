"""Recordings as rows, one contract for fake and real: found by visit and by how long they are kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.recording import Answer, Consent, Recording, View
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

DAY = timedelta(days=1)
ASKED = Recording("1", "visit-1", cast.BO.id, cast.HOSPITAL.id, cast.NOW, cast.NOW + 30 * DAY, key="5a" * 32)
AGREED = Consent(
    *("c1", "1", "visit-1", cast.BO.id, cast.HOSPITAL.id, "p", "visitor", cast.BO.id),
    Answer.AGREED,
    "days=30",
    cast.NOW,
)


async def test_a_recording_comes_back_as_it_was_written(units: Units) -> None:
    later = replace(ASKED, id="2", asked_at=cast.NOW + DAY)
    async with units.writing() as uow:
        for each in (later, ASKED):
            await uow.recordings.add(each)
    async with units.writing() as uow:
        assert await uow.recordings.of_visit("visit-1") == [ASKED, later]
        assert await uow.recordings.of_visit("another") == []
        assert await uow.recordings.get("1") == ASKED
        assert await uow.recordings.get("3") is None
        over = replace(ASKED, began_at=cast.NOW, ended_at=cast.NOW, version=1, views=(View("p", "Bo", 3),))
        await uow.recordings.save(over)
        assert await uow.recordings.unended() == [later]
    async with units.reading() as uow:
        assert await uow.recordings.get("1") == over


async def test_what_was_changed_meanwhile_is_not_overwritten(units: Units) -> None:
    async with units.writing() as uow:
        await uow.recordings.add(ASKED)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.recordings.save(replace(ASKED, version=2))


async def test_what_is_kept_no_longer_is_found_until_it_is_erased(units: Units) -> None:
    async with units.writing() as uow:
        await uow.recordings.add(ASKED)
        assert await uow.recordings.overdue(ASKED.kept_until - DAY, 10) == []
        assert await uow.recordings.overdue(ASKED.kept_until, 10) == [ASKED]
        assert await uow.recordings.overdue(ASKED.kept_until, 0) == []
        await uow.recordings.save(replace(ASKED, erased_at=cast.NOW, key="", version=1))
        assert await uow.recordings.overdue(ASKED.kept_until, 10) == []


async def test_what_was_said_to_it_stays(units: Units) -> None:
    withdrew = replace(AGREED, id="c2", answer=Answer.WITHDREW, said_at=cast.NOW + DAY)
    async with units.writing() as uow:
        await uow.recordings.add(ASKED)
        for each in (AGREED, withdrew):
            await uow.recordings.answered(each)
    async with units.reading() as uow:
        assert await uow.recordings.answers("1") == [AGREED, withdrew]
