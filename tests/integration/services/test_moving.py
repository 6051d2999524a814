"""A booked visit moves: one new time, one living link, one message, and whoever was slower is told so."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import (
    BadInput,
    NotFound,
    NotPermitted,
    SlotTaken,
    StaleVersion,
    VisitClosed,
    WrongState,
)
from telehealth.domain.notices import SessionsEnded, VisitChanged, VisitMoved
from telehealth.domain.outbox import OutboxMessage
from telehealth.domain.queue import Priority
from telehealth.domain.visiting import GRACE
from telehealth.services.booking import Booked
from telehealth.services.trail import Once
from tests.cast import ADA, AMARA, CARLA, CY, HOSPITAL, MONDAY, NOOR, PIA, House, a_patient

LATER = MONDAY + timedelta(hours=2)
NEXT_WEEK = MONDAY + timedelta(days=7)
OFFICE = replace(SYSTEM, organization_id=HOSPITAL)


async def move(house: House, booked: Booked, start: datetime, once: Once | None = None) -> Appointment:
    """Carla moves the visit as she saw it when it was booked."""
    moving = house.assembled.services.appointments.moving
    return await moving.move(CARLA, booked.appointment.id, start, booked.appointment.version, once)


async def sent(house: House, booked: Booked) -> list[OutboxMessage]:
    async with house.assembled.opened.storage.reading() as uow:
        return await uow.outbox.of_visit(booked.visit_id)


async def test_the_old_time_is_free_at_once_and_the_calendar_keeps_its_entry(house: House) -> None:
    booked = await house.book()
    moved = await move(house, booked, LATER)
    assert (moved.start, moved.end - moved.start) == (LATER, timedelta(minutes=20))
    assert (moved.id, moved.uid) == (booked.appointment.id, booked.appointment.uid)
    assert moved.sequence == booked.appointment.sequence + 1
    assert moved.local_start == "2026-11-23T12:30"
    cid = await house.assembled.services.desk.register(OFFICE, a_patient("Cid", "Moss", "02"))
    await house.book(MONDAY, patient=cid)
    with pytest.raises(SlotTaken):
        await house.book(LATER, patient=cid)


async def test_the_old_link_opens_nothing_and_tells_the_new_time(house: House) -> None:
    booked = await house.book()
    joining, old = house.assembled.services.joining, booked.join_url.partition("#")[2]
    await move(house, booked, LATER)
    seen = await joining.look(old)
    assert (seen.state, seen.moved, seen.start, seen.entry.sequence) == ("early", True, LATER, 1)
    with pytest.raises(VisitClosed):
        await joining.open(old)
    async with house.assembled.opened.storage.reading() as uow:
        link = await uow.visits.link_of(booked.visit_id, house.bo.id)
    assert link is not None
    new = house.assembled.invitations.url(link, "en").partition("#")[2]
    assert (await joining.look(new)).moved is False
    assert (await joining.open(new)).visit_id == booked.visit_id


async def test_a_link_that_somebody_else_had_tells_nothing_of_a_later_move(house: House) -> None:
    booked = await house.book()
    async with house.assembled.opened.work.units.writing() as uow:
        visit = await uow.visits.get(booked.visit_id)
        assert visit is not None
        await house.assembled.invitations.rotate(house.assembled.opened.work, uow, visit)
    await move(house, booked, LATER)
    with pytest.raises(NotFound):
        await house.assembled.services.joining.look(booked.join_url.partition("#")[2])


async def test_the_message_leaves_with_the_move_and_the_older_one_does_not(house: House) -> None:
    booked = await house.book()
    await move(house, booked, LATER)
    told = [each for each in await sent(house, booked) if each.template == "visit-moved"]
    assert sorted(each.channel for each in told) == ["email", "sms"]
    assert {each.values["start"] for each in told} == {LATER.isoformat()}


async def test_who_waits_is_told_on_the_page_that_they_have_open(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.waiting.line.prioritize(AMARA, booked.visit_id, Priority.URGENT)
    house.heard.notices.clear()
    await move(house, booked, NEXT_WEEK)
    assert VisitMoved(booked.visit_id, AMARA.id) in house.heard.notices
    news = [each for each in house.heard.notices if isinstance(each, VisitChanged)]
    assert [each.status for each in news] == ["booked"]
    assert not [each for each in house.heard.notices if isinstance(each, SessionsEnded)]
    view = await house.assembled.services.attending.view(bo)
    assert (view.visit.status, view.early, view.start) == (VisitStatus.BOOKED, True, NEXT_WEEK)
    fresh = (view.visit.consent_at, view.visit.waiting_at, view.visit.bound_to, view.visit.priority)
    assert fresh == (None, None, None, "routine")


async def test_the_kept_page_opens_nothing_before_its_time_and_all_of_it_then(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await move(house, booked, NEXT_WEEK)
    attending = house.assembled.services.attending
    for step in (attending.consent(bo), attending.ask_phone(bo, "+493005550201")):
        with pytest.raises(VisitClosed):
            await step
    house.clock.at = NEXT_WEEK - timedelta(minutes=5)
    await attending.consent(bo)
    assert (await attending.wait(bo)).status is VisitStatus.WAITING


async def test_a_second_press_changes_nothing_and_another_wish_under_its_key_neither(house: House) -> None:
    booked = await house.book()
    once = Once(CARLA.id, "key-of-the-form", b"1" * 32)
    first = await move(house, booked, LATER, once)
    assert await move(house, booked, LATER, once) == first
    assert len([each for each in await sent(house, booked) if each.template == "visit-moved"]) == 2
    with pytest.raises(StaleVersion):
        await move(house, booked, MONDAY + timedelta(hours=3))


async def test_one_of_two_who_move_the_same_visit_wins(house: House) -> None:
    booked = await house.book()
    starts = [LATER, LATER + timedelta(minutes=20)]
    ends = await asyncio.gather(*(move(house, booked, each) for each in starts), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ends) == ["Appointment", "StaleVersion"]


async def test_of_many_who_want_one_time_one_gets_it_whether_they_book_or_move(house: House) -> None:
    desk = house.assembled.services.desk
    people = [await desk.register(OFFICE, a_patient(f"P{n}", "Moss", f"{n:02}")) for n in range(10, 18)]
    visits = [
        await house.book(MONDAY + timedelta(minutes=20 * n), patient=each)
        for n, each in enumerate(people[:4])
    ]
    moves = [move(house, each, LATER) for each in visits]
    bookings = [house.book(LATER, patient=each) for each in people[4:]]
    ends = await asyncio.gather(*moves, *bookings, return_exceptions=True)
    assert sorted(isinstance(each, SlotTaken) for each in ends) == [False] + [True] * 7


async def test_a_time_that_is_over_taken_or_not_offered_is_refused_and_nothing_changes(house: House) -> None:
    booked = await house.book()
    house.clock.pass_by(minutes=5)
    for start, code in (
        (MONDAY - timedelta(minutes=20), "in-the-past"),
        (MONDAY, "in-the-past"),
        (LATER + timedelta(minutes=7), "not-offered"),
    ):
        with pytest.raises(BadInput) as refused:
            await move(house, booked, start)
        assert refused.value.problems[0].code == code
    view = await house.assembled.services.joining.look(booked.join_url.partition("#")[2])
    assert (view.start, view.moved) == (MONDAY, False)


async def test_the_time_that_it_has_already_is_no_move(house: House) -> None:
    booked = await house.book(LATER)
    with pytest.raises(BadInput) as refused:
        await move(house, booked, LATER)
    assert refused.value.problems[0].code == "same-time"


async def test_a_visit_that_has_begun_or_was_cancelled_is_not_moved(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    with pytest.raises(WrongState):
        await move(house, booked, LATER)
    other = await house.book(LATER)
    await house.assembled.services.appointments.cancel(CARLA, other.appointment.id)
    moving = house.assembled.services.appointments.moving
    with pytest.raises(WrongState):
        await moving.move(CARLA, other.appointment.id, NEXT_WEEK, 1)
    with pytest.raises(WrongState):
        await moving.look(CARLA, other.visit_id)


async def test_who_did_not_come_gets_another_time(house: House) -> None:
    booked = await house.book()
    house.clock.at = booked.appointment.start + GRACE
    await house.assembled.services.waiting.line.miss(AMARA, booked.visit_id)
    moving = house.assembled.services.appointments.moving
    row = (await moving.look(CARLA, booked.visit_id)).row
    moved = await moving.move(CARLA, booked.appointment.id, LATER, row.appointment.version)
    assert moved.status is AppointmentStatus.BOOKED
    assert (await moving.look(CARLA, booked.visit_id)).row.visit.status is VisitStatus.BOOKED
    with pytest.raises(SlotTaken):
        await house.book(LATER)


async def test_strangers_find_nothing_and_other_roles_may_not(house: House) -> None:
    booked = await house.book()
    moving = house.assembled.services.appointments.moving
    wish = (booked.appointment.id, LATER, booked.appointment.version)
    for actor, refusal in ((NOOR, NotFound), (ADA, NotPermitted), (PIA, NotPermitted)):
        with pytest.raises(refusal):
            await moving.move(actor, *wish)
        with pytest.raises(refusal):
            await moving.look(actor, booked.visit_id)
    moved = await moving.move(CY, *wish)  # books and cancels for the same hospital, too
    assert moved.start == LATER
