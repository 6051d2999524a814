"""Lines as rows, one contract for fake and real: who waits, how the clinic runs, sealed messages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telehealth.domain.clinic_message import ClinicMessage, Prepared
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import StaleVersion
from telehealth.domain.queue import Line, Priority, Reason, Running, Stand, TextMe
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, BO, CY, NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

SINCE = NOW - timedelta(days=1)
TODAY = Running(AMARA.id, AMARA.organization_id, date(2026, 11, 23), NOW + timedelta(hours=12))


async def line_of(uow: UnitOfWork) -> Line:
    return await uow.lines.of(AMARA.id, NOW, SINCE, 2)


def waiting(visit: Consultation, version: int = 1) -> Consultation:
    return replace(visit, status=VisitStatus.WAITING, waiting_at=NOW, since=NOW, version=version)


async def another(uow: UnitOfWork, name: str, hours: int, **changes: object) -> Consultation:
    """Book Cy's visit so many hours later, and let it be as `changes` say."""
    booked = cast.appointment(name, NOW + timedelta(hours=hours), CY)
    await uow.appointments.book(booked, cast.claims(booked))
    visit = replace(cast.visit(booked, name), **changes)  # type: ignore[arg-type]
    await uow.visits.add(visit)
    return visit


async def test_a_line_holds_who_waits_and_since_when_somebody_is_called(units: Units) -> None:
    bo = cast.visit(cast.appointment())
    async with units.writing() as uow:
        assert await line_of(uow) == Line(())
        await uow.visits.save(replace(waiting(bo), priority=Priority.URGENT, text_me=TextMe.WANTED))
        called = NOW + timedelta(minutes=3)
        await another(uow, "2", 1, status=VisitStatus.IN_PROGRESS, admitted_at=called)
        await another(uow, "3", 2, status=VisitStatus.WAITING, waiting_at=NOW, test=True)
        await another(uow, "4", -72, status=VisitStatus.WAITING, waiting_at=NOW)
        line = await line_of(uow)
    assert line == Line((Stand(bo.id, Priority.URGENT, NOW, NOW, TextMe.WANTED),), called)


async def test_the_newest_calls_come_first_and_no_more_than_asked_for(units: Units) -> None:
    async with units.writing() as uow:
        for hour, minutes in ((1, 10), (2, 20), (3, 30)):
            begun = NOW + timedelta(hours=hour)
            over = {"admitted_at": begun, "ended_at": begun + timedelta(minutes=minutes)}
            await another(uow, f"{hour}{hour}", hour, status=VisitStatus.FINISHED, **over)
        never = {"status": VisitStatus.CANCELLED, "ended_at": NOW + timedelta(hours=9)}
        await another(uow, "9", 9, **never)
        line = await line_of(uow)
    assert line.durations == (timedelta(minutes=30), timedelta(minutes=20))


async def test_how_a_clinic_runs_is_kept_for_its_day(units: Units) -> None:
    late, other = TODAY.late(20, Reason.EMERGENCY), NOW + timedelta(hours=12)
    async with units.writing() as uow:
        assert await uow.lines.running(AMARA.id, NOW) is None
        await uow.lines.put_running(late)
        await uow.lines.put_running(late.pause(Reason.BREAK, NOW))
    async with units.reading() as uow:
        assert await uow.lines.running(AMARA.id, NOW) == late.pause(Reason.BREAK, NOW)
        assert (await line_of(uow)).running == late.pause(Reason.BREAK, NOW)
        assert await uow.lines.running(AMARA.id, other) is None
        assert await uow.lines.running("somebody else", NOW) is None


@pytest.mark.parametrize("version", [1, 3])
async def test_two_windows_do_not_overwrite_each_other(units: Units, version: int) -> None:
    async with units.writing() as uow:
        await uow.lines.put_running(TODAY.late(20, Reason.NONE))
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.lines.put_running(replace(TODAY, late_minutes=5, version=version))


async def test_where_somebody_works_is_one_question(units: Units) -> None:
    async with units.reading() as uow:
        assert await uow.directory.site_of(AMARA.id) == await uow.directory.location(AMARA.location_id)
        assert await uow.directory.site_of("nobody") is None


async def test_messages_come_back_in_order_and_to_the_letter(units: Units) -> None:
    visit = cast.visit(cast.appointment())
    facts = (visit.id, BO.id, visit.organization_id, AMARA.id)
    own = ClinicMessage("message-2", *facts, NOW, Prepared.OWN, "Bring the Holter, please.", "en")
    prepared = ClinicMessage("message-1", *facts, NOW + timedelta(minutes=1), Prepared.MEDICINES)
    async with units.writing() as uow:
        await uow.lines.add_message(prepared)
        await uow.lines.add_message(own)
    async with units.reading() as uow:
        assert await uow.lines.messages(visit.id) == [own, prepared]
        assert await uow.lines.messages("another") == []


async def test_what_somebody_at_home_was_told_is_kept_over_what_came_before(units: Units) -> None:
    async with units.writing() as uow:
        visit = await another(uow, "7", 7)
        await uow.lines.put_told_late(visit.id, NOW, 20)
        await uow.lines.put_told_late(visit.id, NOW, 45)
    async with units.reading() as uow:
        assert await uow.lines.told_late([visit.id, "another"]) == {visit.id: (NOW, 45)}
        assert await uow.lines.told_late([]) == {}
