"""A series of visits: a start, a zone and a rule become occurrences (RFC 5545, with erratum 4271).

The wall time stays over clock changes. A day that does not exist is passed over and not counted; a wall time
that clocks jump over is read with the offset before the gap, counts, and is told as shifted.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count as counting
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import wall_time
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.scheduling import A_DAY, A_WEEK, instants
from telehealth.domain.sentences import say

MOST = 60
"""Visits of one series."""
LONGEST = timedelta(days=3 * 366)
"""From the first to the last: no service can be booked further ahead."""
MOST_APART = 99
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MONTHS, LAST = 12, -1


class Frequency(StrEnum):
    """How often a series comes back (RFC 5545, FREQ)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Reach(StrEnum):
    """How far a change of one visit of a series goes."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series comes back; the first visit is on its first day. It ends by `count` or on `until`.

    `weekdays` (1 = Monday) are those of WEEKLY; empty is the first visit's. With `nth`, MONTHLY is on the nth
    of the first visit's weekday, the last for -1; else on the first visit's day of the month.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    count: int = 0
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One visit of a series. `local` is its wall time, `shifted` says that clocks jump over that one."""

    local: datetime
    start: datetime
    shifted: bool = False

    @property
    def id(self) -> str:
        """What names the occurrence for life: its first wall time (RFC 5545, RECURRENCE-ID)."""
        return local_id(self.local)

    def wall_in(self, zone: str) -> str:
        """Return the wall time at a site: the agreed one, unless clocks there show another."""
        return self.id if self.shifted else wall_time(self.start, zone)


def local_id(local: datetime) -> str:
    """Return a wall time as the id of an occurrence."""
    return local.replace(tzinfo=None).isoformat(timespec="minutes")


def resolved(local: datetime, zone: ZoneInfo) -> Occurrence:
    """Return the occurrence at a wall time: the first of two, and in a gap with the offset before it."""
    found = instants(local.date(), local.time(), zone)
    start = found[0] if found else local.replace(tzinfo=zone).astimezone(UTC)
    return Occurrence(local, start, shifted=not found)


def occurrences(rule: Rule, start: datetime, zone: ZoneInfo) -> list[Occurrence]:
    """Return all visits of a series whose first one is at `start` (UTC); raises BadInput."""
    check_rule(rule)
    first = start.astimezone(zone).replace(tzinfo=None)
    end = first.date() + LONGEST
    found, days = [Occurrence(first, start)], _days(rule, first.date())
    if next(days) != first.date():
        raise BadInput(FieldProblem("weekdays", "not-the-first", "The first visit is on another day."))
    for day in days:  # pragma: no branch (endless)
        if day > end or (rule.until and day > rule.until) or len(found) == rule.count:
            break
        if len(found) == MOST:
            raise BadInput(FieldProblem("until", "too-many", say("At most {count} visits.", count=MOST)))
        found.append(resolved(datetime.combine(day, first.time()), zone))
    if len(found) < max(rule.count, 2):
        raise BadInput(
            FieldProblem("count", "never", "With this rule there are not so many visits in three years.")
        )
    return found


def check_rule(rule: Rule) -> None:
    """Raise BadInput unless a rule means something and ends."""
    if not 1 <= rule.interval <= MOST_APART:
        between = say("It must be between {low} and {high}.", low=1, high=MOST_APART)
        raise BadInput(FieldProblem("interval", "out-of-range", between))
    if bool(rule.count) == bool(rule.until):
        raise BadInput(FieldProblem("count", "one-end", "Say how many visits there are, or until when."))
    if rule.count and not 2 <= rule.count <= MOST:  # noqa: PLR2004 (one visit is no series)
        between = say("It must be between {low} and {high}.", low=2, high=MOST)
        raise BadInput(FieldProblem("count", "out-of-range", between))
    weekly = rule.frequency is Frequency.WEEKLY
    known = set(rule.weekdays) <= set(range(1, len(CODES) + 1))
    if not known or len(set(rule.weekdays)) < len(rule.weekdays) or (rule.weekdays and not weekly):
        raise BadInput(FieldProblem("weekdays", "unknown", "Choose a day of the week."))
    if rule.nth not in {0, 1, 2, 3, 4, 5, LAST} or (rule.nth and rule.frequency is not Frequency.MONTHLY):
        raise BadInput(FieldProblem("nth", "unknown", "Please choose one of those offered."))


def _days(rule: Rule, first: date) -> Iterator[date]:
    """Yield the days of a rule in order, the first one's week or month from its beginning on."""
    match rule.frequency:
        case Frequency.DAILY:
            yield from (first + A_DAY * each for each in counting(step=rule.interval))
        case Frequency.WEEKLY:
            yield from _weekly(rule, first)
        case Frequency.MONTHLY:
            yield from _monthly(first, rule.interval, rule.nth)
        case Frequency.YEARLY:  # pragma: no branch (there are no others)
            yield from _monthly(first, rule.interval * MONTHS, 0)


def _weekly(rule: Rule, first: date) -> Iterator[date]:
    weekdays = sorted(rule.weekdays) or [first.isoweekday()]
    monday = first - A_DAY * (first.isoweekday() - 1)
    for week in counting(step=rule.interval):  # pragma: no branch (endless)
        for weekday in weekdays:
            day = monday + A_WEEK * week + A_DAY * (weekday - 1)
            if day >= first:
                yield day


def _monthly(first: date, interval: int, nth: int) -> Iterator[date]:
    for months in counting(step=interval):  # pragma: no branch (endless)
        years, month = divmod(first.month - 1 + months, MONTHS)
        length = monthrange(first.year + years, month + 1)[1]
        start = date(first.year + years, month + 1, 1)
        day = _nth(start, length, first.isoweekday(), nth) if nth else first.day
        if day <= length:
            yield start + A_DAY * (day - 1)


def _nth(start: date, length: int, weekday: int, nth: int) -> int:
    """Return the day of the month that is its nth such weekday, the last for -1; it may lie beyond."""
    earliest = 1 + (weekday - start.isoweekday()) % 7
    return earliest + 7 * ((length - earliest) // 7 if nth == LAST else nth - 1)


PARTS = re.compile(
    r"FREQ=(?P<frequency>[A-Z]+);INTERVAL=(?P<interval>\d+)"
    r"(;BYDAY=(?P<nth>-?\d)?(?P<days>[A-Z,]+))?(;COUNT=(?P<count>\d+))?(;UNTIL=(?P<until>\d{8}))?"
)


def rule_text(rule: Rule, first: date) -> str:
    """Return a rule as RFC 5545 writes it, with `until` as a day of the series' own zone."""
    weekdays = [first.isoweekday()] if rule.nth else sorted(rule.weekdays)
    days = ",".join(CODES[each - 1] for each in weekdays)
    return "".join(
        (
            f"FREQ={rule.frequency.value.upper()};INTERVAL={rule.interval}",
            f";BYDAY={rule.nth or ''}{days}" if days else "",
            f";COUNT={rule.count}" if rule.count else "",
            f";UNTIL={rule.until:%Y%m%d}" if rule.until else "",
        )
    )


def rule_of(text: str) -> Rule:
    """Return the rule in a text that `rule_text` made; raises ValueError for another one."""
    found = PARTS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    days = tuple(CODES.index(each) + 1 for each in found["days"].split(",")) if found["days"] else ()
    nth, until = int(found["nth"] or 0), found["until"]
    return Rule(
        Frequency(found["frequency"].lower()),
        int(found["interval"]),
        () if nth else days,
        nth,
        int(found["count"] or 0),
        date.fromisoformat(until) if until else None,
    )


@dataclass(frozen=True, slots=True)
class Series:
    """What was agreed at first; each occurrence is an appointment of its own and may differ by now.

    `local_start` is the first wall time in `zone`, `rule` as `rule_text` writes it.
    """

    id: str
    organization_id: str
    patient_organization_id: str
    patient_id: str
    practitioner_id: str
    service_id: str
    zone: str
    local_start: str
    rule: str

    @property
    def uid(self) -> str:
        """What calendars know the whole series by."""
        return series_uid(self.id)


def series_uid(series_id: str) -> str:
    """Return what calendars know a series by."""
    return f"{series_id}@telehealth"
