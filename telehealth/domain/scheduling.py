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


def whole_day(day: date, zone: ZoneInfo) -> Interval:
    """Return the local day as UTC instants; it may have 23 or 25 hours."""
    start = datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)
    return Interval(start, end)


def instants(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """UTC instants at which clocks in `zone` show `wall` on `day`: none in a gap, two when repeated."""
    found = []
    for fold in (0, 1):
        local = datetime.combine(day, wall, tzinfo=zone).replace(fold=fold)
        instant = local.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            found.append(instant)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32768)
def shown(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[Interval, ...]:
    """UTC spans in which clocks in `zone` show wall times of [start, end) on `day`; `end` 00:00 is midnight.

    None where clocks jump over all of it, two where they are put back within. Remembered: each search asks
    again what the same few absences are.
    """
    first = datetime.combine(day, start, tzinfo=zone)
    last = datetime.combine(day + A_DAY if end == MIDNIGHT else day, end, tzinfo=zone)
    offsets = {_offset(each.replace(fold=fold)) for each in (first, last) for fold in (0, 1)}
    begins, finishes = first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
    low, high = begins - max(offsets), finishes - min(offsets)
    if begins >= finishes:
        return ()
    jump = _jump(low, high, zone) if len(offsets) > 1 else high
    parts = []
    for after, before in ((low, jump), (jump, high)):
        if after < before:
            offset = _offset(after.astimezone(zone))
            parts.append((max(begins - offset, after), min(finishes - offset, before)))
    return tuple(merged(Interval(after, before) for after, before in parts if after < before))


def clock_changes(window: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the instants in a window at which clocks in `zone` are put forward or back, in order."""
    low = window.start
    while low < window.end:
        high = min(low + A_DAY, window.end)
        if _offset(low.astimezone(zone)) != _offset(high.astimezone(zone)):
            yield _jump(low, high, zone)
        low = high


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two at which clocks in `zone` are put forward or back."""
    offset = _offset(low.astimezone(zone))
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if _offset(middle.astimezone(zone)) == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def open_spans(rule: WeeklyHours, zone: ZoneInfo, window: Interval) -> Iterator[tuple[date, Interval]]:
    """Local day and UTC span of every piece of `rule` around `window`, breaks cut out, in order.

    Pieces of the days before and after the window come along.
    """
    first = max(window.start.astimezone(zone).date() - A_DAY, rule.valid_from)
    last = min(window.end.astimezone(zone).date(), rule.until or date.max)
    day = first + timedelta(days=(rule.weekday - first.isoweekday()) % 7)
    while day <= last:
        for span in _pieces(day, rule.start, rule.end, rule.breaks, zone):
            yield day, span
        day += A_WEEK


@lru_cache(maxsize=32768)
def _pieces(
    day: date, start: time, end: time, breaks: tuple[Break, ...], zone: ZoneInfo
) -> tuple[Interval, ...]:
    """Hours of one day without their breaks; remembered, for a hospital's specialists have the same few."""
    spans = shown(day, start, end, zone)
    for pause in breaks:
        spans = tuple(what_is_left(spans, shown(day, pause.start, pause.end, zone)))
    return spans


def what_is_left(spans: Iterable[Interval], cuts: Iterable[Interval]) -> Iterator[Interval]:
    """Yield what is left of spans when others are cut out of them."""
    taken = merged(cuts)
    for span in spans:
        start = span.start
        for cut in taken:
            if start < min(cut.start, span.end):
                yield Interval(start, min(cut.start, span.end))
            start = max(start, min(cut.end, span.end))
        if start < span.end:
            yield Interval(start, span.end)


class Sweep:
    """Asks, in order of start, whether a span meets any of many intervals: each of them is passed once."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._waiting = merged(intervals)
        self._at = 0

    def until(self, start: datetime, end: datetime) -> datetime | None:
        """Return when the one ends that shares an instant with [start, end); no `start` before an earlier."""
        while self._at < len(self._waiting) and self._waiting[self._at].end <= start:
            self._at += 1
        if self._at < len(self._waiting) and self._waiting[self._at].start < end:
            return self._waiting[self._at].end
        return None

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether one of them shares an instant with [start, end); asked as `until` is."""
        return self.until(start, end) is not None


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
