"""Exceptions and timetables as rows, one contract for fake and real: what is said of whom, and when."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from telehealth.domain.availability import Timetable
from telehealth.domain.errors import StaleVersion
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.scheduling import Break, Interval, WeeklyHours
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, CARDIOLOGY, HOSPITAL, MONDAYS, NOW, RURAL, VILLAGE, WARD
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

DAY = Interval(NOW, NOW + timedelta(days=1))
AWAY = cast.absence()
WEEK = timedelta(days=7)
FEAST = replace(
    AWAY, id="exception-feast", practitioner_id="", kind=ExceptionKind.OPEN, start=time(0), end=time(0)
)
EXTRA = replace(
    AWAY, id="exception-extra", service_id=CARDIOLOGY.id, kind=ExceptionKind.EXTRA, start=time(20)
)


async def table(uow: UnitOfWork, practitioner_id: str = "") -> Timetable | None:
    """Dr Amara's timetable of that day, asked for everybody or for one."""
    offering = await uow.schedules.offering(CARDIOLOGY.id, DAY, practitioner_id)
    assert offering is not None
    found = await uow.schedules.timetables(offering, DAY, practitioner_id)
    assert list(found) in ([AMARA.id], [])
    return found.get(AMARA.id)


async def test_exceptions_come_back_to_the_letter_and_change_by_version(units: Units) -> None:
    async with units.writing() as uow:
        for each in (EXTRA, FEAST, AWAY):
            await uow.schedules.add_exception(each)
        assert await uow.schedules.exception(EXTRA.id) == EXTRA
        changed = replace(AWAY, last=AWAY.last + timedelta(days=3), version=1)
        await uow.schedules.save_exception(changed)
        assert await uow.schedules.exception(AWAY.id) == changed
        await uow.schedules.remove_exception(EXTRA.id, 0)
        assert await uow.schedules.exception(EXTRA.id) is None
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.schedules.save_exception(changed)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.schedules.remove_exception(AWAY.id, 0)


async def test_exceptions_are_listed_by_whose_they_are_and_by_the_days_they_touch(units: Units) -> None:
    day = AWAY.first
    async with units.writing() as uow:
        for each in (EXTRA, FEAST, AWAY, replace(AWAY, id="later", first=day + WEEK, last=day + WEEK)):
            await uow.schedules.add_exception(each)
        listed = uow.schedules.exceptions
        assert await listed(HOSPITAL.id, AMARA.id, day, day) == [AWAY, EXTRA]
        assert [each.id for each in await listed(HOSPITAL.id, AMARA.id, day, day + WEEK)][2:] == ["later"]
        assert await listed(HOSPITAL.id, AMARA.id, day + timedelta(days=1), day + WEEK / 2) == []
        assert await listed(HOSPITAL.id, "", day, day) == [FEAST]
        assert await listed(RURAL.id, "", day, day) == []


@pytest.mark.parametrize("whose", ["", AMARA.id])
async def test_a_timetable_holds_all_that_is_said(units: Units, whose: str) -> None:
    pause = replace(MONDAYS, id="hours-2", service_id="", breaks=(Break(time(12), time(12, 45)),), version=3)
    async with units.writing() as uow:
        await uow.directory.add_hours(pause)
        await uow.closures.add(cast.closure())
        for each in (EXTRA, FEAST, AWAY):
            await uow.schedules.add_exception(each)
        found = await table(uow, whose)
    assert found is not None
    assert found.rules == ((MONDAYS, WARD), (pause, WARD))
    assert sorted(each.id for each, _ in found.exceptions) == sorted([AWAY.id, EXTRA.id, FEAST.id])
    assert {site for _, site in found.exceptions} == {WARD}
    assert found.closed == (("", Interval(cast.closure().start, cast.closure().end)),)


@pytest.mark.parametrize("whose", ["", AMARA.id])
@pytest.mark.parametrize(
    "said",
    [
        replace(AWAY, first=date(2026, 10, 1), last=date(2026, 10, 2)),
        replace(AWAY, first=date(2026, 12, 1), last=date(2026, 12, 2)),
        replace(EXTRA, service_id="svc-other"),
        replace(EXTRA, organization_id=RURAL.id, location_id=VILLAGE.id),
        replace(MONDAYS, id="hours-2", until=date(2026, 11, 1)),
        replace(MONDAYS, id="hours-2", valid_from=date(2026, 12, 1), until=None),
        replace(MONDAYS, id="hours-2", location_id=VILLAGE.id, service_id=""),
    ],
    ids=["past", "coming", "another service", "another clinic", "over", "not yet", "elsewhere"],
)
async def test_a_timetable_holds_nothing_else(
    units: Units, whose: str, said: HoursException | WeeklyHours
) -> None:
    async with units.writing() as uow:
        await uow.directory.add_service(replace(CARDIOLOGY, id="svc-other", name="Other"))
        if isinstance(said, WeeklyHours):
            await uow.directory.add_hours(said)
        else:
            await uow.schedules.add_exception(said)
        found = await table(uow, whose)
    assert found == Timetable(((MONDAYS, WARD),))


async def test_extra_hours_make_a_timetable_where_there_are_no_others(units: Units) -> None:
    async with units.writing() as uow:
        await uow.directory.remove_hours(MONDAYS.id)
        assert await table(uow) is None
        await uow.schedules.add_exception(EXTRA)
        assert await table(uow) == Timetable((), ((EXTRA, WARD),))


async def test_what_is_not_known_is_not_offered(units: Units) -> None:
    async with units.reading() as uow:
        assert await uow.schedules.offering("svc-none", DAY) is None
        assert await uow.schedules.offering(CARDIOLOGY.id, DAY, "prac-none") is None
        known = await uow.schedules.offering(CARDIOLOGY.id, DAY, AMARA.id)
    assert known is not None
    assert (known.service, known.practitioner, known.closed) == (CARDIOLOGY, AMARA, ())
    assert known.sites == {WARD.id: WARD}


async def test_specialists_are_told_by_id(units: Units) -> None:
    async with units.reading() as uow:
        assert await uow.schedules.specialists({AMARA.id}) == {AMARA.id: AMARA}
        assert await uow.schedules.specialists(set()) == {}
