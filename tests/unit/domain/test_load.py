"""How much is booked already: by the day and the week of the site, also where clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from telehealth.domain.load import load
from telehealth.domain.scheduling import Interval

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def hours(*starts: str) -> list[Interval]:
    """An hour from each start on, in UTC."""
    instants = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in starts)
    return [Interval(each, each + HOUR) for each in instants]


@pytest.mark.parametrize(
    "starts, day, week",
    [
        ([], 0, 0),
        (["2026-11-24T09:00"], 1, 1),
        (["2026-11-24T09:00", "2026-11-24T15:00", "2026-11-27T09:00"], 2, 3),
        (["2026-11-22T22:00", "2026-11-22T23:00", "2026-11-29T22:00", "2026-11-29T23:00"], 0, 2),
        (["2026-11-23T22:30", "2026-11-24T22:30"], 1, 2),
        (["2026-11-16T09:00", "2026-12-01T09:00"], 0, 0),
    ],
)
def test_the_day_counts_first_and_then_the_week_from_monday_on(
    starts: list[str], day: int, week: int
) -> None:
    assert load(hours(*starts), date(2026, 11, 24), BERLIN) == (day * HOUR, week * HOUR)


def test_a_day_of_twenty_five_hours_counts_them_all() -> None:
    whole = [Interval(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC))]
    assert load(whole, date(2026, 10, 25), BERLIN) == (25 * HOUR, (5 * 24 + 23) * HOUR)
