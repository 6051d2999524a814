"""New time-zone rules: a visit keeps its wall time, whoever is concerned is told, and nobody is booked twice.

British Columbia keeps summer time from 2026 on: tzdata of that year reads a winter's morning in Vancouver as
one hour earlier in UTC than the tzdata before it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import SlotTaken, StaleVersion, WrongState
from telehealth.services.booking import Booked
from telehealth.services.parties import claims_of
from telehealth.services.zone_rules import Followed
from tests.cast import CARDIOLOGY, CARLA, HOSPITAL, House, a_patient

EIGHT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""08:30 in Vancouver under the older rules."""
HOUR = timedelta(hours=1)


async def older(house: House, booked: Booked, local_start: str) -> Appointment:
    """The visit as it would stand had it been booked from Vancouver under the older rules."""
    before = replace(
        booked.appointment,
        zone="America/Vancouver",
        local_start=local_start,
        tzdata="2025.3",
        version=booked.appointment.version + 1,
    )
    async with house.assembled.opened.work.units.writing() as uow:
        service = await uow.directory.service(CARDIOLOGY)
        assert service is not None
        await uow.appointments.move(before, claims_of(before, service))
    return before


async def stands(house: House, appointment: Appointment) -> Appointment:
    async with house.assembled.opened.storage.reading() as uow:
        found = await uow.appointments.get(appointment.id)
    assert found is not None
    return found


async def followed(house: House) -> list[Followed]:
    rules = house.assembled.services.appointments.zone_rules
    return [await rules.follow(SYSTEM, shift) for shift in await rules.check()]


async def test_a_visit_keeps_its_wall_time_and_the_patient_is_told(house: House) -> None:
    booked = await house.book(EIGHT)
    before = await older(house, booked, "2026-11-23T08:30")
    rules = house.assembled.services.appointments.zone_rules
    assert [(each.appointment.id, each.start) for each in await rules.check()] == [(before.id, EIGHT - HOUR)]
    assert [each.refused for each in await followed(house)] == [None]
    after = await stands(house, before)
    assert (after.start, after.end) == (EIGHT - HOUR, EIGHT - HOUR + timedelta(minutes=20))
    assert (after.local_start, after.zone, after.uid) == (before.local_start, before.zone, before.uid)
    assert (after.sequence, after.tzdata > before.tzdata) == (before.sequence + 1, True)
    async with house.assembled.opened.storage.reading() as uow:
        told = [each for each in await uow.outbox.of_visit(booked.visit_id) if each.template == "visit-moved"]
    assert {each.values["start"] for each in told} == {(EIGHT - HOUR).isoformat()}
    assert await rules.check() == []


async def test_a_morning_of_visits_follows_although_each_goes_where_another_was(house: House) -> None:
    cid = await house.assembled.services.desk.register(
        replace(SYSTEM, organization_id=HOSPITAL), a_patient("Cid", "Moss", "02")
    )
    late = await older(house, await house.book(EIGHT), "2026-11-23T08:30")
    early = await older(house, await house.book(EIGHT - HOUR, patient=cid), "2026-11-23T07:30")
    assert [each.refused for each in await followed(house)] == [None, None]
    assert (await stands(house, early)).start == EIGHT - 2 * HOUR
    assert (await stands(house, late)).start == EIGHT - HOUR


async def test_a_time_that_somebody_else_has_is_said_and_both_stay(house: House) -> None:
    cid = await house.assembled.services.desk.register(
        replace(SYSTEM, organization_id=HOSPITAL), a_patient("Cid", "Moss", "02")
    )
    before = await older(house, await house.book(EIGHT), "2026-11-23T08:30")
    there = await house.book(EIGHT - HOUR, patient=cid)
    (one,) = await followed(house)
    assert isinstance(one.refused, SlotTaken)
    assert await stands(house, before) == before
    assert (await stands(house, there.appointment)).start == EIGHT - HOUR


async def test_a_visit_that_changed_in_between_is_left_alone(house: House) -> None:
    desk = house.assembled.services.appointments
    before = await older(house, await house.book(EIGHT), "2026-11-23T08:30")
    (shift,) = await desk.zone_rules.check()
    moved = await desk.moving.move(CARLA, before.id, EIGHT + timedelta(days=1), before.version)
    assert isinstance((await desk.zone_rules.follow(SYSTEM, shift)).refused, StaleVersion)
    assert await stands(house, before) == moved
    await desk.cancel(CARLA, before.id)
    assert isinstance((await desk.zone_rules.follow(SYSTEM, shift)).refused, WrongState)


async def test_what_the_newer_rules_do_not_touch_is_not_listed(house: House) -> None:
    booked = await house.book(EIGHT)
    summer = replace(
        booked.appointment,
        zone="Europe/Berlin",
        tzdata="2025.3",
        version=booked.appointment.version + 1,
    )
    async with house.assembled.opened.work.units.writing() as uow:
        await uow.appointments.move(summer, [])
    assert await house.assembled.services.appointments.zone_rules.check() == []
