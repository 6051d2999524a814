"""An Idempotency-Key makes a write happen once, also when its retries come before the first answer."""

import asyncio

import pytest

from telehealth.domain.errors import KeyReused, SlotTaken
from telehealth.domain.note import NoteContent
from telehealth.domain.people import Role
from telehealth.services.booking import BookingRequest
from telehealth.services.staff import NewStaff
from telehealth.services.trail import Once
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, SITE, House, a_patient

AT_ONCE = 20


def key(name: str = "a-key-of-carla", what: bytes = b"the request") -> Once:
    return Once(CARLA.id, name, what)


def request(house: House) -> BookingRequest:
    return BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, MONDAY)


async def test_twenty_bookings_with_one_key_are_one_appointment(house: House) -> None:
    booking = house.assembled.services.booking
    made = await asyncio.gather(*(booking.book(CARLA, request(house), key()) for _ in range(AT_ONCE)))
    assert len({each.appointment.id for each in made}) == 1
    assert len({each.join_url for each in made}) == 1


async def test_twenty_registrations_with_one_key_are_one_patient(house: House) -> None:
    desk, new = house.assembled.services.desk, a_patient("Lia", "Sander", "02")
    made = await asyncio.gather(*(desk.register(CARLA, new, key()) for _ in range(AT_ONCE)))
    assert len({each.id for each in made}) == 1


async def test_keys_of_their_own_stay_apart(house: House) -> None:
    booking = house.assembled.services.booking
    keys = [key(f"key-number-{number}") for number in range(AT_ONCE)]
    tries = (booking.book(CARLA, request(house), each) for each in keys)
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, SlotTaken) for each in made) == AT_ONCE - 1


async def test_another_request_under_the_same_key_is_refused(house: House) -> None:
    booking = house.assembled.services.booking
    await booking.book(CARLA, request(house), key())
    with pytest.raises(KeyReused):
        await booking.book(CARLA, request(house), key(what=b"another"))


async def test_an_addendum_is_added_once_under_a_key(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, NoteContent(history="Palpitations."), 0)
    signed = await services.notes.sign(AMARA, booked.visit_id, draft.version)
    tries = (
        services.notes.add(AMARA, booked.visit_id, "Potassium was 4.1.", Once(AMARA.id, "an-addendum", b"x"))
        for _ in range(6)
    )
    assert len({each.id for each in await asyncio.gather(*tries)}) == 1
    assert len((await services.notes.open(AMARA, booked.visit_id)).addenda) == 1
    assert (await services.record.read(AMARA, "Composition", signed.id)).version == 2


async def test_somebody_is_invited_once_under_a_key(house: House) -> None:
    staff = house.assembled.services.staff
    new = NewStaff(HOSPITAL, SITE, Role.COORDINATOR, "Lev", "Orlov", "", "lev@hospital.example")
    tries = (staff.invite(ADA, new, Once(ADA.id, "an-invitation", b"x")) for _ in range(4))
    made = await asyncio.gather(*tries)
    assert len({(each.practitioner_id, each.url) for each in made}) == 1
