"""How much somebody has booked already: a visit that may be anybody's goes to whoever has least."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from telehealth.domain.scheduling import A_WEEK, Interval, whole_day

FARTHEST = A_WEEK + timedelta(days=2)
"""So far from an instant its week ends, wherever that is."""


def load(booked: Iterable[Interval], day: date, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """Return how much is booked on that day, and in its week from Monday on; compared in this order."""
    today, week = _around(day, zone)
    spans = list(booked)
    return _within(spans, today), _within(spans, week)


@lru_cache(maxsize=1024)
def _around(day: date, zone: ZoneInfo) -> tuple[Interval, Interval]:
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    return whole_day(day, zone), Interval(whole_day(monday, zone).start, whole_day(sunday, zone).end)


def _within(spans: Iterable[Interval], window: Interval) -> timedelta:
    shared = (min(each.end, window.end) - max(each.start, window.start) for each in spans)
    return sum((each for each in shared if each > timedelta(0)), timedelta(0))
