"""Reminders of real bookings: planned with them, moved with them, gone with them, none for tests."""

from datetime import timedelta

import pytest

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.outbox import REMINDER, REMINDING, SOON, OutboxMessage
from telehealth.services.booking import Booked, BookingRequest
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, MONDAY, House

NEXT_WEEK = MONDAY + timedelta(days=7)
LATER = NEXT_WEEK + timedelta(hours=2)
DAY, TEN = timedelta(days=1), timedelta(minutes=10)


async def planned(house: House, booked: Booked) -> list[OutboxMessage]:
    async with house.assembled.opened.storage.reading() as uow:
        found = await uow.outbox.of_visit(booked.visit_id)
    return sorted(
        (each for each in found if each.template in REMINDING), key=lambda each: (each.due_at, each.channel)
    )


async def test_a_booking_plans_them_by_every_way(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    found = [(each.template, each.channel, each.due_at) for each in await planned(house, booked)]
    assert found == [
        (REMINDER, "email", NEXT_WEEK - DAY),
        (REMINDER, "sms", NEXT_WEEK - DAY),
        (SOON, "email", NEXT_WEEK - TEN),
        (SOON, "sms", NEXT_WEEK - TEN),
    ]


async def test_a_visit_booked_inside_a_span_has_only_what_is_ahead(house: House) -> None:
    assert {each.template for each in await planned(house, await house.book(MONDAY + DAY))} == {SOON}
    assert await planned(house, await house.book(MONDAY)) == []


async def test_moved_there_and_back_a_visit_has_those_of_its_time_once(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    moving = house.assembled.services.appointments.moving
    for version, start in enumerate((LATER, NEXT_WEEK, LATER)):
        await moving.move(CARLA, booked.appointment.id, start, version)
        due = [each.due_at for each in await planned(house, booked)]
        assert due == [start - DAY] * 2 + [start - TEN] * 2


async def test_a_cancelled_visit_has_none(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    await house.assembled.services.appointments.cancel(CARLA, booked.appointment.id)
    assert await planned(house, booked) == []


@pytest.mark.parametrize("actor,test", [(CARLA, True), (SYSTEM, False)], ids=["a test", "the demo's"])
async def test_visits_that_invite_nobody_remind_nobody(house: House, actor: Actor, test: bool) -> None:
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, NEXT_WEEK, test=test)
    booked = await house.assembled.services.booking.book(actor, request)
    assert await planned(house, booked) == []


async def test_what_the_service_chose_holds_for_the_next_booking_and_move(house: House) -> None:
    booked = await house.book(NEXT_WEEK)
    await house.assembled.services.messages.reminders.choose(ADA, CARDIOLOGY, 0, (120,))
    assert len(await planned(house, booked)) == 4
    moving = house.assembled.services.appointments.moving
    await moving.move(CARLA, booked.appointment.id, LATER, 0)
    assert [each.due_at for each in await planned(house, booked)] == [LATER - timedelta(hours=2)] * 2
