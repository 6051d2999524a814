"""Who counted as absent is expected again: what is left of the time is theirs, unless others have it."""

from datetime import datetime, timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.resources import Needs
from telehealth.domain.scheduling import Interval
from telehealth.domain.visiting import GRACE
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.line_desk import LineDesk
from telehealth.services.resources import Description
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, SITE, House, a_patient

NOW, END = MONDAY + GRACE, MONDAY + timedelta(minutes=20)
DAY = Interval(MONDAY - timedelta(hours=2), MONDAY + timedelta(hours=2))


def line(house: House) -> LineDesk:
    return house.assembled.services.waiting.line


async def missed(house: House, needs: Needs | None = None) -> Booked:
    """Bo is ten minutes late, and noted as absent."""
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, MONDAY, needs=needs or Needs())
    booked = await house.assembled.services.booking.book(CARLA, request)
    house.clock.at = NOW
    await line(house).miss(AMARA, booked.visit_id)
    return booked


async def busy(house: House, kind: ResourceKind, whose: str) -> list[tuple[datetime, datetime]]:
    async with house.assembled.opened.storage.reading() as uow:
        found = (await uow.appointments.busy(kind, [whose], DAY))[whose]
    return [(each.start, each.end) for each in found]


async def somebody_else(house: House) -> None:
    """Eve is given Bo's time while nobody expects Bo."""
    house.clock.at = MONDAY - timedelta(hours=1)
    eve = await house.assembled.services.desk.register(CARLA, a_patient("Eve", "Moreau", "02"))
    await house.book(patient=eve)
    house.clock.at = NOW


async def test_what_is_left_of_the_time_is_reserved_again_with_all_that_is_needed(house: House) -> None:
    resources = house.assembled.services.timing.resources
    room = await resources.add(CARLA, SITE, ResourceKind.ROOM, Description("Room 1"))
    booked = await missed(house, Needs(room.id))
    who = ((ResourceKind.PRACTITIONER, AMARA.id), (ResourceKind.PATIENT, house.bo.id))
    all_of = (*who, (ResourceKind.ROOM, room.id))
    assert [await busy(house, *each) for each in all_of] == [[], [], []]
    recalled = await line(house).attended(AMARA, booked.visit_id)
    assert (recalled.visit.status, recalled.reserved) == (VisitStatus.BOOKED, True)
    assert [await busy(house, *each) for each in all_of] == [[(NOW, END)]] * 3
    stands, _ = await house.assembled.services.appointments.get(CARLA, booked.appointment.id)
    assert (stands.status, stands.start) == (AppointmentStatus.BOOKED, MONDAY)


async def test_where_somebody_else_has_the_time_the_patient_is_expected_without(house: House) -> None:
    booked = await missed(house)
    await somebody_else(house)
    recalled = await line(house).attended(AMARA, booked.visit_id)
    assert (recalled.visit.status, recalled.reserved) == (VisitStatus.BOOKED, False)
    assert await busy(house, ResourceKind.PRACTITIONER, AMARA.id) == [(MONDAY, END)], "Eve's"
    assert await busy(house, ResourceKind.PATIENT, house.bo.id) == []


@pytest.mark.parametrize("taken", [True, False])
async def test_of_a_time_that_is_over_there_is_nothing_to_reserve(house: House, taken: bool) -> None:
    booked = await missed(house)
    if taken:
        await somebody_else(house)
    house.clock.at = END
    recalled = await line(house).attended(AMARA, booked.visit_id)
    assert (recalled.visit.status, recalled.reserved) == (VisitStatus.BOOKED, True)
    assert await busy(house, ResourceKind.PATIENT, house.bo.id) == []


async def test_a_time_that_is_reserved_again_can_be_missed_and_moved(house: House) -> None:
    booked = await missed(house)
    for _ in range(2):
        await line(house).attended(AMARA, booked.visit_id)
        await line(house).miss(AMARA, booked.visit_id)
    recalled = (await line(house).attended(AMARA, booked.visit_id)).visit
    version = (await house.assembled.services.appointments.get(CARLA, recalled.appointment_id))[0].version
    moving = house.assembled.services.appointments.moving
    later = MONDAY + timedelta(days=7)
    moved = await moving.move(CARLA, recalled.appointment_id, later, version)
    assert moved.start == later
    assert await busy(house, ResourceKind.PRACTITIONER, AMARA.id) == []
