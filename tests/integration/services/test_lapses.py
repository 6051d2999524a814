"""What time does: a visit that nobody attended is missed, and who was here before a restart is away."""

from datetime import timedelta

import pytest

from telehealth.domain.access import ActorKind
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Connection, VisitStatus
from telehealth.domain.errors import NotFound, NotPermitted, WrongState
from telehealth.domain.notices import VisitChanged, VisitEnded
from telehealth.domain.visiting import GRACE
from telehealth.services.lapses import Lapses
from telehealth.workers.expiry import expiry
from tests.cast import AMARA, CARLA, CY, HOSPITAL, MONDAY, NOOR, House

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


async def test_a_call_that_nobody_ended_is_over_two_hours_after_its_end_once_the_patient_is_gone(
    house: House, lapses: Lapses
) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.admit(booked)
    doorkeeper = house.assembled.doorkeeper
    await doorkeeper.presence(bo, booked.visit_id, here=True)
    house.clock.at = LAPSE + SECOND
    assert await lapses.end_forgotten() == 0
    await doorkeeper.presence(bo, booked.visit_id, here=False)
    house.clock.at = LAPSE
    assert await lapses.end_forgotten() == 0
    house.clock.at = LAPSE + SECOND
    await expiry(house.assembled.opened.work, lapses).step()
    assert await status(house, booked.visit_id) is VisitStatus.FINISHED
    appointment, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    assert appointment.status is AppointmentStatus.FULFILLED
    assert house.heard.notices[-1] == VisitEnded(booked.visit_id, "ended")
    assert await lapses.end_forgotten() == 0


@pytest.mark.parametrize("late", [False, True])
async def test_a_wrong_word_about_who_did_not_attend_is_taken_back(house: House, *, late: bool) -> None:
    """While Bo may still come he is expected again; later the visit was attended, and its note is owed."""
    booked = await house.book()
    desk = house.assembled.services.waiting.line
    house.clock.at = booked.appointment.start + GRACE
    await desk.miss(AMARA, booked.visit_id)
    house.clock.at = LAPSE + SECOND * late
    for stranger, refusal in ((CY, NotFound), (NOOR, NotPermitted)):
        with pytest.raises(refusal):
            await desk.attended(stranger, booked.visit_id)
    visit = (await desk.attended(AMARA, booked.visit_id)).visit
    appointment, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    attended = VisitStatus.FINISHED, AppointmentStatus.FULFILLED
    expected = VisitStatus.BOOKED, AppointmentStatus.BOOKED
    assert (visit.status, appointment.status) == (attended if late else expected)
    with pytest.raises(WrongState):
        await desk.attended(AMARA, booked.visit_id)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(organization_id=HOSPITAL)
    assert AuditAction.VISIT_MISSED_UNDONE in [each.action for each in entries]


async def test_whom_nobody_let_in_is_unseen_and_the_appointment_says_nothing_of_absence(
    house: House, lapses: Lapses
) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.doorkeeper.presence(bo, booked.visit_id, here=True)
    house.clock.at = LAPSE + SECOND
    assert await lapses.miss_overdue() == 0
    await house.assembled.doorkeeper.presence(bo, booked.visit_id, here=False)
    assert [await lapses.miss_overdue(), await lapses.miss_overdue()] == [1, 0]
    assert await status(house, booked.visit_id) is VisitStatus.UNSEEN
    appointment, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    assert appointment.status is AppointmentStatus.BOOKED
    async with house.assembled.opened.storage.reading() as uow:
        actions = [each.action for each in await uow.audit.entries(organization_id=HOSPITAL)]
    assert actions.count(AuditAction.VISIT_OVERLOOKED) == 1
    assert AuditAction.VISIT_MISSED not in actions


async def test_the_clinic_can_say_that_an_unseen_patient_did_not_attend(house: House, lapses: Lapses) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    house.clock.at = MONDAY + timedelta(minutes=9)
    await house.assembled.services.attending.step_out(bo)
    house.clock.at = LAPSE + SECOND
    await lapses.miss_overdue()
    assert await status(house, booked.visit_id) is VisitStatus.UNSEEN
    await house.assembled.services.waiting.line.miss(AMARA, booked.visit_id)
    assert await status(house, booked.visit_id) is VisitStatus.MISSED
    appointment, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    assert appointment.status is AppointmentStatus.NOSHOW


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
