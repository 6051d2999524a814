"""A visit as a calendar file (RFC 5545): when it is and how it is opened; no secret and nothing clinical."""

from datetime import datetime

from icalendar import Calendar, Event

from telehealth.services.joining import CalendarEntry

TYPE = "text/calendar"


def calendar_file(entry: CalendarEntry, *, title: str, advice: str, now: datetime) -> bytes:
    """Return the file. A later one of the same visit takes its place: same UID, higher SEQUENCE."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", title)
    event.add("description", advice)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Telehealth//Visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
