"""Who at home hears that a clinic runs late: in steps of a quarter of an hour, and no SMS at night."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.lateness import is_news, ways_now
from telehealth.domain.outbox import Channel

BOTH = (Channel.SMS, Channel.EMAIL)
EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "minutes, told, news",
    [
        (0, 0, False),
        (10, 0, False),
        (15, 0, True),
        (20, 15, False),
        (30, 20, True),
        (30, 45, True),
        (14, 15, True),
        (0, 10, False),
    ],
)
def test_only_another_step_is_news(minutes: int, told: int, *, news: bool) -> None:
    assert is_news(minutes, told) is news


@pytest.mark.parametrize(
    "zone, ahead, ways",
    [
        ("Europe/Berlin", timedelta(hours=3), (Channel.EMAIL,)),
        ("Europe/Berlin", timedelta(hours=2), BOTH),
        ("America/New_York", timedelta(hours=3), BOTH),
        ("Asia/Tokyo", timedelta(hours=3), (Channel.EMAIL,)),
        ("Pacific/Kiritimati", timedelta(hours=3), BOTH),
    ],
)
def test_at_night_no_sms_about_a_visit_that_is_not_near(
    zone: str, ahead: timedelta, ways: tuple[Channel, ...]
) -> None:
    assert ways_now(BOTH, EVENING + ahead, zone, EVENING) == ways
