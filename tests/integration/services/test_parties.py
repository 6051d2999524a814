"""Visits with several required parties: patient, specialist, room, device and interpreter, all or nothing."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import BadInput, NotFound, SlotTaken
from telehealth.domain.people import Patient
from telehealth.domain.resources import Needs, Resource
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.resources import Description
from telehealth.services.slots import SlotQuery
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, MONDAY, SITE, House, a_patient

ROOM, DEVICE, INTERPRETER = ResourceKind.ROOM, ResourceKind.DEVICE, ResourceKind.INTERPRETER
START = MONDAY + timedelta(hours=2)
HOUR = timedelta(hours=1)


@pytest.fixture
async def site(house: House) -> dict[str, Resource]:
    """Two rooms, one otoscope, one who interprets Spanish and Arabic; by name."""
    async with house.assembled.opened.work.units.writing() as uow:
        hours = (time(8, 30), time(18, 30), date(2026, 1, 1))
        await uow.directory.add_hours(WeeklyHours("rule-cy", CY.id, SITE, CARDIOLOGY, 1, *hours))
    desk = house.assembled.services.timing.resources
    made = [
        await desk.add(CARLA, SITE, ROOM, Description("Room 1", after_minutes=10)),
        await desk.add(CARLA, SITE, ROOM, Description("Room 2")),
        await desk.add(CARLA, SITE, DEVICE, Description("Otoscope")),
        await desk.add(CARLA, SITE, INTERPRETER, Description("Lina", languages=("es", "ar"))),
    ]
    return {each.name: each for each in made}


async def another(house: House) -> Patient:
    """Eve, whom Dr Cy sees."""
    return await house.assembled.services.desk.register(CARLA, a_patient("Eve", "Moreau", "02"))


def asks(house: House, needs: Needs, doctor: str = AMARA.id, patient: str = "") -> BookingRequest:
    return BookingRequest(patient or house.bo.id, CARDIOLOGY, doctor, START, needs=needs)


async def book(house: House, request: BookingRequest) -> Booked:
    return await house.assembled.services.booking.book(CARLA, request)


def names(booked: Booked) -> list[str]:
    return [each.resource.name for each in booked.parties]


async def parties(house: House, appointment_id: str) -> list[str]:
    async with house.assembled.opened.work.units.reading() as uow:
        return [
            each.resource.name for each in (await uow.resources.parties([appointment_id]))[appointment_id]
        ]


async def starts(house: House, needs: Needs, doctor: str = CY.id) -> list[timedelta]:
    """Free times of a specialist from START on, as what comes after it."""
    query = SlotQuery(CARDIOLOGY, START, START + 2 * HOUR, doctor, needs=needs)
    found = await house.assembled.services.booking.find(CARLA, query)
    return [each.start - START for each in found]


async def test_a_visit_has_a_room_a_device_and_an_interpreter(
    house: House, site: dict[str, Resource]
) -> None:
    booked = await book(house, asks(house, Needs(SITE, site["Otoscope"].id, "es")))
    assert names(booked) == ["Room 1", "Otoscope", "Lina"]
    assert booked.parties[2].wanted == "es"
    assert await parties(house, booked.appointment.id) == names(booked)


@pytest.mark.parametrize(
    "needs, missing",
    [(("Room 1", "", ""), ROOM), (("", "Otoscope", ""), DEVICE), (("", "", "ar"), INTERPRETER)],
)
async def test_who_misses_one_has_none_and_hears_which(
    house: House, site: dict[str, Resource], needs: tuple[str, str, str], missing: ResourceKind
) -> None:
    room, device, language = (site[each].id if each in site else each for each in needs)
    wanted = Needs(room, device, language)
    await book(house, asks(house, wanted))
    eve = await another(house)
    with pytest.raises(SlotTaken) as refused:
        await book(house, asks(house, replace(wanted, room=room or SITE), CY.id, eve.id))
    assert refused.value.missing == {missing}
    without = await book(house, asks(house, Needs("" if missing is ROOM else SITE), CY.id, eve.id))
    assert without.appointment.start == START, "nobody holds the others"


async def test_any_room_is_the_first_that_is_free(house: House, site: dict[str, Resource]) -> None:
    assert names(await book(house, asks(house, Needs(SITE)))) == ["Room 1"]
    eve = await another(house)
    assert names(await book(house, asks(house, Needs(SITE), CY.id, eve.id))) == ["Room 2"]


async def test_times_are_offered_only_where_every_party_is_free(
    house: House, site: dict[str, Resource]
) -> None:
    anywhere = await starts(house, Needs())
    await book(house, asks(house, Needs(site["Room 1"].id, "", "es")))
    assert timedelta(0) in anywhere
    assert await starts(house, Needs(SITE)) == anywhere, "there is another room"
    first = await starts(house, Needs(site["Room 1"].id))
    assert first == [each for each in anywhere if each >= timedelta(minutes=30)], (
        "it is cleaned for 10 minutes"
    )
    spoken = await starts(house, Needs("", "", "ar"))
    assert spoken == [each for each in anywhere if each >= timedelta(minutes=20)]


async def test_what_is_cancelled_frees_all_of_them(house: House, site: dict[str, Resource]) -> None:
    needs = Needs(site["Room 1"].id, site["Otoscope"].id, "es")
    booked = await book(house, asks(house, needs))
    await house.assembled.services.appointments.cancel(CARLA, booked.appointment.id)
    eve = await another(house)
    assert len(names(await book(house, asks(house, needs, CY.id, eve.id)))) == 3


async def test_a_moved_visit_keeps_its_room_and_leaves_the_former_time(
    house: House, site: dict[str, Resource]
) -> None:
    booked = await book(house, asks(house, Needs(site["Room 2"].id, site["Otoscope"].id, "ar")))
    moving = house.assembled.services.appointments.moving
    moved = await moving.move(CARLA, booked.appointment.id, START + HOUR, booked.appointment.version)
    assert await parties(house, moved.id) == ["Room 2", "Otoscope", "Lina"]
    eve = await another(house)
    at_once = await book(
        house, asks(house, Needs(site["Room 2"].id, site["Otoscope"].id, "ar"), CY.id, eve.id)
    )
    assert at_once.appointment.start == START
    with pytest.raises(SlotTaken) as refused:
        await moving.move(CARLA, moved.id, START, moved.version)
    assert refused.value.missing == {DEVICE, INTERPRETER}, "there is another room, but no other of these"


async def test_a_moved_visit_has_another_room_where_its_own_is_taken(
    house: House, site: dict[str, Resource]
) -> None:
    booked = await book(house, asks(house, Needs(site["Room 1"].id)))
    eve = await another(house)
    later = replace(asks(house, Needs(site["Room 1"].id), CY.id, eve.id), start=START + HOUR)
    await book(house, later)
    moving = house.assembled.services.appointments.moving
    await moving.move(CARLA, booked.appointment.id, START + HOUR, booked.appointment.version)
    assert await parties(house, booked.appointment.id) == ["Room 2"]


async def test_a_visit_moves_into_its_own_former_time(house: House, site: dict[str, Resource]) -> None:
    """By one step: its own room and interpreter are not in its way."""
    booked = await book(house, asks(house, Needs(site["Room 1"].id, "", "es")))
    moving = house.assembled.services.appointments.moving
    step = timedelta(minutes=20)
    await moving.move(CARLA, booked.appointment.id, START + step, booked.appointment.version)
    assert await parties(house, booked.appointment.id) == ["Room 1", "Lina"]


async def test_what_is_held_keeps_its_room_when_it_is_booked(house: House, site: dict[str, Resource]) -> None:
    request = asks(house, Needs(SITE, "", "es"))
    booking = house.assembled.services.booking
    held = await booking.hold(CARLA, request)
    booked = await book(house, replace(request, hold_id=held.appointment.id))
    assert names(booked) == names(held) == ["Room 1", "Lina"]
    assert await parties(house, booked.appointment.id) == ["Room 1", "Lina"]


async def test_what_was_held_without_a_room_is_not_booked_with_one(
    house: House, site: dict[str, Resource]
) -> None:
    held = await house.assembled.services.booking.hold(CARLA, asks(house, Needs()))
    with pytest.raises(NotFound):
        await book(house, replace(asks(house, Needs(SITE)), hold_id=held.appointment.id))


@pytest.mark.parametrize("needs", [Needs("nowhere"), Needs("", SITE + "x"), Needs("", "", "fr")])
async def test_a_need_that_nothing_ever_serves_is_told_as_such(
    house: House, site: dict[str, Resource], needs: Needs
) -> None:
    for attempt in (book(house, asks(house, needs)), starts(house, needs)):
        with pytest.raises(BadInput) as refused:
            await attempt
        assert refused.value.problems[0].code == "unknown"


async def test_a_retired_room_is_booked_no_more_and_stays_with_its_visit(
    house: House, site: dict[str, Resource]
) -> None:
    room = site["Room 1"]
    booked = await book(house, asks(house, Needs(room.id)))
    await house.assembled.services.timing.resources.retire(CARLA, room.id, room.version)
    with pytest.raises(BadInput):
        await starts(house, Needs(room.id))
    assert await parties(house, booked.appointment.id) == ["Room 1"]


async def test_a_visit_moves_with_what_it_has_though_all_of_it_is_retired(
    house: House, site: dict[str, Resource]
) -> None:
    booked = await book(house, asks(house, Needs(site["Room 1"].id, site["Otoscope"].id, "es")))
    for each in site.values():
        await house.assembled.services.timing.resources.retire(CARLA, each.id, each.version)
    moving = house.assembled.services.appointments.moving
    moved = await moving.move(CARLA, booked.appointment.id, START + HOUR, booked.appointment.version)
    assert await parties(house, moved.id) == ["Room 1", "Otoscope", "Lina"]


async def test_what_is_held_is_booked_though_its_room_was_retired_meanwhile(
    house: House, site: dict[str, Resource]
) -> None:
    request = asks(house, Needs(site["Room 1"].id))
    held = await house.assembled.services.booking.hold(CARLA, request)
    await house.assembled.services.timing.resources.retire(CARLA, site["Room 1"].id, site["Room 1"].version)
    booked = await book(house, replace(request, hold_id=held.appointment.id))
    assert names(booked) == ["Room 1"]


async def test_of_many_who_want_any_room_each_room_has_one(house: House, site: dict[str, Resource]) -> None:
    """Who loses the race for one room gets the next: nobody is refused while a room is free."""
    eve = await another(house)
    tries = [asks(house, Needs(SITE)), asks(house, Needs(SITE), CY.id, eve.id)]
    made = await asyncio.gather(*(book(house, each) for each in tries))
    assert sorted(name for each in made for name in names(each)) == ["Room 1", "Room 2"]
