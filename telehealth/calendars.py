"""Visits as calendar files (RFC 5545) and invitations by mail (iTIP, RFC 5546): no secret, nothing clinical.

Times are UTC: a visit is one instant, and each calendar shows it by its own device's clock. Where the rules
of a zone change, the visit is moved, and the file with it. A series alone is told by the wall clock of its
zone, with that zone's rules in the file (VTIMEZONE): it keeps its wall time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vRecur,
    vText,
)

from telehealth.domain.modality import Modality
from telehealth.domain.scheduling import A_DAY, Interval, clock_changes
from telehealth.domain.series import LONGEST

TYPE = "text/calendar"
AGAIN = timedelta(minutes=15)


class Method(StrEnum):
    """What a file is for; the MIME type of a mail's part says the same (RFC 6047, 2.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A visit as calendars know it: `uid` stays the same, `sequence` rises with every change.

    `way` is how it takes place, `place` where somebody comes to for it.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    cancelled: bool
    recurrence: datetime | None = None
    """Of a series, the wall time by which calendars know this visit, aware in the series' own zone."""
    way: Modality = Modality.VIDEO
    place: str = ""


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """A whole series: `start` is its first wall time, aware in its zone, `rule` an RRULE that ends by COUNT.

    `left_out` and `added` are the wall times of EXDATE and RDATE, `apart` the visits that are at another time
    than the rule says.
    """

    uid: str
    sequence: int
    start: datetime
    length: timedelta
    rule: str
    left_out: tuple[datetime, ...]
    added: tuple[datetime, ...]
    apart: tuple[CalendarEntry, ...]
    cancelled: bool


Entry = CalendarEntry | SeriesEntry


@dataclass(frozen=True, slots=True)
class Between:
    """Addresses of who invites, called `name`, and of who is invited."""

    organizer: str
    name: str
    attendee: str


def method_of(entry: Entry, between: Between | None = None) -> Method:
    """Return what a visit's file is for; a file that nobody sends is published."""
    if entry.cancelled:
        return Method.CANCEL
    return Method.REQUEST if between else Method.PUBLISH


def calendar_file(
    entry: Entry, *, title: str, advice: str, now: datetime, place: str = "", between: Between | None = None
) -> bytes:
    """Return the file. A later one of the same visit takes its place: same UID, higher SEQUENCE.

    `place` is where somebody comes to, or that they are phoned.
    """
    events = [_event(each, title, now) for each in _parts(entry)]
    for event in events:
        if advice:
            event.add("description", advice)
        if place:
            event.add("location", place)
        if between:
            event.add("organizer", _organizer(between))
            event.add("attendee", _attendee(between), encode=False)
    return _file(method_of(entry, between), *filter(None, [_zone_of(entry)]), *events)


def _parts(entry: Entry) -> Iterable[Entry]:
    """Yield what stands by itself in the file: of a series the rule first, then the visits apart from it."""
    yield entry
    if isinstance(entry, SeriesEntry) and not entry.cancelled:
        yield from entry.apart


def feed_file(
    entries: Iterable[CalendarEntry], *, titles: Mapping[Modality, str], now: datetime, url: str
) -> bytes:
    """Return a whole calendar of visits, each of which opens `url`; it may be fetched again after AGAIN.

    `titles` say how each takes place; the usual one is the calendar's own.
    """
    events = [_event(entry, titles[entry.way], now) for entry in entries]
    for event in events:
        event.add("url", url)
    return _file(Method.PUBLISH, *events, lasting=titles[Modality.VIDEO])


def _event(entry: Entry, title: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start)
    if isinstance(entry, SeriesEntry):
        _add_rule(event, entry)
    else:
        event.add("dtend", entry.end)
        if entry.recurrence:
            event.add("recurrence-id", entry.recurrence)
    event.add("summary", title)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _add_rule(event: Event, entry: SeriesEntry) -> None:
    """Say when a series comes back; as a DURATION its length is the same over a clock change."""
    event.add("duration", entry.length)
    event.add("rrule", vRecur.from_ical(entry.rule))
    for name, walls in (("exdate", entry.left_out), ("rdate", entry.added)):
        if walls:
            event.add(name, list(walls))


def _file(method: Method, *parts: Component, lasting: str = "") -> bytes:
    """Return a file of events; `lasting` is what a calendar is called that is fetched again and again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Telehealth//Visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if lasting:
        calendar.add("x-wr-calname", lasting)
        calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(AGAIN))
    for part in parts:
        calendar.add_component(part)
    return bytes(calendar.to_ical())


def _zone_of(entry: Entry) -> Timezone | None:
    """Return the rules of the zone by whose clock a series is told; None for a visit that is in none.

    One part for each clock change, for as long as the file needs: lists and rules of changes are what readers
    get wrong.
    """
    wall = entry.start if isinstance(entry, SeriesEntry) else entry.recurrence
    if wall is None or not isinstance(wall.tzinfo, ZoneInfo):
        return None
    first = wall.astimezone(UTC) - A_DAY
    last = first + (LONGEST if isinstance(entry, SeriesEntry) else A_DAY) + A_DAY
    zone = Timezone()
    zone.add("tzid", wall.tzinfo.key)
    for change in (first, *clock_changes(Interval(first, last), wall.tzinfo)):
        zone.add_component(_observance(change, wall.tzinfo))
    return zone


def _observance(change: datetime, zone: ZoneInfo) -> Component:
    """Return what clocks in a zone show from an instant on (RFC 5545, 3.6.5)."""
    before, after = ((change - each).astimezone(zone) for each in (timedelta(seconds=1), timedelta(0)))
    found = TimezoneDaylight() if after.dst() else TimezoneStandard()
    offset = before.utcoffset() or timedelta(0)
    found.add("dtstart", (change + offset).replace(tzinfo=None))
    found.add("tzname", after.tzname() or zone.key)
    found.add("tzoffsetfrom", offset)
    found.add("tzoffsetto", after.utcoffset() or timedelta(0))
    return found


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
