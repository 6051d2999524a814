"""How much of a specialist's time is free in each of many weeks, without going through its visit times.

A year of two hundred specialists is 50,000 spans of hours and as many visits. What hours alone say is
remembered as long as nothing that says it changes, for it is looked up by all of that; what is taken is
counted anew each time, so that a page is true as soon as somebody books.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from telehealth.domain.availability import Timetable, open_time
from telehealth.domain.scheduling import Interval

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = 2**63
"""Later than all that is taken."""
Ends = tuple[Sequence[int], Sequence[int]]
"""Starts and ends of spans that do not overlap, in microseconds since 1970, both in order."""


@dataclass(frozen=True, slots=True)
class OpenWeeks:
    """Spans in which visits are seen, in order, each with the number of its week; and how long those are."""

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
def open_weeks(table: Timetable, weeks: tuple[Interval, ...], location_id: str = "") -> OpenWeeks:
    """Return when visits are seen by hours, absences, holidays and closed times; at one site, or at all."""
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


def from_then_on(taken: Ends, instant: datetime) -> Ends:
    """Return what is taken, and all time before an instant."""
    now, (starts, ends) = microseconds(instant), taken
    over = bisect_right(ends, now)
    later = list(starts[over:])
    later[:1] = [max(each, now) for each in later[:1]]
    return [0, *later], [now, *ends[over:]]


def microseconds(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND
