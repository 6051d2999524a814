"""Free time from weekly hours: wall times in a site's zone become half-open UTC intervals.

Facts and cases: a local time in a gap yields no slot, an ambiguous hour counts twice, and all
arithmetic is done in UTC (aware arithmetic in Python is wall-clock arithmetic).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.errors import BadInput, FieldProblem


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


def instants(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """UTC instants at which clocks in `zone` show `wall` on `day`: none in a gap, two when repeated."""
    found = []
    for fold in (0, 1):
        local = datetime.combine(day, wall, tzinfo=zone).replace(fold=fold)
        instant = local.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            found.append(instant)
    return tuple(dict.fromkeys(found))


def _days(window: Interval, zone: ZoneInfo) -> Iterator[date]:
    day = window.start.astimezone(zone).date() - timedelta(days=1)
    last = window.end.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def open_spans(rule: WeeklyHours, zone: ZoneInfo, window: Interval) -> Iterator[Interval]:
    """UTC spans in which `rule` is open within `window`; spans that a clock change swallows are left out."""
    for day in _days(window, zone):
        if day.isoweekday() != rule.weekday or day < rule.valid_from or (rule.until and day > rule.until):
            continue
        ends_next = rule.end == time(0)
        starts = instants(day, rule.start, zone)
        ends = instants(day + timedelta(days=1) if ends_next else day, rule.end, zone)
        start = starts[0] if starts else _after_gap(day, rule.start, zone)
        end = ends[-1] if ends else _after_gap(day, rule.end, zone)
        if start < end:
            yield Interval(start, end)


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


def free_slots(
    rules: Iterable[tuple[WeeklyHours, ZoneInfo]],
    busy: Iterable[Interval],
    window: Interval,
    *,
    length: timedelta,
    buffer: timedelta,
    not_before: datetime,
) -> list[Interval]:
    """Free visit times within `window`, earliest first.

    Each rule is cut into steps of `length + buffer`; a step is free when the visit and the pause
    after it touch nothing in `busy` and it starts no earlier than `not_before`.
    """
    taken = sorted(busy)
    found = set()
    for rule, zone in rules:
        for span in open_spans(rule, zone, window):
            start = span.start
            while start + length <= span.end:
                if max(window.start, not_before) <= start <= window.end - length:
                    held = Interval(start, start + length + buffer)
                    if not any(held.overlaps(other) for other in taken):
                        found.add(Interval(start, start + length))
                start += length + buffer
    return sorted(found)
