"""Closed clinics as rows, one contract for fake and real: which visits lie in one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.closures import Closure
from telehealth.domain.consultation import VisitEvent, VisitStatus
from telehealth.services.ports import Units
from telehealth.services.repositories import DayRow
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, HOSPITAL, NOW, RURAL, VILLAGE, WARD
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
STORM = cast.closure()


async def closed(units: Units, *closures: Closure) -> DayRow:
    """Bo's visit, which starts NOW on the ward, once these closures stand."""
    async with units.writing() as uow:
        for each in closures:
            await uow.closures.add(each)
    async with units.reading() as uow:
        row = await uow.visits.row("visit-1")
    assert row is not None
    return row


async def test_closures_come_back_to_the_letter_until_they_are_over(units: Units) -> None:
    later = replace(
        STORM, id="closure-feast", location_id=WARD.id, start=NOW + HOUR, end=NOW + 2 * HOUR, phone=""
    )
    await closed(units, later, STORM)
    async with units.writing() as uow:
        assert await uow.closures.get(STORM.id) == STORM
        assert await uow.closures.coming(HOSPITAL.id, NOW) == [STORM, later]
        assert await uow.closures.coming(HOSPITAL.id, STORM.end) == [later]
        assert await uow.closures.coming(RURAL.id, NOW) == []
        await uow.closures.remove(later.id)
    async with units.reading() as uow:
        assert await uow.closures.get(later.id) is None


async def test_what_is_in_force_now_is_found_of_several_clinics_at_once(units: Units) -> None:
    rural = replace(STORM, id="closure-rural", organization_id=RURAL.id)
    later = replace(STORM, id="closure-later", start=NOW + HOUR, end=NOW + 2 * HOUR)
    await closed(units, STORM, rural, later)
    both = {HOSPITAL.id, RURAL.id}
    async with units.reading() as uow:
        found = await uow.closures.in_force(both, NOW)
        assert {each.id for each in found} == {STORM.id, rural.id}
        assert await uow.closures.in_force({RURAL.id}, NOW) == [rural]
        assert [each.id for each in await uow.closures.in_force(both, later.start)] == [
            each.id for each in (STORM, rural, later) if each.end > later.start
        ]
        assert await uow.closures.in_force({HOSPITAL.id}, later.end) == []
        assert await uow.closures.in_force(set(), NOW) == []


@pytest.mark.parametrize(
    "changes, lies",
    [
        ({}, True),
        ({"location_id": WARD.id}, True),
        ({"start": NOW}, True),
        ({"end": NOW}, False),
        ({"start": NOW + timedelta(minutes=1)}, False),
        ({"location_id": VILLAGE.id}, False),
        ({"organization_id": RURAL.id}, False),
    ],
)
async def test_a_visit_lies_in_a_closure_when_its_start_does(
    units: Units, changes: dict[str, object], *, lies: bool
) -> None:
    closure = replace(STORM, **changes)  # type: ignore[arg-type]
    assert (await closed(units, closure)).closure_id == (closure.id if lies else "")
    async with units.reading() as uow:
        assert await uow.closures.concerned(closure) == ([("visit-1", AMARA.id)] if lies else [])
        assert (await uow.visits.lapsed(NOW + 2 * HOUR, 9) == []) is lies


async def test_of_several_closures_the_last_to_end_is_told(units: Units) -> None:
    longer = replace(STORM, id="closure-a", end=NOW + 2 * HOUR)
    assert (await closed(units, STORM, longer)).closure_id == longer.id


async def test_who_was_admitted_is_not_closed_out(units: Units) -> None:
    assert (await closed(units, STORM)).closure_id == STORM.id
    async with units.writing() as uow:
        visit = await uow.visits.get("visit-1")
        assert visit is not None
        for event in (VisitEvent.ARRIVE, VisitEvent.WAIT, VisitEvent.ADMIT):
            visit = visit.step(event, NOW)
            await uow.visits.save(visit)
    assert visit.status is VisitStatus.IN_PROGRESS
    assert (await closed(units)).closure_id == ""
