"""How much of a specialist's time is free in each of many weeks, without going through its visit times.

A year of two hundred specialists is 50,000 spans of hours and twice as many visits. What hours alone say is
remembered as long as nothing that says it changes, for it is looked up by all of that, and so is what the
same visits leave of the same hours. All that is taken is read anew each time, so that a page is true as soon
as somebody books; but only what differs from the last time is counted again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from telehealth.domain.availability import Timetable, open_time
from telehealth.domain.scheduling import Interval

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = 2**63
"""Later than all that is taken."""
Ends = tuple[Sequence[int], Sequence[int]]
"""Starts and ends of spans that do not overlap, in microseconds since 1970, both in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Weeks in order, each from where the one before ends; two are the same only as objects.

    To compare a year of them for each of two hundred specialists takes longer than to count what is free.
    """

    spans: tuple[Interval, ...]


@lru_cache(maxsize=64)
def weeks_between(starts: tuple[datetime, ...]) -> Weeks:
    """Return the weeks between these instants, the same object each time."""
    return Weeks(tuple(Interval(start, end) for start, end in pairwise(starts)))


@dataclass(frozen=True, slots=True, eq=False)
class OpenWeeks:
    """Spans in which visits are seen, in order, each with the number of its week; and how long those are.

    `open_weeks` makes one of each, so that two are the same only as objects.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    weeks: tuple[int, ...]
    whole: tuple[int, ...]

    def free(self, taken: Ends) -> list[int]:
        """Return how much of each week is free, in microseconds; what is taken out of hours takes nothing."""
        starts, ends, weeks, left = self.starts, (*self.ends, NEVER), self.weeks, list(self.whole)
        at, until = 0, ends[0]
        for start, end in zip(*taken, strict=True):
            while until <= start:  # most visits lie in the span of the one before or in the next: no search
                at += 1
                until = ends[at]
            if until == NEVER:
                break
            if starts[at] <= start and end <= until:
                left[weeks[at]] -= end - start
            else:
                for each in range(at, bisect_left(starts, end, at)):
                    left[weeks[each]] -= min(end, ends[each]) - max(start, starts[each])
        return left


@lru_cache(maxsize=512)
def open_weeks(table: Timetable, of: Weeks, location_id: str = "") -> OpenWeeks:
    """Return when visits are seen by hours, absences, holidays and closed times; at one site, or at all."""
    weeks = of.spans
    whole, found, at = [0] * len(weeks), [], 0
    for place in open_time(table, Interval(weeks[0].start, weeks[-1].end)):
        if location_id and place.location_id != location_id:
            continue
        while at < len(weeks) and weeks[at].end <= place.start:
            at += 1
        number = at
        while number < len(weeks) and weeks[number].start < place.end:
            week = weeks[number]
            begins, until = microseconds(max(place.start, week.start)), microseconds(min(place.end, week.end))
            found.append((begins, until, number))
            whole[number] += until - begins
            number += 1
    starts, ends, numbers = zip(*found, strict=True) if found else ((), (), ())
    return OpenWeeks(starts, ends, numbers, tuple(whole))


def free_from(open_: OpenWeeks, taken: Ends, instant: datetime) -> list[int]:
    """Return how much of each week is free from an instant on, in microseconds."""
    now, (starts, ends) = microseconds(instant), taken
    left = list(_left(open_, tuple(starts), tuple(ends)))
    if not open_.starts or now <= open_.starts[0]:
        return left
    week = open_.weeks[bisect_left(open_.starts, now) - 1]
    until = bisect_right(open_.weeks, week)
    begun = replace(open_, starts=open_.starts[:until], ends=open_.ends[:until], weeks=open_.weeks[:until])
    known = bisect_left(starts, open_.ends[until - 1])
    left[: week + 1] = begun.free(_from_then_on(now, starts[:known], ends[:known]))[: week + 1]
    return left


@lru_cache(maxsize=512)
def _left(open_: OpenWeeks, starts: tuple[int, ...], ends: tuple[int, ...]) -> list[int]:
    return open_.free((starts, ends))


def _from_then_on(now: int, starts: Sequence[int], ends: Sequence[int]) -> Ends:
    """Return what is taken, and all time before an instant."""
    over = bisect_right(ends, now)
    later = list(starts[over:])
    later[:1] = [max(each, now) for each in later[:1]]
    return [0, *later], [now, *ends[over:]]


def microseconds(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND
