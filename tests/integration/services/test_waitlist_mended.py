"""Waiting lists where a visit is to be earlier: the right one, with what it needs; and who is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, SlotTaken
from telehealth.domain.outbox import WAITLIST_OFFER, Channel
from telehealth.domain.resources import Needs
from telehealth.domain.waitlist import LONGEST, OfferState
from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.notify.templates import Wording
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.delivery import Delivery
from telehealth.services.resources import Description
from telehealth.services.waitlist import Wish
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, SITE, House
from tests.integration.services.test_waitlist import (
    DAY,
    TUESDAY,
    actions,
    freed,
    full,
    lines,
    patient,
    rounds,
    token,
    waits,
)
from tests.integration.services.test_waitlist_earlier import visitor_of
from tests.services.smtp import SmtpSink

__all__ = ["full"]

WEEK = 7 * DAY


async def test_nothing_is_offered_while_the_room_of_the_visit_is_taken(house: House, full: Booked) -> None:
    room = await house.assembled.services.timing.resources.add(
        CARLA, SITE, ResourceKind.ROOM, Description("Room 1")
    )
    cleo = await patient(house, "Cleo", "02")
    asked = BookingRequest(cleo.id, CARDIOLOGY, AMARA.id, TUESDAY + WEEK, needs=Needs(room.id))
    later = await house.assembled.services.booking.book(CARLA, asked)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(later, cleo))
    await freed(house, full)
    opened = house.assembled.opened.storage
    async with opened.writing() as uow:
        (party,) = (await uow.resources.parties([later.appointment.id]))[later.appointment.id]
        other = replace(
            later.appointment, id="other", uid="other", start=TUESDAY, end=TUESDAY + timedelta(minutes=20),
            practitioner_id="cy", patient_id=house.bo.id, version=0,
        )  # fmt: skip
        await uow.appointments.book(other, [party.claim(other)])
    assert await rounds(house) == 0
    async with opened.writing() as uow:
        await uow.appointments.save(replace(other, status=AppointmentStatus.CANCELLED, version=1))
    assert await rounds(house) == 1
    door = house.assembled.services.appointments.offer_door
    await door.take(token(house, (await lines(house))["Cleo"]))


async def test_a_visit_is_earlier_with_the_room_that_it_has_though_it_is_retired(
    house: House, full: Booked
) -> None:
    rooms = house.assembled.services.timing.resources
    room = await rooms.add(CARLA, SITE, ResourceKind.ROOM, Description("Room 1"))
    cleo = await patient(house, "Cleo", "02")
    asked = BookingRequest(cleo.id, CARDIOLOGY, AMARA.id, TUESDAY + WEEK, needs=Needs(room.id))
    later = await house.assembled.services.booking.book(CARLA, asked)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(later, cleo))
    await rooms.retire(CARLA, room.id, room.version)
    await freed(house, full)
    assert await rounds(house) == 1
    door = house.assembled.services.appointments.offer_door
    await door.take(token(house, (await lines(house))["Cleo"]))


async def test_the_wished_visit_is_moved_and_no_other(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    first = await house.book(TUESDAY + WEEK, patient=cleo)
    second = await house.book(TUESDAY + 2 * WEEK, patient=cleo)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(second, cleo))
    await freed(house, full)
    await rounds(house)
    door = house.assembled.services.appointments.offer_door
    secret = token(house, (await lines(house))["Cleo"])
    assert (await door.look(secret)).moves == second.appointment.start
    await door.take(secret)
    async with house.assembled.opened.storage.reading() as uow:
        rows = await uow.visits.ahead([cleo.id], house.clock.now())
    assert [row.visit.id for row in rows] == [second.visit_id, first.visit_id]


async def test_between_two_visits_the_second_is_offered_an_earlier_time(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    await house.book(TUESDAY + WEEK, patient=cleo)
    last = await house.book(TUESDAY + 3 * WEEK, patient=cleo)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(last, cleo))
    assert await rounds(house) == 1
    offer = (await lines(house))["Cleo"].open
    assert offer is not None
    assert offer.start == TUESDAY + 2 * WEEK


async def test_what_is_over_keeps_no_time_and_is_entered(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    later = await house.book(TUESDAY + WEEK, patient=cleo)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(later, cleo))
    await freed(house, full)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    secret = token(house, line)
    await house.assembled.services.appointments.cancel(CARLA, later.appointment.id)
    door = house.assembled.services.appointments.offer_door
    with pytest.raises(SlotTaken):
        await door.take(secret)
    assert await rounds(house) == 0
    assert (await door.look(secret)).state is OfferState.WITHDRAWN
    assert AuditAction.WAITLIST_LEFT in await actions(house, cleo.id)
    await house.book(TUESDAY)


async def test_no_time_is_kept_for_whom_no_message_reaches(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    wish = (await lines(house))["Cleo"].waiting
    async with house.assembled.opened.storage.writing() as uow:
        await uow.patients.add(replace(cleo, id="mute", phone="", email="", identifiers=()))
        before = wish.since - timedelta(minutes=1)
        await uow.waitlist.add(replace(wish, id="mute", patient_id="mute", since=before))
    await freed(house, full)
    assert await rounds(house) == 1
    async with house.assembled.opened.storage.reading() as uow:
        (offer,) = await uow.waitlist.offers_of([wish.id, "mute"])
    assert offer.patient_id == cleo.id


def postman(house: House, sink: SmtpSink) -> Delivery:
    server = MailServer(sink.host, sink.port, tls=False)
    return Delivery(
        work=house.assembled.opened.work,
        messengers={Channel.EMAIL: EmailMessenger(server=server, sender="a@care.example", clock=house.clock)},
        words=Wording(),
        invitations=house.assembled.invitations,
        wishes={},
    )


async def test_an_offer_is_made_in_the_organizations_own_words(
    house: House, full: Booked, smtp_sink: SmtpSink
) -> None:
    standard = Wording().standard(WAITLIST_OFFER, "en")
    words = {"subject": "{clinic} has found a time", "body": "With {practitioner}:\n\n{link}\n\n{code}"}
    own = replace(standard, organization_id=HOSPITAL, **words)
    await house.assembled.services.messages.texts.save(ADA, own)
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    await postman(house, smtp_sink).send_due(Channel.EMAIL)
    (mail,) = [each for each in smtp_sink.messages() if "found a time" in each["Subject"]]
    told = mail.get_body(("plain",)).get_content()
    assert "With Dr Amara Amarason:" in told
    assert "We keep this time" not in told


async def test_a_message_about_an_offer_that_came_too_late_is_found_at_its_patient(
    house: House, full: Booked, smtp_sink: SmtpSink
) -> None:
    cleo = await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    await house.assembled.services.appointments.waitlist.take_off(CARLA, line.waiting.id)
    await postman(house, smtp_sink).send_due(Channel.EMAIL)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=cleo.id)
    assert WAITLIST_OFFER in [each.entity for each in entries]


async def test_today_is_the_date_at_the_site(house: House, full: Booked) -> None:
    house.clock.at = MONDAY.replace(hour=23, minute=30)
    cleo = await patient(house, "Cleo", "02")
    desk = house.assembled.services.appointments.waitlist
    with pytest.raises(BadInput):
        await desk.add(CARLA, Wish(cleo.id, CARDIOLOGY, MONDAY.date(), MONDAY.date(), AMARA.id))


async def test_a_wish_for_another_visit_takes_the_place_of_the_first(house: House, full: Booked) -> None:
    cleo = await patient(house, "Cleo", "02")
    first = await house.book(TUESDAY + WEEK, patient=cleo)
    second = await house.book(TUESDAY + 2 * WEEK, patient=cleo)
    desk = house.assembled.services.appointments.waitlist
    await desk.earlier(visitor_of(first, cleo))
    since = (await lines(house))["Cleo"].waiting.since
    house.clock.pass_by(minutes=1)
    await desk.earlier(visitor_of(second, cleo))
    (line,) = (await lines(house)).values()
    assert (line.waiting.visit_id, line.waiting.since) == (second.visit_id, since)
    assert line.waiting.last - line.waiting.first <= LONGEST
