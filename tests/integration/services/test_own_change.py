"""Patients change their visit by its link: another time or off, not at the last moment, and nobody else's."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.changing import FARTHEST, MOST_MOVES, Barrier
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import (
    BadInput,
    ChangeTooLate,
    MovedTooOften,
    NotFound,
    OtherDevice,
    SlotTaken,
    StaleVersion,
    VisitClosed,
)
from telehealth.services.booking import Booked
from telehealth.services.trail import Once
from tests.cast import CARLA, HOSPITAL, MONDAY, House, a_patient

AFTERNOON = MONDAY + timedelta(hours=5)
NEXT_WEEK = MONDAY + timedelta(days=7)
OFFICE = replace(SYSTEM, organization_id=HOSPITAL)


def token_of(booked: Booked) -> str:
    return booked.join_url.partition("#")[2]


async def comes_to_change(house: House, booked: Booked) -> Actor:
    """Bo opens the link to change the visit, without coming to it."""
    joining = house.assembled.services.joining
    opened = await joining.open(token_of(booked), here=False)
    bo = await joining.visitor(opened.visit_id, opened.cookie)
    assert bo is not None
    return bo


async def move(
    house: House, bo: Actor, before: Appointment, start: datetime, once: Once | None = None
) -> Appointment:
    moving = house.assembled.services.appointments.moving
    return await moving.move(bo, before.id, start, before.version, once)


async def test_days_before_the_visit_it_moves_and_the_clinic_reads_who_did_it(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo = await comes_to_change(house, booked)
    moved = await move(house, bo, booked.appointment, NEXT_WEEK + timedelta(hours=2))
    kept = (moved.id, moved.uid, moved.sequence, moved.patient_moves, moved.by_patient)
    assert kept == (booked.appointment.id, booked.appointment.uid, 1, 1, True)
    await house.book(NEXT_WEEK)  # the old time is somebody else's at once
    found = await house.assembled.services.appointments.get(CARLA, moved.id)
    assert found[0].by_patient
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=house.bo.id)
    moves = [each for each in entries if each.action is AuditAction.APPOINTMENT_MOVED]
    assert [(each.actor_kind, each.actor_id) for each in moves] == [("visitor", house.bo.id)]
    by_carla = await move(house, CARLA, moved, NEXT_WEEK + timedelta(hours=3))
    assert (by_carla.by_patient, by_carla.patient_moves) == (False, 1)


async def test_nobody_arrives_by_looking_for_another_time(house: House) -> None:
    booked = await house.book(AFTERNOON)
    bo = await comes_to_change(house, booked)
    changing = house.assembled.services.appointments.changing
    found = await changing.look(bo)
    assert (found.row.visit.status, found.barrier) == (VisitStatus.BOOKED, Barrier.NONE)


async def test_the_link_from_before_a_change_changes_nothing_any_more(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo = await comes_to_change(house, booked)
    await move(house, bo, booked.appointment, NEXT_WEEK + timedelta(hours=2))
    with pytest.raises(VisitClosed):
        await house.assembled.services.joining.open(token_of(booked), here=False)
    assert (await house.assembled.services.appointments.changing.look(bo)).row.visit.id == booked.visit_id


async def test_a_second_press_changes_nothing_and_an_older_page_neither(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo = await comes_to_change(house, booked)
    once, later = Once(bo.id, "key-of-the-form", b"1" * 32), NEXT_WEEK + timedelta(hours=2)
    first = await move(house, bo, booked.appointment, later, once)
    assert await move(house, bo, booked.appointment, later, once) == first
    with pytest.raises(StaleVersion):
        await move(house, bo, booked.appointment, NEXT_WEEK + timedelta(hours=3))
    with pytest.raises(StaleVersion):
        await house.assembled.services.appointments.cancel(bo, first.id, booked.appointment.version)


async def test_in_the_last_two_hours_the_clinic_changes_it_and_the_patient_not(house: House) -> None:
    booked = await house.book(AFTERNOON)
    bo = await comes_to_change(house, booked)
    house.clock.at = AFTERNOON - timedelta(hours=1, minutes=59)
    appointments = house.assembled.services.appointments
    assert (await appointments.changing.look(bo)).barrier is Barrier.LATE
    with pytest.raises(ChangeTooLate):
        await move(house, bo, booked.appointment, NEXT_WEEK)
    with pytest.raises(ChangeTooLate):
        await appointments.cancel(bo, booked.appointment.id)
    assert (await move(house, CARLA, booked.appointment, NEXT_WEEK)).start == NEXT_WEEK


async def test_after_some_moves_the_patient_can_only_cancel(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo, before = await comes_to_change(house, booked), booked.appointment
    for hours in range(1, MOST_MOVES + 1):
        before = await move(house, bo, before, NEXT_WEEK + timedelta(hours=hours))
    with pytest.raises(MovedTooOften):
        await move(house, bo, before, NEXT_WEEK)
    appointments = house.assembled.services.appointments
    assert (await appointments.changing.look(bo)).barrier is Barrier.OFTEN
    cancelled = await appointments.cancel(bo, before.id, before.version)
    assert (cancelled.status, cancelled.by_patient) == (AppointmentStatus.CANCELLED, True)


async def test_a_cancelled_visit_frees_its_time_and_a_second_press_says_the_same(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo = await comes_to_change(house, booked)
    appointments, wish = house.assembled.services.appointments, (booked.appointment.id, 0)
    first = await appointments.cancel(bo, *wish)
    assert (first.sequence, first.uid) == (1, booked.appointment.uid)
    assert await appointments.cancel(bo, *wish) == first
    await house.book(NEXT_WEEK)
    async with house.assembled.opened.storage.reading() as uow:
        told = await uow.outbox.of_visit(booked.visit_id)
    assert sorted(each.channel for each in told if each.template == "visit-cancelled") == ["email", "sms"]


async def test_only_times_that_are_shown_are_taken(house: House) -> None:
    booked = await house.book(AFTERNOON)
    bo = await comes_to_change(house, booked)
    soon, far = MONDAY + timedelta(hours=1), MONDAY + FARTHEST + timedelta(days=1)
    for start in (soon, far, NEXT_WEEK + timedelta(minutes=7)):
        with pytest.raises(BadInput) as refused:
            await move(house, bo, booked.appointment, start)
        assert refused.value.problems[0].code == "not-offered"


async def test_free_times_come_earliest_first_and_go_on_where_they_stopped(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    await house.book(AFTERNOON)  # Bo's other visit: he is not free then, whoever else is
    bo = await comes_to_change(house, booked)
    changing = house.assembled.services.appointments.changing
    first, onward = await changing.free(bo, MONDAY, 5)
    starts = [each.start for each in first]
    assert starts[0] == MONDAY + timedelta(hours=2)
    assert starts == sorted(starts)
    assert onward is not None
    more, _ = await changing.free(bo, onward, 20)
    assert more[0].start == onward > starts[-1]
    assert AFTERNOON not in {each.start for each in [*first, *more]}
    assert await changing.free(bo, MONDAY + FARTHEST, 5) == ([], None)


async def test_a_time_just_taken_is_refused_and_the_visit_stays(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    bo = await comes_to_change(house, booked)
    cid = await house.assembled.services.desk.register(OFFICE, a_patient("Cid", "Moss", "02"))
    later = NEXT_WEEK + timedelta(hours=2)
    await house.book(later, patient=cid)
    with pytest.raises(SlotTaken):
        await move(house, bo, booked.appointment, later)
    found = (await house.assembled.services.appointments.changing.look(bo)).row.appointment
    assert (found.start, found.version) == (NEXT_WEEK, booked.appointment.version)


async def test_another_browser_of_who_waits_changes_nothing(house: House) -> None:
    booked = await house.book(AFTERNOON)
    other = await comes_to_change(house, booked)
    await house.wait(booked)
    with pytest.raises(OtherDevice):
        await move(house, other, booked.appointment, NEXT_WEEK)
    with pytest.raises(OtherDevice):
        await house.assembled.services.appointments.cancel(other, booked.appointment.id)


async def test_a_stranger_is_refused(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    cid = await house.assembled.services.desk.register(OFFICE, a_patient("Cid", "Moss", "02"))
    stranger = await comes_to_change(house, await house.book(NEXT_WEEK + timedelta(hours=1), patient=cid))
    with pytest.raises(NotFound):
        await move(house, stranger, booked.appointment, NEXT_WEEK + timedelta(hours=2))
    with pytest.raises(NotFound):
        await house.assembled.services.appointments.cancel(stranger, booked.appointment.id)
    with pytest.raises(NotFound):
        await house.assembled.services.appointments.changing.look(replace(stranger, visit_id="nobodys"))
