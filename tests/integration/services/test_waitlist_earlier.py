"""An earlier time of a visit that stands, asked for by the patient's own link; nothing once it is off."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import BadInput, NotPermitted, WrongState
from telehealth.domain.people import Patient
from telehealth.services.booking import Booked
from tests.cast import ADA, AMARA, CARLA, CY, HOSPITAL, House
from tests.integration.services.test_waitlist import DAY, TUESDAY, freed, full, lines, patient, rounds

__all__ = ["full"]


def visitor_of(booked: Booked, who: Patient) -> Actor:
    """A patient at the page of their own visit, in the first browser that opened it."""
    return Actor(ActorKind.VISITOR, who.id, None, HOSPITAL, "s", "", visit_id=booked.visit_id)


async def test_by_their_own_link_patients_ask_for_an_earlier_time(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    later = await house.book(TUESDAY + 7 * DAY, patient=cleo)
    visitor = visitor_of(later, cleo)
    desk = house.assembled.services.appointments.waitlist
    await desk.earlier(visitor)
    await desk.earlier(visitor)
    (line,) = (await lines(house)).values()
    wish = line.waiting
    assert (wish.practitioner_id, wish.last, wish.visit_id) == (
        AMARA.id,
        later.appointment.start.date(),
        later.visit_id,
    )
    assert await rounds(house) == 0
    await freed(house, full)
    assert await rounds(house) == 1


async def test_no_visit_no_earlier_time(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    later = await house.book(TUESDAY + 7 * DAY, patient=cleo)
    desk = house.assembled.services.appointments.waitlist
    await desk.earlier(visitor_of(later, cleo))
    await house.assembled.services.appointments.cancel(CARLA, later.appointment.id)
    await freed(house, full)
    assert await rounds(house) == 0
    assert await lines(house) == {}
    with pytest.raises(WrongState):
        await desk.earlier(visitor_of(later, cleo))
    with pytest.raises(NotPermitted):
        await desk.earlier(ADA)


async def test_a_visit_that_was_moved_later_can_still_be_earlier(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    later = await house.book(TUESDAY + 7 * DAY, patient=cleo)
    services = house.assembled.services.appointments
    await services.waitlist.earlier(visitor_of(later, cleo))
    before = later.appointment
    await services.moving.move(CARLA, before.id, TUESDAY + 21 * DAY, before.version)
    house.clock.at = TUESDAY + 9 * DAY
    assert await rounds(house) == 1
    offer = (await lines(house))["Cleo"].open
    assert offer is not None
    assert offer.start == TUESDAY + 14 * DAY


async def test_earlier_is_with_whoever_has_the_visit_by_now(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    later = await house.book(TUESDAY + 7 * DAY, patient=cleo)
    services = house.assembled.services.appointments
    await services.waitlist.earlier(visitor_of(later, cleo))
    async with house.assembled.opened.storage.writing() as uow:
        (rule,) = await uow.directory.hours()
        await uow.directory.add_hours(replace(rule, id="cy", practitioner_id=CY.id))
    before = later.appointment
    await services.moving.move(CARLA, before.id, before.start, before.version, practitioner_id=CY.id)
    await freed(house, full)
    assert await rounds(house) == 1
    line = (await lines(house))["Cleo"]
    assert line.practitioner is not None
    assert line.practitioner.id == CY.id
    assert line.open is not None
    assert (line.open.start, line.open.practitioner_id) == (TUESDAY, CY.id)


async def test_who_cannot_be_written_to_is_promised_nothing(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    mute = replace(cleo, id="mute", phone="", email="", identifiers=())
    async with house.assembled.opened.storage.writing() as uow:
        await uow.patients.add(mute)
    later = await house.book(TUESDAY + 7 * DAY, patient=mute)
    with pytest.raises(BadInput) as refused:
        await house.assembled.services.appointments.waitlist.earlier(visitor_of(later, mute))
    assert [each.code for each in refused.value.problems] == ["no-way"]
    assert await lines(house) == {}
