"""Group sessions end to end: what is shared, what each patient has alone, moved together, offered again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from telehealth.domain.absences import Answer, Change
from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.errors import NotFound, NotPermitted, SlotTaken
from telehealth.domain.people import Patient
from telehealth.domain.resources import Needs
from telehealth.domain.scheduling import Interval, WeeklyHours
from telehealth.domain.series import Frequency, Rule
from telehealth.domain.visiting import GRACE
from telehealth.domain.zone_rules import Shift
from telehealth.services.absence_plan import Concerned
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.resources import Description
from telehealth.services.series import Choice
from telehealth.services.series_plan import Wanted
from telehealth.services.slots import SlotQuery
from telehealth.services.waitlist import Wish
from telehealth.storage.rows.appointments import appointments
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, MONDAY, SITE, House, a_patient

SEATS = 3
TOMORROW = MONDAY + timedelta(days=1)
LENGTH = timedelta(minutes=20)


@pytest.fixture
async def group(house: House) -> list[Patient]:
    """Five patients of a service that sees three at one time."""
    async with house.assembled.opened.storage.writing() as uow:
        service = await uow.directory.service(CARDIOLOGY)
        assert service is not None
        await uow.directory.save_service(replace(service, capacity=SEATS, version=service.version + 1))
    desk = house.assembled.services.desk
    names = enumerate(("Cid", "Dan", "Eve", "Fay"))
    others = [await desk.register(CARLA, a_patient(given, "Moss", f"1{at}")) for at, given in names]
    return [house.bo, *others]


async def book(house: House, people: Sequence[Patient], **changes: object) -> list[Booked]:
    """Book them for tomorrow, one after the other."""
    usual = BookingRequest("", CARDIOLOGY, AMARA.id, TOMORROW)
    asked = [replace(usual, patient_id=each.id, **changes) for each in people]  # type: ignore[arg-type]
    return [await house.assembled.services.booking.book(CARLA, each) for each in asked]


async def starts(house: House, **more: object) -> dict[int, int]:
    """Places left by minutes from tomorrow's session on, for its first two times."""
    query = SlotQuery(CARDIOLOGY, TOMORROW, TOMORROW + 2 * LENGTH, AMARA.id)
    found = await house.assembled.services.booking.find(CARLA, replace(query, **more))  # type: ignore[arg-type]
    return {int((each.start - TOMORROW).total_seconds() // 60): each.left for each in found}


async def absence(house: House) -> list[Concerned]:
    day = TOMORROW.date()
    return (await house.assembled.services.appointments.absences.look(CARLA, AMARA.id, day, day)).visits


def proposed(concerned: Concerned) -> Change:
    at, way = concerned.row.appointment, concerned.ways[0]
    whose = way.practitioner.id if way.practitioner else ""
    return Change(at.id, at.version, way.answer, whose, way.start)


async def cy_offers(house: House, hour: int = 8, minute: int = 30) -> None:
    hours = (time(hour, minute), time(18, 30), date(2026, 1, 1))
    rule = WeeklyHours("rule-cy", CY.id, SITE, CARDIOLOGY, 2, *hours)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.directory.add_hours(rule)


async def test_places_are_counted_down_and_a_full_session_is_found_no_more(
    house: House, group: list[Patient]
) -> None:
    assert await starts(house) == {0: 3, 20: 3}
    await book(house, group[:2])
    assert await starts(house) == {0: 1, 20: 3}
    await book(house, group[2:3])
    assert await starts(house) == {20: 3}
    with pytest.raises(SlotTaken) as refused:
        await book(house, group[3:4])
    assert refused.value.missing == {ResourceKind.PRACTITIONER}


async def test_an_absent_specialists_group_is_moved_together_and_each_is_told_once(
    house: House, group: list[Patient]
) -> None:
    booked = await book(house, group[:3])
    changes = [proposed(each) for each in await absence(house)]
    assert [(each.answer, each.start) for each in changes] == [(Answer.LATER, changes[0].start)] * 3
    outcomes = await house.assembled.services.appointments.absences.carry_out(CARLA, changes)
    assert [each.refused for each in outcomes] == [None] * 3
    assert {each.row.appointment.start for each in outcomes if each.row} == {changes[0].start}
    assert {each.row.together for each in outcomes if each.row} == {3}
    async with house.assembled.opened.storage.reading() as uow:
        told = [Counter(m.template for m in await uow.outbox.of_visit(each.visit_id)) for each in booked]
    assert [each["visit-moved"] for each in told] == [told[0]["visit-moved"]] * 3
    assert await starts(house) == {0: 3, 20: 3}


async def test_a_group_goes_to_who_has_room_for_all_of_it(house: House, group: list[Patient]) -> None:
    """Dr Cy has one place at that time and later none: nobody is parted from the others."""
    await cy_offers(house)
    await book(house, group[:2])
    await book(house, group[2:4], practitioner_id=CY.id)
    assert {proposed(each).answer for each in await absence(house)} == {Answer.LATER}
    assert len({proposed(each).start for each in await absence(house)}) == 1


async def test_a_stand_in_takes_the_whole_group(house: House, group: list[Patient]) -> None:
    await cy_offers(house)
    await book(house, group[:3])
    changes = [proposed(each) for each in await absence(house)]
    assert {(each.practitioner_id, each.start) for each in changes} == {(CY.id, TOMORROW)}
    outcomes = await house.assembled.services.appointments.absences.carry_out(CARLA, changes)
    assert [each.refused for each in outcomes] == [None] * 3
    assert await starts(house, practitioner_id=CY.id) == {20: 3}


async def test_a_series_joins_the_sessions_that_are_there(house: House, group: list[Patient]) -> None:
    await book(house, group[:1])
    desk = house.assembled.services.appointments.series
    wanted = Wanted(group[1].id, CARDIOLOGY, AMARA.id, TOMORROW, Rule(Frequency.WEEKLY, count=2))
    assert [each.free for each in (await desk.foresee(CARLA, wanted)).visits] == [True, True]
    await desk.book(CARLA, Choice(wanted))
    assert await starts(house) == {0: 1, 20: 3}
    await book(house, group[2:3])
    late = replace(wanted, patient_id=group[3].id)
    found = (await desk.foresee(CARLA, late)).visits
    assert [each.why.code for each in found] == ["taken", ""]
    with pytest.raises(SlotTaken):
        await desk.book(CARLA, Choice(late))


async def test_a_place_that_becomes_free_is_offered_to_who_waits(house: House, group: list[Patient]) -> None:
    async with house.assembled.opened.storage.writing() as uow:
        for rule in await uow.directory.hours():
            await uow.directory.remove_hours(rule.id)
        only = replace(rule, id="only", weekday=TOMORROW.isoweekday(), start=time(10, 30), end=time(10, 50))
        await uow.directory.add_hours(only)
    booked = await book(house, group[:3])
    desk = house.assembled.services.appointments
    wish = Wish(group[3].id, CARDIOLOGY, MONDAY.date(), MONDAY.date() + timedelta(days=6), notice_hours=2)
    await desk.waitlist.add(CARLA, wish)
    assert await desk.offers.offer() == 0
    await desk.cancel(CARLA, booked[1].appointment.id)
    assert await desk.offers.offer() == 1
    assert await starts(house) == {}, "the offered place is held"
    others = [await desk.get(CARLA, each.appointment.id) for each in (booked[0], booked[2])]
    assert {each.status for each, _ in others} == {AppointmentStatus.BOOKED}


async def test_the_specialist_sees_how_many_there_are_and_one_entry_in_the_calendar(
    house: House, group: list[Patient]
) -> None:
    await book(house, group[:2])
    await house.book(TOMORROW + LENGTH, patient=group[2])
    rows = (await house.assembled.services.clinic.day(AMARA, TOMORROW.date())).rows
    assert [row.together for row in rows] == [2, 2, 1]
    week = Interval(MONDAY, MONDAY + timedelta(days=7))
    async with house.assembled.opened.storage.reading() as uow:
        found = await uow.feeds.visits(AMARA.id, week, 10)
    assert [each.start for each in found] == [TOMORROW, TOMORROW + LENGTH]


@pytest.mark.parametrize("others", [1, SEATS])
async def test_who_is_expected_again_has_a_seat_with_the_others_where_one_is_left(
    house: House, group: list[Patient], others: int
) -> None:
    line, resources = house.assembled.services.waiting.line, house.assembled.services.timing.resources
    await resources.add(CARLA, SITE, ResourceKind.ROOM, Description("Room 1"))
    (late,) = await book(house, group[:1], needs=Needs(room=SITE))
    house.clock.at = TOMORROW + GRACE
    await line.miss(AMARA, late.visit_id)
    house.clock.at = MONDAY
    await book(house, group[1 : 1 + others], needs=Needs(room=SITE))
    house.clock.at = TOMORROW + GRACE
    recalled = await line.attended(AMARA, late.visit_id)
    assert recalled.reserved is (others < SEATS)
    async with house.assembled.opened.storage.reading() as uow:
        (session,) = await uow.appointments.sessions(
            CARDIOLOGY, [AMARA.id], Interval(TOMORROW, TOMORROW + LENGTH)
        )
    assert session.taken == min(others + 1, SEATS)


async def test_a_whole_group_moves_to_a_time_that_meets_its_own_and_each_is_told(
    house: House, group: list[Patient]
) -> None:
    booked = await book(house, group[:3])
    async with house.assembled.opened.storage.writing() as uow:
        for rule in await uow.directory.hours():
            await uow.directory.remove_hours(rule.id)
            await uow.directory.add_hours(replace(rule, id=f"later-{rule.id}", start=time(8, 40)))
    start = TOMORROW + LENGTH / 2
    moving = house.assembled.services.appointments.moving
    with pytest.raises(SlotTaken):
        await moving.move(CARLA, booked[1].appointment.id, start, 0)
    after = await moving.move(CARLA, booked[1].appointment.id, start, 0, whole=True)
    assert (after.id, after.start) == (booked[1].appointment.id, start)
    rows = (await house.assembled.services.clinic.day(AMARA, TOMORROW.date())).rows
    assert [(row.appointment.start, row.together, row.appointment.sequence) for row in rows] == [
        (start, 3, 1)
    ] * 3
    async with house.assembled.opened.storage.reading() as uow:
        told = [await uow.outbox.of_visit(each.visit_id) for each in booked]
    assert all(any(each.template == "visit-moved" for each in messages) for messages in told)


async def test_a_whole_group_moves_or_nobody_does(house: House, group: list[Patient]) -> None:
    """One of them is in another visit at the new time."""
    booked = await book(house, group[:2])
    await cy_offers(house)
    later = TOMORROW + 2 * LENGTH
    await book(house, group[1:2], practitioner_id=CY.id, start=later)
    moving = house.assembled.services.appointments.moving
    with pytest.raises(SlotTaken) as refused:
        await moving.move(CARLA, booked[0].appointment.id, later, 0, whole=True)
    assert refused.value.missing == {ResourceKind.PATIENT}
    assert await starts(house) == {0: 1, 20: 3}


async def test_a_whole_group_is_cancelled_and_the_time_is_free(house: House, group: list[Patient]) -> None:
    booked = await book(house, group[:3])
    desk = house.assembled.services.appointments
    await desk.cancel(CARLA, booked[0].appointment.id)
    for _ in range(2):
        await desk.cancel_group(CARLA, booked[2].appointment.id)
    found = [(await desk.get(CARLA, each.appointment.id))[0] for each in booked]
    assert {(each.status, each.sequence) for each in found} == {(AppointmentStatus.CANCELLED, 1)}
    assert await starts(house) == {0: 3, 20: 3}


async def test_a_patient_moves_nobody_else(house: House, group: list[Patient]) -> None:
    booked = await book(house, group[:2])
    house.clock.pass_by(hours=1)
    visitor = await house.arrive(booked[0])
    moving = house.assembled.services.appointments.moving
    with pytest.raises((NotFound, NotPermitted)):
        await moving.move(visitor, booked[0].appointment.id, TOMORROW + LENGTH, 0, whole=True)
    with pytest.raises((NotFound, NotPermitted)):
        await house.assembled.services.appointments.cancel_group(visitor, booked[0].appointment.id)
    assert await starts(house) == {0: 1, 20: 3}


async def test_new_rules_of_a_zone_take_a_group_along_and_each_is_moved_once(
    house: House, group: list[Patient]
) -> None:
    booked = await book(house, group[:3])
    rules, to = house.assembled.services.appointments.zone_rules, TOMORROW + LENGTH / 2
    shifts = [Shift(replace(each.appointment, tzdata="older"), to) for each in booked]
    async with house.assembled.opened.storage.engines[0].begin() as connection:
        await connection.execute(update(appointments).values(tzdata="older"))
    assert [(await rules.follow(SYSTEM, each)).refused for each in shifts] == [None] * 3
    rows = (await house.assembled.services.clinic.day(AMARA, TOMORROW.date())).rows
    assert [(row.appointment.start, row.together, row.appointment.sequence) for row in rows] == [
        (to, 3, 1)
    ] * 3
