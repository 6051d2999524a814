"""What time does: a visit that nobody attended is missed, and who was here before a restart is away."""

from datetime import timedelta

import pytest

from telehealth.domain.access import ActorKind
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Connection, VisitStatus
from telehealth.domain.notices import VisitChanged
from telehealth.services.lapses import Lapses
from telehealth.workers.expiry import expiry
from tests.cast import AMARA, CARLA, HOSPITAL, MONDAY, House

END = MONDAY + timedelta(minutes=20)
LAPSE = END + timedelta(hours=2)
SECOND = timedelta(seconds=1)


@pytest.fixture
def lapses(house: House) -> Lapses:
    return Lapses(work=house.assembled.opened.work, announcer=house.heard)


async def status(house: House, visit_id: str) -> VisitStatus:
    async with house.assembled.opened.storage.reading() as uow:
        visit = await uow.visits.get(visit_id)
    assert visit is not None
    return visit.status


@pytest.mark.parametrize("far", ["booked", "arrived"])
async def test_two_hours_after_its_end_an_unattended_visit_is_missed(
    house: House, lapses: Lapses, far: str
) -> None:
    booked = await house.book()
    if far == "arrived":
        await house.arrive(booked)
    house.clock.at = LAPSE
    await expiry(house.assembled.opened.work, lapses).step()
    assert await status(house, booked.visit_id) is VisitStatus(far)
    house.clock.at = LAPSE + SECOND
    await expiry(house.assembled.opened.work, lapses).step()
    assert await status(house, booked.visit_id) is VisitStatus.MISSED
    appointment, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    assert appointment.status is AppointmentStatus.NOSHOW
    news = house.heard.notices[-1]
    assert isinstance(news, VisitChanged)
    assert (news.visit_id, news.status) == (booked.visit_id, "missed")
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(organization_id=HOSPITAL)
    missed = [each for each in entries if each.action is AuditAction.VISIT_MISSED]
    assert [(each.actor_kind, each.entity_id) for each in missed] == [(ActorKind.SYSTEM, booked.visit_id)]


async def test_who_waits_or_talks_is_never_missed(house: House, lapses: Lapses) -> None:
    waits = await house.book()
    await house.wait(waits)
    house.clock.at = LAPSE + timedelta(days=3)
    assert await lapses.miss_overdue() == 0
    await house.assembled.services.consulting.admit(AMARA, waits.visit_id)
    assert await lapses.miss_overdue() == 0


async def test_it_happens_once_and_the_clinic_sees_it(house: House, lapses: Lapses) -> None:
    booked = await house.book()
    house.clock.at = LAPSE + SECOND
    assert [await lapses.miss_overdue(), await lapses.miss_overdue()] == [1, 0]
    day = await house.assembled.services.clinic.day(AMARA)
    assert [row.visit.status for row in day.rows] == [VisitStatus.MISSED]
    cancelled = await house.assembled.services.appointments.cancel(CARLA, booked.appointment.id)
    assert cancelled.status is AppointmentStatus.CANCELLED


async def test_after_a_restart_nobody_is_here_until_their_socket_is(house: House, lapses: Lapses) -> None:
    doorkeeper = house.assembled.doorkeeper
    booked = await house.book()
    bo = await house.wait(booked)
    await doorkeeper.presence(bo, booked.visit_id, here=True)
    assert await lapses.nobody_is_connected() == 1
    assert (await house.assembled.services.attending.view(bo)).visit.connection is Connection.AWAY
    assert await lapses.nobody_is_connected() == 0
    await doorkeeper.presence(bo, booked.visit_id, here=True)
    assert (await house.assembled.services.attending.view(bo)).visit.connection is Connection.GOOD


async def test_a_patient_without_a_socket_is_not_called_away(house: House, lapses: Lapses) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    assert await lapses.nobody_is_connected() == 0
    assert (await house.assembled.services.attending.view(bo)).visit.connection is Connection.UNKNOWN


async def test_a_page_that_connects_is_told_where_its_visit_stands(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    for _ in range(2):
        house.heard.notices.clear()
        await house.assembled.doorkeeper.presence(bo, booked.visit_id, here=True)
        (told,) = house.heard.notices
        assert isinstance(told, VisitChanged)
        assert (told.visit_id, told.status) == (booked.visit_id, VisitStatus.WAITING)
