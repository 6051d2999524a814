"""When a patient is reminded of a visit: by every way that leads to them, and by SMS never at night."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from telehealth.domain.outbox import REMINDER, SOON, Channel

CALLS = timedelta(minutes=30)
"""A reminder so shortly before the visit, or closer, calls to it: the night does not hold it up."""
NIGHT, MORNING = time(21), time(8)
"""Wall times where the patient is, between which no other SMS arrives."""
EVENING = time(20)
OFFERED = (7 * 1440, 3 * 1440, 2 * 1440, 1440, 240, 120, 60, 30, 10)
"""Minutes before a visit that a service can choose from, the earliest first."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder by one way; from `until` on it says nothing that the next one, or the visit, does not."""

    channel: Channel
    template: str
    due: datetime
    until: datetime


def reminders_of(
    start: datetime, minutes: Collection[int], zone: str, ways: Collection[Channel], now: datetime
) -> list[Reminder]:
    """Return what is ahead of a visit at `start`; `zone` is the patient's.

    A reminder whose time was over when the visit was booked is left out: the invitation has just said it.
    """
    spans = sorted((timedelta(minutes=each) for each in set(minutes)), reverse=True)
    return [
        reminder
        for way in ways
        for reminder in _by(way, start, [span for span in spans if start - span > now], zone)
        if reminder.due > now
    ]


def _by(way: Channel, start: datetime, spans: list[timedelta], zone: str) -> Iterator[Reminder]:
    """Yield one way's reminders; of two at the same time the later one in plan is enough."""
    planned = [(_awake(start, span, zone) if way is Channel.SMS else start - span, span) for span in spans]
    planned.sort(key=lambda each: (each[0], -each[1]))
    for (due, span), (until, _) in pairwise([*planned, (start, timedelta())]):
        if due < until:
            yield Reminder(way, SOON if span <= CALLS else REMINDER, due, until)


def _awake(start: datetime, span: timedelta, zone: str) -> datetime:
    """Return when an SMS planned for `span` before `start` arrives.

    One for the night waits until the morning. Where that leaves less than half of the span, it comes in the
    evening before: rather early than of no use.
    """
    due, there = start - span, ZoneInfo(zone)
    local = due.astimezone(there)
    if span <= CALLS or MORNING <= local.time() < NIGHT:
        return due
    day = local.date() + timedelta(days=1) if local.time() >= NIGHT else local.date()
    morning = datetime.combine(day, MORNING, there).astimezone(UTC)
    if start - morning >= span / 2:
        return morning
    return datetime.combine(day - timedelta(days=1), EVENING, there).astimezone(UTC)
