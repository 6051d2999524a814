"""The clinics of an organization as figures, one contract for fake and real."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.consultation import VisitStatus
from telehealth.domain.queue import Running
from telehealth.domain.scheduling import Interval
from telehealth.services.board_repository import Counted
from telehealth.services.ports import Units
from tests.integration.storage.cast import AMARA, HOSPITAL, NOW, RURAL
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
DAY = Interval(NOW - HOUR, NOW + HOUR)


async def stands(units: Units, **changes: object) -> None:
    """Bo's visit, which starts NOW, changes."""
    async with units.writing() as uow:
        visit = await uow.visits.get("visit-1")
        assert visit is not None
        await uow.visits.save(replace(visit, version=visit.version + 1, **changes))  # type: ignore[arg-type]


async def counted(units: Units, organization: str = HOSPITAL.id, window: Interval = DAY) -> list[Counted]:
    async with units.reading() as uow:
        return await uow.boards.counted(organization, window)


async def test_visits_are_counted_by_specialist_and_status(units: Units) -> None:
    assert await counted(units) == [Counted(AMARA.id, VisitStatus.BOOKED, 1)]
    await stands(units, status=VisitStatus.WAITING, waiting_at=NOW - timedelta(minutes=7))
    since = NOW - timedelta(minutes=7)
    assert await counted(units) == [Counted(AMARA.id, VisitStatus.WAITING, 1, since)]
    async with units.reading() as uow:
        assert await uow.boards.visits(HOSPITAL.id, AMARA.id, DAY) == ["visit-1"]
        assert await uow.boards.visits(HOSPITAL.id, "somebody-else", DAY) == []


@pytest.mark.parametrize("before, after", [(-2, 0), (1, 2)])
async def test_a_visit_outside_the_day_does_not_count(units: Units, before: int, after: int) -> None:
    """A day ends where the next begins: the instant itself belongs to the next."""
    window = Interval(NOW + before * HOUR, NOW + after * HOUR)
    assert await counted(units, window=window) == []


async def test_who_sends_the_patient_sees_the_clinic_too_and_nobody_else_does(units: Units) -> None:
    assert [each.number for each in await counted(units, organization=RURAL.id)] == [1]
    assert await counted(units, organization="org-elsewhere") == []
    async with units.reading() as uow:
        assert await uow.boards.visits("org-elsewhere", AMARA.id, DAY) == []


async def test_a_test_counts_nowhere(units: Units) -> None:
    await stands(units, test=True)
    assert await counted(units) == []
    async with units.reading() as uow:
        assert await uow.boards.visits(HOSPITAL.id, AMARA.id, DAY) == []


async def test_the_newest_word_about_a_clinic_counts_until_its_day_ends(units: Units) -> None:
    first = Running(AMARA.id, HOSPITAL.id, NOW.date(), NOW + HOUR, late_minutes=10, version=1)
    async with units.writing() as uow:
        await uow.lines.put_running(first)
    async with units.reading() as uow:
        assert await uow.boards.running([AMARA.id], NOW) == {AMARA.id: first}
        assert await uow.boards.running(["somebody-else"], NOW) == {}
        assert await uow.boards.running([AMARA.id], NOW + HOUR) == {}
