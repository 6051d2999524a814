"""Who reads the shared record: a visit that only tests the line makes nobody a carer of the patient."""

from datetime import date, time, timedelta

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.errors import NotFound
from telehealth.domain.note import NoteContent
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.booking import Booked, BookingRequest
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, MONDAY, SITE, House


async def filed(house: House, booked: Booked) -> str:
    """Hold the visit, sign its note; returns the note's id."""
    services = house.assembled.services
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, NoteContent(plan="Rest"), 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    await services.consulting.end(AMARA, booked.visit_id)
    return draft.id


async def with_hours(house: House, actor: Actor) -> None:
    async with house.assembled.opened.storage.writing() as uow:
        for day in range(1, 8):
            times = (time(8, 30), time(18, 30), date(2026, 1, 1))
            await uow.directory.add_hours(
                WeeklyHours(f"{actor.id}-{day}", actor.id, SITE, CARDIOLOGY, day, *times)
            )


async def book(house: House, actor: Actor, *, test: bool) -> Booked:
    start = MONDAY + timedelta(hours=2)
    request = BookingRequest(house.bo.id, CARDIOLOGY, actor.id, start, test=test)
    return await house.assembled.services.booking.book(actor, request)


async def test_a_test_visit_opens_nobody_elses_notes(house: House) -> None:
    note = await filed(house, await house.book())
    await with_hours(house, CY)
    await book(house, CY, test=True)
    for type_, id_ in (("Composition", note), ("Composition", "nothing")):
        with pytest.raises(NotFound):
            await house.assembled.services.record.read(CY, type_, id_)


async def test_who_held_a_test_visit_reads_back_what_they_filed(house: House) -> None:
    booked = await book(house, AMARA, test=True)
    house.clock.at = booked.appointment.start
    note = await filed(house, booked)
    record = house.assembled.services.record
    async with house.assembled.opened.storage.reading() as uow:
        (provenance,) = await uow.record.of_patient(house.bo.id, "Provenance")
    for type_, id_ in (
        ("Composition", note),
        ("Encounter", booked.visit_id),
        ("Provenance", provenance.id),
        ("Patient", house.bo.id),
    ):
        assert (await record.read(AMARA, type_, id_)).id == id_
        if type_ != "Patient":
            with pytest.raises(NotFound):
                await record.read(CY, type_, id_)


async def test_a_real_visit_opens_what_a_colleague_wrote(house: House) -> None:
    note = await filed(house, await house.book())
    await with_hours(house, CY)
    start = MONDAY + timedelta(hours=2)
    request = BookingRequest(house.bo.id, CARDIOLOGY, CY.id, start)
    await house.assembled.services.booking.book(CARLA, request)
    assert (await house.assembled.services.record.read(CY, "Composition", note)).id == note
