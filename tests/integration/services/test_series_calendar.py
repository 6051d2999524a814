"""The patient's calendar holds a series as it stands: what real mails tell it, read by two parsers."""

from datetime import UTC, datetime, timedelta

import icalendar
import vobject

from telehealth.domain.appointment import Appointment
from telehealth.domain.series import Frequency, Rule
from telehealth.services.series import Choice
from telehealth.services.series_plan import Wanted
from tests.cast import AMARA, CARDIOLOGY, CARLA, House
from tests.integration.services.test_calendar_mails import TYPES, mailed
from tests.services.smtp import SmtpSink

MARCH = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
WEEK, MINUTES = timedelta(days=7), timedelta(minutes=1)
WEEKLY = Rule(Frequency.WEEKLY, count=6)


async def booked(house: House) -> list[Appointment]:
    """Six Mondays at half past ten, the second left out, the third at another time, over the clock change."""
    wanted = Wanted(house.bo.id, CARDIOLOGY, AMARA.id, MARCH, WEEKLY)
    instead = {"2027-03-22T10:30": MARCH + 2 * WEEK + 40 * MINUTES}
    choice = Choice(wanted, frozenset({"2027-03-15T10:30"}), instead)
    made = await house.assembled.services.appointments.series.book(CARLA, choice)
    return [row.appointment for row in made.rows]


def file_of(mail: object) -> str:
    parts = list(mail.iter_parts())  # type: ignore[attr-defined]
    assert [part.get_content_type() for part in parts] == TYPES
    return str(parts[2].get_content())


def read_by_another(file: str) -> list[datetime]:
    """All starts that vobject finds by its own reading of RRULE, EXDATE, RDATE and RECURRENCE-ID, in UTC."""
    events = vobject.readOne(file).contents["vevent"]
    apart = {
        event.recurrence_id.value.astimezone(UTC): event.dtstart.value.astimezone(UTC)
        for event in events
        if "recurrence-id" in event.contents
    }
    (whole,) = (event for event in events if "recurrence-id" not in event.contents)
    found = [each.astimezone(UTC) for each in whole.getrruleset(addRDate=True)]
    return sorted({apart.get(each, each) for each in found})


async def test_one_mail_tells_all_visits_of_a_series(house: House, smtp_sink: SmtpSink) -> None:
    visits = await booked(house)
    file = file_of(await mailed(house, smtp_sink))
    assert read_by_another(file) == [each.start for each in visits]
    ours = icalendar.Calendar.from_ical(file)
    (event,) = ours.walk("VEVENT")
    assert (ours["METHOD"], event["UID"]) == ("REQUEST", f"{visits[0].series_id}@telehealth")
    assert event["DURATION"].dt == 20 * MINUTES
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=6;INTERVAL=1"
    assert [str(zone["TZID"]) for zone in ours.walk("VTIMEZONE")] == ["Europe/Berlin"]


async def test_one_visit_that_moves_keeps_the_name_of_its_first_time(
    house: House, smtp_sink: SmtpSink
) -> None:
    visits = await booked(house)
    await mailed(house, smtp_sink)
    last, desk = visits[-1], house.assembled.services.appointments
    moved = await desk.moving.move(CARLA, last.id, last.start + 60 * MINUTES, last.version)
    (event,) = icalendar.Calendar.from_ical(file_of(await mailed(house, smtp_sink))).walk("VEVENT")
    assert event["UID"] == f"{last.series_id}@telehealth"
    assert event["RECURRENCE-ID"].to_ical() == b"20270412T103000"
    assert event["RECURRENCE-ID"].params["TZID"] == "Europe/Berlin"
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (moved.start, 1)
    assert moved.apart
    await desk.cancel(CARLA, visits[0].id)
    (event,) = icalendar.Calendar.from_ical(file_of(await mailed(house, smtp_sink))).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)  # it rises over the series
    assert event["RECURRENCE-ID"].to_ical() == b"20270308T103000"


async def test_the_file_on_the_patients_page_is_about_the_same_entry(house: House) -> None:
    visits = await booked(house)
    async with house.assembled.opened.storage.reading() as uow:
        visit = await uow.visits.by_appointment(visits[2].id)
        link = await uow.visits.link_of(visit.id, house.bo.id) if visit else None
    assert link is not None
    token = house.assembled.invitations.url(link, "en").partition("#")[2]
    entry = (await house.assembled.services.joining.look(token)).entry
    assert (entry.uid, entry.start) == (f"{visits[2].series_id}@telehealth", visits[2].start)
    assert entry.recurrence is not None
    assert entry.recurrence.isoformat() == "2027-03-29T10:30:00+02:00"
