"""Whether somebody works just now, as who takes the next of a queue is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from telehealth.domain.availability import Timetable, at_work, why_not_at_work
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import Location, SiteKind
from telehealth.domain.scheduling import Break, Interval, WeeklyHours, whole_day

DAY = whole_day(date(2026, 11, 23), ZoneInfo("Europe/Berlin"))
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WARD = Location("ward", "hospital", "Ward", SiteKind.HOSPITAL, "Europe/Berlin")
ANNEX = replace(WARD, id="annex")
MORNING = WeeklyHours("rule", "amara", "ward", "svc", 1, time(8), time(13), date(2026, 1, 5))
EVENING = replace(MORNING, id="later", location_id="annex", start=time(17), end=time(20))
TABLE = Timetable(((MORNING, WARD), (EVENING, ANNEX)))


def excepted(kind: ExceptionKind, start: time, end: time) -> Timetable:
    day = date(2026, 11, 23)
    said = HoursException("said", "hospital", "amara", "ward", "", kind, day, start, day, end)
    return replace(TABLE, exceptions=((said, WARD),))


@pytest.mark.parametrize(
    "hour,site", [(5, "ward"), (8, "ward"), (13, "ward"), (16, "annex"), (18, "annex"), (22, "annex")]
)
def test_it_is_the_site_of_the_hours_then_or_of_the_nearest(hour: int, site: str) -> None:
    place = at_work(TABLE, DAY, DAY.start + hour * HOUR)
    assert place is not None
    assert place.location_id == site


def test_a_break_is_the_specialists_own_matter() -> None:
    rested = replace(MORNING, breaks=(Break(time(12), time(12, 30)),))
    assert at_work(Timetable(((rested, WARD),)), DAY, NOON) is not None


def test_closed_away_holiday_and_no_hours_are_told_apart() -> None:
    closed = replace(TABLE, closed=(("ward", Interval(NOON, NOON + HOUR)),))
    away = excepted(ExceptionKind.AWAY, time(12), time(13))
    christmas = whole_day(date(2028, 12, 25), ZoneInfo("Europe/Berlin"))
    holiday = Timetable(((MORNING, replace(WARD, region="DE")),))
    tuesday = whole_day(date(2026, 11, 24), ZoneInfo("Europe/Berlin"))
    for table, day, at, reason in (
        (closed, DAY, NOON, "closed"),
        (away, DAY, NOON, "away"),
        (holiday, christmas, christmas.start + 12 * HOUR, "holiday"),
        (TABLE, tuesday, tuesday.start + 12 * HOUR, "not-offered"),
    ):
        assert at_work(table, day, at) is None
        assert why_not_at_work(table, day, at) == reason
    for table in (closed, away):
        assert at_work(table, DAY, NOON + HOUR) is not None
    elsewhere = replace(TABLE, closed=(("annex", Interval(NOON, NOON + HOUR)),))
    assert at_work(elsewhere, DAY, NOON) is not None
