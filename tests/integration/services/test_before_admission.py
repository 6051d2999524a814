"""The clinical part in its order: nobody is confirmed before they come, nothing is written before Admit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import NotFound, SlotTaken, VisitClosed, WrongState
from telehealth.domain.note import NoteContent
from telehealth.domain.organizations import HealthcareService
from telehealth.services.booking import BookingRequest
from tests.cast import AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, House

TEXT = NoteContent(history="Palpitations for 3 weeks.")
HEARD = (("name", "birth-date"), "At home, Linden street 4", "+493005550201")


async def test_an_absent_patient_is_not_confirmed(house: House) -> None:
    consulting = house.assembled.services.consulting
    booked = await house.book()
    with pytest.raises(WrongState):
        await consulting.confirm(AMARA, booked.visit_id, *HEARD)
    await house.arrive(booked)
    with pytest.raises(WrongState):
        await consulting.confirm(AMARA, booked.visit_id, *HEARD)


async def test_a_note_begins_with_the_visit_not_in_the_waiting_room(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.wait(booked)
    await services.consulting.confirm(AMARA, booked.visit_id, *HEARD)
    with pytest.raises(WrongState) as refused:
        await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    assert refused.value.code == "wrong-state"
    await services.consulting.admit(AMARA, booked.visit_id)
    assert (await services.notes.save(AMARA, booked.visit_id, TEXT, 0)).version == 1


async def test_the_note_may_be_written_and_signed_after_the_call(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.wait(booked)
    await services.consulting.admit(AMARA, booked.visit_id)
    await services.consulting.end(AMARA, booked.visit_id)
    await services.consulting.confirm(AMARA, booked.visit_id, *HEARD)
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)


async def test_what_was_confirmed_stays_once_the_note_is_signed(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    with pytest.raises(WrongState):
        await services.consulting.confirm(
            AMARA, booked.visit_id, ("name", "phone"), "Elsewhere", "+4930123456"
        )
    await services.consulting.end(AMARA, booked.visit_id)
    with pytest.raises(WrongState):
        await services.consulting.confirm(
            AMARA, booked.visit_id, ("name", "phone"), "Elsewhere", "+4930123456"
        )


async def test_a_cancelled_visit_takes_neither(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await services.appointments.cancel(CARLA, booked.appointment.id)
    with pytest.raises(VisitClosed):
        await services.consulting.confirm(AMARA, booked.visit_id, *HEARD)
    with pytest.raises(VisitClosed):
        await services.notes.save(AMARA, booked.visit_id, TEXT, 0)


async def test_a_hold_becomes_a_booking_of_its_own_service_only(house: House) -> None:
    booking = house.assembled.services.booking
    async with house.assembled.opened.storage.writing() as uow:
        await uow.directory.add_service(
            HealthcareService("service-other", HOSPITAL, "Other video visit", "Cardiology", 20)
        )
        rules = await uow.directory.hours(practitioner_id=AMARA.id)
        for rule in rules:
            other = replace(rule, id=f"other-{rule.id}", service_id="service-other")
            await uow.directory.add_hours(other)
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, MONDAY)
    held = await booking.hold(CARLA, request)
    with pytest.raises(NotFound):
        await booking.book(CARLA, replace(request, service_id="service-other", hold_id=held.appointment.id))
    booked = await booking.book(CARLA, replace(request, hold_id=held.appointment.id))
    assert booked.appointment.service_id == CARDIOLOGY


async def test_a_visit_that_is_over_before_its_time_leaves_that_time_to_others(house: House) -> None:
    booked = await house.book()
    start = booked.appointment.start
    house.clock.at = start - timedelta(minutes=5)
    await house.call(booked)
    with pytest.raises(SlotTaken):
        await house.book(start)
    await house.assembled.services.consulting.end(AMARA, booked.visit_id)
    assert (await house.book(start)).appointment.start == start


async def test_a_visit_that_was_over_within_its_time_keeps_it(house: House) -> None:
    booked = await house.book()
    house.clock.at = booked.appointment.start
    await house.call(booked)
    await house.assembled.services.consulting.end(AMARA, booked.visit_id)
    with pytest.raises(SlotTaken):
        await house.book(booked.appointment.start)
