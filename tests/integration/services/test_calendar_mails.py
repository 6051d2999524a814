"""The patient's calendar follows the visit: what real mails tell it, read by two parsers."""

from datetime import timedelta
from email.message import EmailMessage

import icalendar
import vobject

from telehealth.domain.outbox import Channel
from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from tests.cast import CARLA, MONDAY, House
from tests.services.smtp import SmtpSink

NEXT_WEEK = MONDAY + timedelta(days=7)
LATER = NEXT_WEEK + timedelta(hours=2)
TYPES = ["text/plain", "text/html", "text/calendar"]


async def mailed(house: House, sink: SmtpSink) -> EmailMessage:
    """The one mail that leaves now."""
    sink.clear()
    delivery = Delivery(
        work=house.assembled.opened.work,
        messengers={
            Channel.EMAIL: EmailMessenger(
                server=MailServer(sink.host, sink.port, tls=False),
                sender="visits@care.example",
                clock=house.clock,
            )
        },
        words=Wording(),
        invitations=house.assembled.invitations,
        wishes={},
    )
    assert await delivery.send_due(Channel.EMAIL) == 1
    (mail,) = await sink.wait_for(1)
    return mail


def told(mail: EmailMessage) -> tuple[str, str, int, str, str]:
    """Method, UID, SEQUENCE, STATUS and DTSTART, in which type, file and both parsers agree."""
    parts = list(mail.iter_parts())
    assert [part.get_content_type() for part in parts] == TYPES
    calendar, file = parts[2], parts[2].get_content()
    ours, theirs = icalendar.Calendar.from_ical(file), vobject.readOne(file)
    (event,) = ours.walk("VEVENT")
    assert calendar["Content-Type"].params["method"] == ours["METHOD"] == theirs.method.value
    assert calendar["Content-Type"].params["charset"] == "utf-8"
    assert (event["UID"], event["STATUS"]) == (theirs.vevent.uid.value, theirs.vevent.status.value)
    assert event["SEQUENCE"] == int(theirs.vevent.sequence.value)
    assert event["DTSTART"].dt == theirs.vevent.dtstart.value
    assert event["ORGANIZER"] == "mailto:visits@care.example"
    assert event["ATTENDEE"] == f"mailto:{mail['To']}"
    start = event["DTSTART"].dt.isoformat()
    return str(ours["METHOD"]), str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]), start


async def test_invited_moved_and_cancelled_is_one_entry_that_changes(
    house: House, smtp_sink: SmtpSink
) -> None:
    booked = await house.book(NEXT_WEEK)
    uid, desk = booked.appointment.uid, house.assembled.services.appointments
    invited = await mailed(house, smtp_sink)
    assert told(invited) == ("REQUEST", uid, 0, "CONFIRMED", NEXT_WEEK.isoformat())
    await desk.moving.move(CARLA, booked.appointment.id, LATER, 0)
    assert told(await mailed(house, smtp_sink)) == ("REQUEST", uid, 1, "CONFIRMED", LATER.isoformat())
    await desk.cancel(CARLA, booked.appointment.id)
    assert told(await mailed(house, smtp_sink)) == ("CANCEL", uid, 2, "CANCELLED", LATER.isoformat())


async def test_nothing_in_the_file_opens_the_visit_or_says_what_it_is_about(
    house: House, smtp_sink: SmtpSink
) -> None:
    booked = await house.book(NEXT_WEEK)
    mail = await mailed(house, smtp_sink)
    file = list(mail.iter_parts())[2].get_content().replace("\r\n ", "").replace("\n ", "")
    token = booked.join_url.partition("#")[2]
    assert token in mail.get_body(("plain",)).get_content()
    for secret in (token, "http", "ardio", "Amara", "Lindqvist", booked.visit_id):
        assert secret not in file


async def test_a_reminder_leaves_the_calendar_as_it_is(house: House, smtp_sink: SmtpSink) -> None:
    await house.book(NEXT_WEEK)
    await mailed(house, smtp_sink)
    house.clock.at = NEXT_WEEK - timedelta(days=1)
    mail = await mailed(house, smtp_sink)
    assert [part.get_content_type() for part in mail.iter_parts()] == TYPES[:2]
