"""When reminders leave: before the visit, once each, and never by SMS at night where the patient is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.outbox import REMINDER, SOON, Channel
from telehealth.domain.reminders import CALLS, MORNING, NIGHT, OFFERED, reminders_of

SMS, EMAIL = Channel.SMS, Channel.EMAIL
FIRST = datetime(2000, 1, 15, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAY_AND_TEN = (1440, 10)


def dues(start: str, minutes: tuple[int, ...], zone: str, way: Channel = SMS) -> list[str]:
    """When reminders of a visit at a wall time arrive, as wall times of the same zone."""
    at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = reminders_of(at, minutes, zone, [way], LONG_AGO)
    return [each.due.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M") for each in found]


def test_a_day_and_ten_minutes_before_by_every_way() -> None:
    start = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    found = reminders_of(start, DAY_AND_TEN, "Africa/Lagos", [SMS, EMAIL], LONG_AGO)
    day, ten = start - timedelta(days=1), start - timedelta(minutes=10)
    for way in (SMS, EMAIL):
        mine = [(each.template, each.due, each.until) for each in found if each.channel is way]
        assert mine == [(REMINDER, day, ten), (SOON, ten, start)]


@pytest.mark.parametrize(
    "start,minutes,arrives",
    [
        ("2026-11-24T07:30", (1440,), ["11-23 08:00"]),  # by night: in the morning
        ("2026-11-24T22:30", (1440,), ["11-24 08:00"]),  # late in the evening: the next morning
        ("2026-11-24T21:00", (1440,), ["11-24 08:00"]),  # the night begins at 21:00
        ("2026-11-24T08:00", (1440,), ["11-23 08:00"]),  # and is over at 8:00
        ("2026-11-24T08:30", (240,), ["11-23 20:00"]),  # half an hour before is of no use: in the evening
        ("2026-11-24T10:00", (240,), ["11-24 08:00"]),  # two of four hours are
        ("2026-11-24T07:00", (10,), ["11-24 06:50"]),  # whoever comes at 7:00 is up
        ("2026-11-24T09:00", (240, 120), ["11-23 20:00", "11-24 08:00"]),
        ("2026-11-24T07:00", (240, 120, 10), ["11-23 20:00", "11-24 06:50"]),  # two in one evening are one
    ],
)
def test_at_night_no_sms_wakes_anybody(start: str, minutes: tuple[int, ...], arrives: list[str]) -> None:
    assert dues(start, minutes, "Africa/Nairobi") == arrives


def test_a_mail_waits_for_no_morning() -> None:
    assert dues("2026-11-24T03:30", DAY_AND_TEN, "Asia/Tokyo", EMAIL) == ["11-23 03:30", "11-24 03:20"]


def test_a_day_is_24_hours_and_the_morning_is_the_one_of_the_wall_clock() -> None:
    assert dues("2026-10-25T12:00", (1440,), "Europe/Berlin") == ["10-24 13:00"]
    assert dues("2026-10-26T07:00", (1440,), "Europe/Berlin") == ["10-25 08:00"]


def test_what_was_over_at_the_booking_is_left_out() -> None:
    start = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    for before, left in ((timedelta(days=1), [SOON]), (timedelta(minutes=10), []), (timedelta(0), [])):
        found = reminders_of(start, DAY_AND_TEN, "UTC", [EMAIL], start - before)
        assert [each.template for each in found] == left


def test_an_evening_that_was_over_at_the_booking_is_no_reminder_at_once() -> None:
    start = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    booked = start - timedelta(hours=8)
    assert reminders_of(start, (240,), "UTC", [SMS], booked) == []
    assert len(reminders_of(start, (240,), "UTC", [EMAIL], booked)) == 1


def test_a_service_without_reminders_has_none() -> None:
    assert reminders_of(LONG_AGO + timedelta(days=9), (), "UTC", [SMS, EMAIL], LONG_AGO) == []


@given(
    start=st.timedeltas(timedelta(0), timedelta(days=36_000)).map(FIRST.__add__),
    ahead=st.timedeltas(timedelta(0), timedelta(days=9)),
    minutes=st.lists(st.sampled_from(OFFERED), max_size=4),
    zone=st.sampled_from(sorted(available_timezones())),
)
def test_in_every_zone_each_comes_once_in_order_before_the_visit_and_not_at_night(
    start: datetime, ahead: timedelta, minutes: list[int], zone: str
) -> None:
    now = start - ahead
    for way in Channel:
        found = reminders_of(start, minutes, zone, [way], now)
        ends = [each.until for each in found]
        assert [each.due for each in found[1:]] == ends[:-1]
        assert not found or ends[-1] == start
        for each in found:
            assert now < each.due < each.until
            clock = each.due.astimezone(ZoneInfo(zone)).time()
            at_once = each.due >= start - CALLS
            assert way is EMAIL or at_once or MORNING <= clock < NIGHT
