"""Calendar files, read back by a second parser: one instant, one visit, nobody's secret."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from telehealth.calendars import Between, CalendarEntry, Method, calendar_file, method_of

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ENTRY = CalendarEntry("0192@telehealth", 0, START, START + timedelta(minutes=20), cancelled=False)
OFF = CalendarEntry("0192@telehealth", 1, START, START + timedelta(minutes=20), cancelled=True)
BETWEEN = Between("visits@care.example", "Hillside Clinic", "bo@home.example")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ADVICE = "Open the link from your message when it is time."
ANY_TEXT = (
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200)
    .map(str.strip)
    .filter(lambda words: "\\N" not in words)
)
"""Without what icalendar takes for a line break; no title and no name has it."""


def read(entry: CalendarEntry = ENTRY, between: Between | None = BETWEEN, advice: str = ADVICE) -> Any:
    file = calendar_file(entry, title="Video visit", advice=advice, now=NOW, between=between)
    return vobject.readOne(file.decode())


def test_a_place_stands_there_where_somebody_comes_to_one() -> None:
    assert "location" not in read().vevent.contents
    place = "Hillside Clinic, 4 Mill Lane"
    file = calendar_file(ENTRY, title="Visit at the clinic", advice=ADVICE, place=place, now=NOW)
    assert vobject.readOne(file.decode()).vevent.location.value == place


def test_an_invitation_names_who_invites_whom_and_asks_for_no_answer() -> None:
    calendar = read()
    event = calendar.vevent
    assert (calendar.method.value, event.status.value, event.sequence.value) == ("REQUEST", "CONFIRMED", "0")
    assert event.organizer.value == "mailto:visits@care.example"
    assert event.organizer.params == {"CN": ["Hillside Clinic"]}
    assert event.attendee.value == "mailto:bo@home.example"
    assert (event.attendee.params["PARTSTAT"], event.attendee.params["RSVP"]) == (["ACCEPTED"], ["FALSE"])
    assert (event.summary.value, event.description.value) == ("Video visit", ADVICE)
    assert (event.dtstamp.value, getattr(event, "class").value) == (NOW, "PRIVATE")


def test_a_cancellation_has_the_same_uid_and_a_higher_sequence() -> None:
    before, after = read().vevent, read(OFF, advice="")
    assert (after.method.value, after.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert after.vevent.uid.value == before.uid.value
    assert int(after.vevent.sequence.value) > int(before.sequence.value)
    assert not hasattr(after.vevent, "description")


@pytest.mark.parametrize(
    "entry,between,method",
    [(ENTRY, None, Method.PUBLISH), (ENTRY, BETWEEN, Method.REQUEST), (OFF, None, Method.CANCEL)],
)
def test_the_method_of_the_file_is_the_one_that_the_mail_says(
    entry: CalendarEntry, between: Between | None, method: Method
) -> None:
    assert (method_of(entry, between), read(entry, between).method.value) == (method, method.value)


@pytest.mark.parametrize(
    "zone,wall,fold,instant",
    [
        ("Europe/Berlin", "2026-10-25T02:30", 0, "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T02:30", 1, "2026-10-25T01:30"),
        ("America/New_York", "2027-11-07T01:30", 0, "2027-11-07T05:30"),
        ("America/New_York", "2027-11-07T01:30", 1, "2027-11-07T06:30"),
        ("Africa/Casablanca", "2025-02-23T02:30", 0, "2025-02-23T01:30"),
        ("Africa/Casablanca", "2025-02-23T02:30", 1, "2025-02-23T02:30"),
        ("America/Vancouver", "2026-11-03T09:00", 0, "2026-11-03T16:00"),
        ("Pacific/Kiritimati", "2026-12-01T09:00", 0, "2026-11-30T19:00"),
    ],
)
def test_a_wall_time_that_comes_twice_or_by_a_new_rule_is_one_instant(
    zone: str, wall: str, fold: int, instant: str
) -> None:
    start = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    entry = CalendarEntry("uid", 0, start, start + timedelta(minutes=20), cancelled=False)
    file = calendar_file(entry, title="Video visit", advice=ADVICE, now=NOW).decode()
    assert f"DTSTART:{instant.replace('-', '').replace(':', '')}00Z\r\n" in file
    event = vobject.readOne(file).vevent
    assert event.dtstart.value == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=20)


@given(title=ANY_TEXT, name=ANY_TEXT)
def test_what_people_are_called_adds_no_line_and_no_property(title: str, name: str) -> None:
    between = Between("visits@care.example", name, "bo@home.example")
    file = calendar_file(ENTRY, title=title, advice=ADVICE, now=NOW, between=between).decode()
    names = [line.split(":")[0].split(";")[0] for line in file.replace("\r\n ", "").split("\r\n")]
    assert names.count("ATTENDEE") == names.count("ORGANIZER") == names.count("BEGIN") - 1 == 1
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    assert vobject.readOne(file).vevent.summary.value == title
