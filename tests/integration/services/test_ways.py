"""Visits by phone and at a site from booking to note: what their patients read, and how they take place."""

from dataclasses import replace
from datetime import datetime, timedelta

import icalendar
import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.consultation import Device, VisitStatus
from telehealth.domain.errors import WrongState
from telehealth.domain.modality import Modality
from telehealth.domain.resources import Needs
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.lapses import Lapses
from telehealth.services.resources import Description
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, SITE, House
from tests.integration.services.test_calendar_mails import NEXT_WEEK, mailed
from tests.services.smtp import SmtpSink

LATER = NEXT_WEEK + timedelta(hours=2)
WHERE = "Site-Hospital, 4 Mill Lane"


async def book(house: House, way: Modality, start: datetime = NEXT_WEEK, room: str = "") -> Booked:
    """Bo's visit in this way; the service is offered in all of them, and the site has a room."""
    async with house.assembled.opened.storage.writing() as uow:
        service = await uow.directory.service(CARDIOLOGY)
        site = await uow.directory.location(SITE)
        assert service is not None
        assert site is not None
        offered = replace(service, modalities=tuple(Modality), version=service.version + 1)
        await uow.directory.save_service(offered)
        await uow.directory.save_location(replace(site, address="4 Mill Lane", version=site.version + 1))
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, start, needs=Needs(room), modality=way)
    return await house.assembled.services.booking.book(CARLA, request)


@pytest.fixture
async def room(house: House) -> str:
    """The site, where there is a room."""
    desk = house.assembled.services.timing.resources
    await desk.add(CARLA, SITE, ResourceKind.ROOM, Description("Room 1"))
    return SITE


def words(mail: object) -> tuple[str, str, str]:
    """The words of a mail, and what its calendar file calls the visit and says of where it is."""
    text, _, file = [part.get_content() for part in mail.iter_parts()]  # type: ignore[attr-defined]
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return text, str(event["SUMMARY"]), str(event["LOCATION"])


async def test_who_is_phoned_is_told_so_also_when_the_visit_is_moved_and_cancelled(
    house: House, smtp_sink: SmtpSink
) -> None:
    booked, desk = await book(house, Modality.PHONE), house.assembled.services.appointments
    phoned = f"phones you then, on your number ending in {house.bo.phone[-4:]}."
    text, title, place = words(await mailed(house, smtp_sink))
    assert phoned in text
    assert (title, place) == ("Visit by phone", "By phone")
    await desk.moving.move(CARLA, booked.appointment.id, LATER, 0)
    text, *_ = words(await mailed(house, smtp_sink))
    assert "was moved" in text
    assert phoned in text
    await desk.cancel(CARLA, booked.appointment.id)
    text, *_ = words(await mailed(house, smtp_sink))
    assert "is cancelled" in text
    assert "video" not in text


async def test_who_comes_to_a_site_is_told_where_it_is(house: House, room: str, smtp_sink: SmtpSink) -> None:
    booked = await book(house, Modality.ASSISTED, room=room)
    text, title, place = words(await mailed(house, smtp_sink))
    assert f"Please come to {WHERE}." in text
    assert (title, place) == ("Visit at the clinic", WHERE)
    await house.assembled.services.appointments.moving.move(CARLA, booked.appointment.id, LATER, 0)
    text, *_ = words(await mailed(house, smtp_sink))
    assert f"Please come to {WHERE}." in text


async def test_the_link_of_a_visit_at_a_site_tells_where_to_come(house: House, room: str) -> None:
    booked = await book(house, Modality.ASSISTED, room=room)
    screen = await house.assembled.services.joining.look(booked.join_url.partition("#")[2])
    assert (screen.entry.way, screen.entry.place) == (Modality.ASSISTED, WHERE)


async def test_a_visit_by_phone_waits_for_the_specialist_and_for_nobody_else(house: House) -> None:
    booked = await book(house, Modality.PHONE, MONDAY)
    (row,) = (await house.assembled.services.clinic.day(AMARA)).rows
    assert (row.visit.status, row.visit.device, row.visit.call_on) == ("booked", Device.PHONE, "")
    phoned = await house.assembled.services.consulting.phone(AMARA, booked.visit_id)
    assert (phoned.status, phoned.call_on) == (VisitStatus.IN_PROGRESS, house.bo.phone)


async def test_who_opens_the_link_of_a_visit_by_phone_is_in_line_with_nothing_to_check(house: House) -> None:
    bo = await house.arrive(await book(house, Modality.PHONE, MONDAY))
    view = await house.assembled.services.attending.view(bo)
    assert (view.visit.status, view.call_on) == ("waiting", house.bo.phone_hint)
    await house.assembled.services.attending.device(bo, Device.BLOCKED)
    assert (await house.assembled.services.attending.view(bo)).visit.device is Device.PHONE


async def test_long_before_it_is_time_nobody_waits_for_a_phone_call(house: House) -> None:
    bo = await house.arrive(await book(house, Modality.PHONE, MONDAY + timedelta(hours=6)))
    view = await house.assembled.services.attending.view(bo)
    assert (view.visit.status, view.visit.device, view.early) == ("arrived", Device.PHONE, True)


async def test_who_was_never_rung_did_not_miss_the_visit(house: House) -> None:
    booked = await book(house, Modality.PHONE, MONDAY)
    house.clock.pass_by(hours=3)
    assert await Lapses(work=house.assembled.opened.work, announcer=house.heard).miss_overdue() == 1
    async with house.assembled.opened.storage.reading() as uow:
        visit = await uow.visits.get(booked.visit_id)
        appointment = await uow.appointments.get(booked.appointment.id)
    assert visit is not None
    assert appointment is not None
    assert (visit.status, appointment.status) == (VisitStatus.UNSEEN, "booked")


async def test_a_moved_visit_by_phone_is_one_still_until_it_has_begun(
    house: House,
) -> None:
    booked, moving = await book(house, Modality.PHONE, MONDAY), house.assembled.services.appointments.moving
    after = await moving.move(CARLA, booked.appointment.id, MONDAY + timedelta(hours=2), 0)
    (row,) = (await house.assembled.services.clinic.day(AMARA)).rows
    assert (row.visit.device, row.appointment.modality) == (Device.PHONE, Modality.PHONE)
    await house.assembled.services.consulting.phone(AMARA, booked.visit_id)
    with pytest.raises(WrongState):
        await moving.move(CARLA, booked.appointment.id, LATER, after.version)
