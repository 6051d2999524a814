"""Wall times in a site's zone become half-open UTC intervals.

Facts and cases: a local time in a gap yields nothing, an ambiguous hour counts twice, and all arithmetic is
done in UTC (aware arithmetic in Python is wall-clock arithmetic). What can be booked is in availability.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from telehealth.domain.errors import BadInput, FieldProblem

MIDNIGHT = time(0)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Half-open [start, end) in UTC; refuses naive, non-UTC and upside-down ends."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Check the ends."""
        for end in (self.start, self.end):
            if end.utcoffset() != timedelta(0):
                raise BadInput(FieldProblem("interval", "not-utc", "Times must carry the UTC offset."))
        if self.start >= self.end:
            raise BadInput(FieldProblem("interval", "upside-down", "The end must come after the start."))

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share an instant."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Break:
    """Wall times within weekly hours at which nobody is seen."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One weekly rule of a practitioner at a site: ISO weekday (1 = Monday), local wall times, validity.

    `until` is inclusive and may be open. An `end` of 00:00 means midnight at the day's end.
    """

    id: str
    practitioner_id: str
    location_id: str
    service_id: str
    weekday: int
    start: time
    end: time
    valid_from: date
    until: date | None = None
    breaks: tuple[Break, ...] = ()
    version: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether these are hours of that day."""
        within = self.valid_from <= day and (self.until is None or day <= self.until)
        return within and day.isoweekday() == self.weekday


@lru_cache(maxsize=32768)
def instants(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """UTC instants at which clocks in `zone` show `wall` on `day`: none in a gap, two when repeated.

    Remembered, for a hospital's specialists begin and end at the same few times of day.
    """
    found = []
    for fold in (0, 1):
        local = datetime.combine(day, wall, tzinfo=zone).replace(fold=fold)
        instant = local.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            found.append(instant)
    return tuple(dict.fromkeys(found))


def begins(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the first instant that clocks show this, or the one at which they jump over it."""
    found = instants(day, wall, zone)
    return found[0] if found else _after_gap(day, wall, zone)


def ends(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the last instant that clocks show this, or the one at which they jump over it.

    00:00 is midnight at the day's end.
    """
    if wall == MIDNIGHT:
        day += A_DAY
    found = instants(day, wall, zone)
    return found[-1] if found else _after_gap(day, wall, zone)


def _after_gap(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clocks in `zone` jump over `wall` on `day`."""
    before = datetime.combine(day, wall, tzinfo=zone).replace(fold=1).astimezone(UTC)
    after = datetime.combine(day, wall, tzinfo=zone).replace(fold=0).astimezone(UTC)
    low, high = min(before, after), max(before, after)
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def open_spans(rule: WeeklyHours, zone: ZoneInfo, window: Interval) -> Iterator[tuple[date, Interval]]:
    """Local day and UTC span of every piece of `rule` around `window`, breaks cut out, in order.

    What a clock change swallows is left out. Pieces of the days before and after the window come along.
    """
    first = max(window.start.astimezone(zone).date() - A_DAY, rule.valid_from)
    last = min(window.end.astimezone(zone).date(), rule.until or date.max)
    day = first + timedelta(days=(rule.weekday - first.isoweekday()) % 7)
    while day <= last:
        for span in _pieces(rule, day, zone):
            yield day, span
        day += A_WEEK


def _pieces(rule: WeeklyHours, day: date, zone: ZoneInfo) -> Iterator[Interval]:
    start, end = begins(day, rule.start, zone), ends(day, rule.end, zone)
    for pause in sorted(rule.breaks, key=lambda each: each.start):
        rests = begins(day, pause.start, zone)
        if start < min(rests, end):
            yield Interval(start, min(rests, end))
        start = max(start, ends(day, pause.end, zone))
    if start < end:
        yield Interval(start, end)


class Sweep:
    """Asks, in order of start, whether a span meets any of many intervals: each of them is passed once."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._waiting = merged(intervals)
        self._at = 0

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether [start, end) shares an instant with one of them; no `start` before an earlier one."""
        while self._at < len(self._waiting) and self._waiting[self._at].end <= start:
            self._at += 1
        return self._at < len(self._waiting) and self._waiting[self._at].start < end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time as intervals that neither touch nor overlap, in order."""
    found: list[Interval] = []
    for each in sorted(intervals):
        if found and each.start <= found[-1].end:
            if each.end > found[-1].end:
                found[-1] = Interval(found[-1].start, each.end)
        else:
            found.append(each)
    return found
