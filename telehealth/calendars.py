"""Visits as calendar files (RFC 5545) and invitations by mail (iTIP, RFC 5546): no secret, nothing clinical.

Times are UTC: a visit is one instant, and each calendar shows it by its own device's clock. Where the rules
of a zone change, the visit is moved, and the file with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

TYPE = "text/calendar"
AGAIN = timedelta(minutes=15)


class Method(StrEnum):
    """What a file is for; the MIME type of a mail's part says the same (RFC 6047, 2.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A visit as calendars know it: `uid` stays the same, `sequence` rises with every change."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Addresses of who invites, called `name`, and of who is invited."""

    organizer: str
    name: str
    attendee: str


def method_of(entry: CalendarEntry, between: Between | None = None) -> Method:
    """Return what a visit's file is for; a file that nobody sends is published."""
    if entry.cancelled:
        return Method.CANCEL
    return Method.REQUEST if between else Method.PUBLISH


def calendar_file(
    entry: CalendarEntry, *, title: str, advice: str, now: datetime, between: Between | None = None
) -> bytes:
    """Return the file. A later one of the same visit takes its place: same UID, higher SEQUENCE."""
    event = _event(entry, title, now)
    if advice:
        event.add("description", advice)
    if between:
        event.add("organizer", _organizer(between))
        event.add("attendee", _attendee(between), encode=False)
    return _file(method_of(entry, between), event)


def feed_file(entries: Iterable[CalendarEntry], *, title: str, now: datetime, url: str) -> bytes:
    """Return a whole calendar of visits, each of which opens `url`; it may be fetched again after AGAIN."""
    events = [_event(entry, title, now) for entry in entries]
    for event in events:
        event.add("url", url)
    return _file(Method.PUBLISH, *events, lasting=title)


def _event(entry: CalendarEntry, title: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", title)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _file(method: Method, *events: Event, lasting: str = "") -> bytes:
    """Return a file of events; `lasting` is what a calendar is called that is fetched again and again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Telehealth//Visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if lasting:
        calendar.add("x-wr-calname", lasting)
        calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(AGAIN))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _organizer(between: Between) -> vCalAddress:
    found = vCalAddress(f"mailto:{between.organizer}")
    if between.name:
        found.params["CN"] = vText(between.name)
    return found


def _attendee(between: Between) -> vCalAddress:
    """Return the patient as one who has agreed already: an answer would reach nobody who reads it."""
    found = vCalAddress(f"mailto:{between.attendee}")
    found.params |= {
        "CUTYPE": vText("INDIVIDUAL"),
        "ROLE": vText("REQ-PARTICIPANT"),
        "PARTSTAT": vText("ACCEPTED"),
        "RSVP": vText("FALSE"),
    }
    return found
