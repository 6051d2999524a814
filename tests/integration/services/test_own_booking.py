"""Who books alone: one winner for a time, one visit for many presses, nothing after the time has run out."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.errors import BadInput, EnoughBooked, SlotTaken
from telehealth.domain.outbox import CONTACT_CODE, Channel
from telehealth.domain.own_booking import Asked
from telehealth.services.booking import BookingRequest
from telehealth.services.own_booking import OwnBookings
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, CY, MONDAY, House

AT_ONCE = 10
START = MONDAY + timedelta(hours=2)
DAWIT = Asked("Dawit", "Alemu", date(1980, 6, 5), "dawit@mail.example", "am")


@pytest.fixture
async def own(house: House) -> OwnBookings:
    await house.assembled.services.timing.open.open(ADA, CARDIOLOGY, wanted=True)
    return house.assembled.services.appointments.alone


async def code(house: House) -> str:
    """The newest code that waits to be sent."""
    now = house.clock.now()
    async with house.assembled.opened.work.units.writing() as uow:
        waiting = await uow.outbox.claim(Channel.EMAIL, now, now + timedelta(minutes=1), 100)
    return [each.values["code"] for each in waiting if each.template == CONTACT_CODE][-1]


async def asked(house: House, own: OwnBookings, told: Asked = DAWIT) -> tuple[str, str]:
    """The cookie of somebody to whom a code was sent, and the code."""
    cookie = await own.choose(CARDIOLOGY, START, "", "a-key")
    await own.tell(CARDIOLOGY, cookie, told)
    await own.send_code(CARDIOLOGY, cookie, told.contact)
    return cookie, await code(house)


async def test_of_many_who_want_a_time_one_has_it(house: House, own: OwnBookings) -> None:
    tries = (own.choose(CARDIOLOGY, START, "", f"key-{each}") for each in range(AT_ONCE))
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, str) for each in made) == 1
    assert sum(isinstance(each, SlotTaken) for each in made) == AT_ONCE - 1


async def test_many_presses_book_one_visit(house: House, own: OwnBookings) -> None:
    cookie, right = await asked(house, own)
    made = await asyncio.gather(*(own.confirm(CARDIOLOGY, cookie, right) for _ in range(AT_ONCE)))
    assert len(set(made)) == 1
    async with house.assembled.opened.work.units.reading() as uow:
        row = await uow.visits.row(made[0])
    assert row is not None
    assert (row.appointment.start, row.appointment.by_patient) == (START, True)
    assert (row.patient.name.family, row.patient.language, row.patient.zone) == (
        "Alemu",
        "am",
        row.location.zone,
    )


async def test_the_desk_cannot_come_between(house: House, own: OwnBookings) -> None:
    cookie, right = await asked(house, own)
    desk = house.assembled.services.booking
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, START)
    with pytest.raises(SlotTaken):
        await desk.book(CARLA, request)
    made, *others = await asyncio.gather(
        own.confirm(CARDIOLOGY, cookie, right),
        *(desk.book(CARLA, request) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )
    assert isinstance(made, str)
    assert all(isinstance(each, SlotTaken) for each in others)


async def test_what_ran_out_is_anybodys_and_no_code_brings_it_back(house: House, own: OwnBookings) -> None:
    cookie, right = await asked(house, own)
    house.clock.pass_by(minutes=10)
    desk = house.assembled.services.booking
    await desk.book(CARLA, BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, START))
    with pytest.raises(SlotTaken):
        await own.confirm(CARDIOLOGY, cookie, right)


async def test_one_time_of_two_specialists_is_held_for_two_who_are_not_known_yet(
    house: House, own: OwnBookings
) -> None:
    async with house.assembled.opened.work.units.writing() as uow:
        (rule, *_) = await uow.directory.hours(practitioner_id=AMARA.id, service_id=CARDIOLOGY)
        await uow.directory.add_hours(replace(rule, id="hours-of-cy", practitioner_id=CY.id))
    cookies = await asyncio.gather(*(own.choose(CARDIOLOGY, START, "", f"key-{each}") for each in range(2)))
    found = [await own.underway(CARDIOLOGY, each) for each in cookies]
    assert {each.practitioner.id for each in found if each and not each.over} == {AMARA.id, CY.id}


async def test_wrong_codes_count_also_all_at_once(house: House, own: OwnBookings) -> None:
    cookie, right = await asked(house, own)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    tries = (own.confirm(CARDIOLOGY, cookie, wrong) for _ in range(AT_ONCE))
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, BadInput) for each in made) == 5
    with pytest.raises(SlotTaken):
        await own.confirm(CARDIOLOGY, cookie, right)
    found = await own.underway(CARDIOLOGY, cookie)
    assert found is not None
    assert found.held.status is AppointmentStatus.CANCELLED


async def test_another_contact_is_another_patient(house: House, own: OwnBookings) -> None:
    bo = house.bo
    told = Asked(bo.name.given.upper(), bo.name.family, bo.birth_date, bo.email or bo.phone, "en")
    desk = house.assembled.services.booking
    await desk.book(CARLA, BookingRequest(bo.id, CARDIOLOGY, AMARA.id, START))
    cookie = await own.choose(CARDIOLOGY, START + timedelta(minutes=20), "", "a-key")
    await own.tell(CARDIOLOGY, cookie, replace(told, contact=DAWIT.contact))
    await own.send_code(CARDIOLOGY, cookie, DAWIT.contact)
    visit_id = await own.confirm(CARDIOLOGY, cookie, await code(house))
    async with house.assembled.opened.work.units.reading() as uow:
        row = await uow.visits.row(visit_id)
    assert row is not None
    assert row.patient.id != bo.id, "the contact is not the one on file"


async def test_one_contact_books_so_many_visits_ahead_and_no_more(house: House, own: OwnBookings) -> None:
    async def booked(which: int) -> str:
        told = replace(DAWIT, given=f"Dawit {which}")
        cookie = await own.choose(CARDIOLOGY, START + timedelta(minutes=20 * which), "", f"key-{which}")
        await own.tell(CARDIOLOGY, cookie, told)
        await own.send_code(CARDIOLOGY, cookie, told.contact)
        return await own.confirm(CARDIOLOGY, cookie, await code(house))

    assert len({await booked(which) for which in range(5)}) == 5
    with pytest.raises(EnoughBooked):
        await booked(5)
    house.clock.pass_by(hours=3)
    assert await booked(12)
