"""Free times from weekly hours, with the clock changes that break calendars elsewhere (scheduling.md)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.availability import Timetable, is_free, offered
from telehealth.domain.errors import BadInput
from telehealth.domain.organizations import HealthcareService, Location, SiteKind
from telehealth.domain.scheduling import Interval, Sweep, WeeklyHours, instants, open_spans

HOUR = timedelta(hours=1)
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(weekday: int, start: str, end: str) -> WeeklyHours:
    return WeeklyHours(
        "r",
        "amara",
        "site",
        "service",
        weekday,
        time.fromisoformat(start),
        time.fromisoformat(end),
        date(2000, 1, 1),
    )


@pytest.mark.parametrize(
    "zone, day, wall, expected",
    [
        ("Europe/Berlin", "2026-10-25", "02:30", ["2026-10-25T00:30", "2026-10-25T01:30"]),
        ("Europe/Berlin", "2027-03-28", "02:30", []),
        ("America/New_York", "2027-03-12", "02:30", ["2027-03-12T07:30"]),
        ("America/New_York", "2027-03-15", "02:30", ["2027-03-15T06:30"]),
        ("America/New_York", "2027-03-14", "02:30", []),
        ("America/New_York", "2027-11-07", "01:30", ["2027-11-07T05:30", "2027-11-07T06:30"]),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", []),
        ("Africa/Casablanca", "2025-02-23", "02:30", ["2025-02-23T01:30", "2025-02-23T02:30"]),
        ("America/Vancouver", "2026-11-03", "09:00", ["2026-11-03T16:00"]),
        ("Pacific/Kiritimati", "2026-12-01", "09:00", ["2026-11-30T19:00"]),
    ],
)
def test_wall_times_become_the_right_instants(zone: str, day: str, wall: str, expected: list[str]) -> None:
    found = instants(date.fromisoformat(day), time.fromisoformat(wall), ZoneInfo(zone))
    assert list(found) == [utc(text) for text in expected]


def at(zone: str) -> Location:
    return Location("site", "hospital", "Ward", SiteKind.HOSPITAL, zone)


def of(length: int, buffer: int = 0, before: int = 0) -> HealthcareService:
    return HealthcareService("service", "hospital", "Heart", "", length, buffer, before)


def slots(
    own: WeeklyHours,
    day: str,
    *,
    length: int = 30,
    buffer: int = 0,
    before: int = 0,
    busy: tuple[Interval, ...] = (),
) -> list[datetime]:
    start, service, taken = utc(day) - timedelta(hours=14), of(length, buffer, before), Sweep(busy)
    window = Interval(start, start + timedelta(hours=52))
    found = offered(Timetable(((own, at(BERLIN)),)), service, window)
    return [each.start for each in found if is_free(each, service, taken)]


def test_an_hour_that_the_clock_change_swallows_gives_no_slot() -> None:
    assert slots(rule(7, "02:00", "03:00"), "2027-03-28") == []


def test_hours_that_begin_in_a_swallowed_hour_open_when_the_clocks_have_jumped() -> None:
    assert slots(rule(7, "02:20", "04:00"), "2027-03-28") == [
        utc("2027-03-28T01:00"),
        utc("2027-03-28T01:30"),
    ]


def test_nothing_is_offered_that_begins_before_the_window() -> None:
    late = Interval(utc("2026-11-23T08:01"), utc("2026-11-23T12:00"))
    found = offered(Timetable(((rule(1, "09:00", "10:30"), at(BERLIN)),)), of(30), late)
    assert [slot.start for slot in found] == [utc("2026-11-23T08:30"), utc("2026-11-23T09:00")]


def test_the_repeated_hour_can_be_booked_twice() -> None:
    assert slots(rule(7, "02:00", "03:00"), "2026-10-25") == [
        utc("2026-10-25T00:00"),
        utc("2026-10-25T00:30"),
        utc("2026-10-25T01:00"),
        utc("2026-10-25T01:30"),
    ]


def test_a_plain_morning_is_cut_into_visits() -> None:
    assert slots(rule(1, "09:00", "10:30"), "2026-11-23") == [
        utc("2026-11-23T08:00"),
        utc("2026-11-23T08:30"),
        utc("2026-11-23T09:00"),
    ]


def test_the_pause_after_a_visit_is_kept_free() -> None:
    assert slots(rule(1, "09:00", "10:30"), "2026-11-23", buffer=15) == [
        utc("2026-11-23T08:00"),
        utc("2026-11-23T08:45"),
    ]


def test_the_pause_before_a_visit_is_kept_free_as_well() -> None:
    assert slots(rule(1, "09:00", "10:30"), "2026-11-23", before=10, buffer=5) == [
        utc("2026-11-23T08:00"),
        utc("2026-11-23T08:45"),
    ]
    taken = Interval(utc("2026-11-23T08:00"), utc("2026-11-23T08:36"))
    assert slots(rule(1, "09:00", "10:30"), "2026-11-23", before=5, busy=(taken,)) == []
    assert slots(rule(1, "09:00", "11:00"), "2026-11-23", before=4, busy=(taken,)) == [
        utc("2026-11-23T09:08")
    ]


def test_a_taken_time_is_not_offered_and_its_neighbours_are() -> None:
    taken = Interval(utc("2026-11-23T08:30"), utc("2026-11-23T09:00"))
    assert slots(rule(1, "09:00", "10:30"), "2026-11-23", busy=(taken,)) == [
        utc("2026-11-23T08:00"),
        utc("2026-11-23T09:00"),
    ]


def test_hours_until_midnight_reach_the_end_of_the_day() -> None:
    assert slots(rule(1, "23:00", "00:00"), "2026-11-23") == [
        utc("2026-11-23T22:00"),
        utc("2026-11-23T22:30"),
    ]


def test_naive_and_upside_down_times_are_refused() -> None:
    with pytest.raises(BadInput):
        Interval(datetime(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))  # noqa: DTZ001
    with pytest.raises(BadInput):
        Interval(utc("2026-01-02"), utc("2026-01-01"))


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "America/Nuuk",
    ]
)


@given(
    zone=ZONES,
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    start=st.times(),
    hours=st.integers(1, 9),
    length=st.integers(5, 90),
)
def test_slots_lie_within_the_hours_and_never_overlap(
    zone: str, day: date, start: time, hours: int, length: int
) -> None:
    place = at(zone)
    end_hour = start.hour + hours
    if end_hour > 23:
        return
    own = replace(
        rule(day.isoweekday(), "00:00", "00:00"), start=start.replace(microsecond=0), end=time(end_hour)
    )
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    window = Interval(noon - timedelta(hours=40), noon + timedelta(hours=40))
    spans = [span for _, span in open_spans(own, ZoneInfo(zone), window)]
    found = list(offered(Timetable(((own, place),)), of(length), window))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(any(span.start <= slot.start and slot.end <= span.end for span in spans) for slot in found)
