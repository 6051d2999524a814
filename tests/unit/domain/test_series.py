"""What a rule of a series yields: by the cases of scheduling.md, and against another reading of RFC 5545."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.errors import BadInput
from telehealth.domain.series import (
    LONGEST,
    MOST,
    Frequency,
    Rule,
    occurrences,
    resolved,
    rule_of,
    rule_text,
)
from telehealth.timezones import use_packaged_zones

use_packaged_zones()
ZONES = sorted(available_timezones())
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(rule: Rule, first: str, zone: str) -> list[str]:
    found = occurrences(rule, resolved(datetime.fromisoformat(first), ZoneInfo(zone)).start, ZoneInfo(zone))
    return [f"{each.start:%m-%dT%H:%M}" for each in found]


def test_a_wall_time_in_a_gap_is_read_with_the_offset_before_it_and_counts() -> None:
    rule = Rule(Frequency.DAILY, count=4)
    found = occurrences(rule, utc("2027-03-12T07:30"), ZoneInfo("America/New_York"))
    assert [each.start for each in found] == [
        utc("2027-03-12T07:30"),
        utc("2027-03-13T07:30"),
        utc("2027-03-14T07:30"),
        utc("2027-03-15T06:30"),
    ]
    assert [each.shifted for each in found] == [False, False, True, False]


@pytest.mark.parametrize(
    "rule, first, zone, expected",
    [
        (
            Rule(Frequency.WEEKLY, count=3),
            "2026-10-18T09:00",
            "Europe/Berlin",
            ["10-18T07:00", "10-25T08:00", "11-01T08:00"],
        ),
        (
            Rule(Frequency.WEEKLY, 2, weekdays=(4, 1), count=4),
            "2026-11-05T09:00",
            "UTC",
            ["11-05T09:00", "11-16T09:00", "11-19T09:00", "11-30T09:00"],
        ),
        (
            Rule(Frequency.MONTHLY, count=3),
            "2027-01-31T09:00",
            "UTC",
            ["01-31T09:00", "03-31T09:00", "05-31T09:00"],
        ),
        (
            Rule(Frequency.MONTHLY, nth=-1, until=date(2027, 3, 30)),
            "2027-01-26T09:00",
            "UTC",
            ["01-26T09:00", "02-23T09:00", "03-30T09:00"],
        ),
        (
            Rule(Frequency.MONTHLY, nth=5, count=2),
            "2027-03-29T09:00",
            "UTC",
            ["03-29T09:00", "05-31T09:00"],
        ),
        (
            Rule(Frequency.DAILY, count=3),
            "2026-10-03T02:15",
            "Australia/Lord_Howe",
            ["10-02T15:45", "10-03T15:45", "10-04T15:15"],
        ),
        (
            Rule(Frequency.DAILY, 7, count=2),
            "2026-11-24T09:00",
            "Pacific/Kiritimati",
            ["11-23T19:00", "11-30T19:00"],
        ),
        (Rule(Frequency.YEARLY, count=2), "2027-05-01T09:00", "UTC", ["05-01T09:00", "05-01T09:00"]),
    ],
)
def test_a_rule_keeps_the_wall_time_and_passes_over_days_that_do_not_exist(
    rule: Rule, first: str, zone: str, expected: list[str]
) -> None:
    assert starts(rule, first, zone) == expected


@pytest.mark.parametrize(
    "rule, code",
    [
        (Rule(Frequency.DAILY), "one-end"),
        (Rule(Frequency.DAILY, count=3, until=date(2027, 1, 1)), "one-end"),
        (Rule(Frequency.DAILY, count=1), "out-of-range"),
        (Rule(Frequency.DAILY, count=MOST + 1), "out-of-range"),
        (Rule(Frequency.DAILY, 0, count=3), "out-of-range"),
        (Rule(Frequency.DAILY, until=date(2199, 1, 1)), "too-many"),
        (Rule(Frequency.DAILY, until=date(2026, 11, 2)), "never"),
        (Rule(Frequency.YEARLY, 99, count=2), "never"),
        (Rule(Frequency.WEEKLY, weekdays=(2,), count=3), "not-the-first"),
        (Rule(Frequency.WEEKLY, weekdays=(1, 1), count=3), "unknown"),
        (Rule(Frequency.WEEKLY, weekdays=(0, 1), count=3), "unknown"),
        (Rule(Frequency.DAILY, weekdays=(1,), count=3), "unknown"),
        (Rule(Frequency.WEEKLY, nth=1, count=3), "unknown"),
        (Rule(Frequency.MONTHLY, nth=6, count=3), "unknown"),
        (Rule(Frequency.MONTHLY, nth=2, count=3), "not-the-first"),
    ],
)
def test_a_rule_that_means_nothing_or_never_ends_is_refused(rule: Rule, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        occurrences(rule, utc("2026-11-02T09:00"), ZoneInfo("UTC"))
    assert [each.code for each in refused.value.problems] == [code]


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, date]:
    first, frequency = draw(DAYS), draw(st.sampled_from(Frequency))
    weekdays: tuple[int, ...] = ()
    nth = 0
    if frequency is Frequency.WEEKLY and draw(st.booleans()):
        weekdays = tuple({first.isoweekday(), *draw(st.sets(st.integers(1, 7)))})
    if frequency is Frequency.MONTHLY and draw(st.booleans()):
        last = (first + timedelta(days=7)).month != first.month
        nth = -1 if last and draw(st.booleans()) else (first.day - 1) // 7 + 1
    interval = draw(st.integers(1, 4 if frequency in {Frequency.DAILY, Frequency.WEEKLY} else 2))
    return Rule(frequency, interval, weekdays, nth, draw(st.integers(2, MOST))), first


@given(rules(), st.times().map(lambda each: each.replace(second=0, microsecond=0)), st.sampled_from(ZONES))
def test_occurrences_are_those_that_another_reader_of_the_rule_finds(
    made: tuple[Rule, date], wall: time, name: str
) -> None:
    rule, first = made
    zone = ZoneInfo(name)
    start = resolved(datetime.combine(first, wall), zone).start
    local = start.astimezone(zone).replace(tzinfo=None)
    try:
        found = occurrences(rule, start, zone)
    except BadInput as refused:
        assert {each.code for each in refused.problems} <= {"never", "not-the-first"}  # noqa: PT017
        return
    read = rrulestr(rule_text(rule, local.date()), dtstart=local)
    assert [each.local for each in found] == list(islice(read, MOST + 1))
    for each in found:
        assert each.start.astimezone(zone).replace(tzinfo=None) == each.local or each.shifted
        assert each.start - found[0].start <= LONGEST + timedelta(days=2)
    assert [each.start for each in found] == sorted({each.start for each in found})


@given(rules(), st.none() | DAYS)
def test_a_rule_and_its_text_are_one(made: tuple[Rule, date], until: date | None) -> None:
    rule, first = made
    rule = Rule(
        rule.frequency,
        rule.interval,
        tuple(sorted(rule.weekdays)),
        rule.nth,
        0 if until else rule.count,
        until,
    )
    assert rule_of(rule_text(rule, first)) == rule or rule.frequency is not Frequency.MONTHLY


@pytest.mark.parametrize("text", ["", "FREQ=DAILY", "FREQ=HOURLY;INTERVAL=1", "FREQ=DAILY;INTERVAL=1;X=1"])
def test_another_text_is_no_rule(text: str) -> None:
    with pytest.raises(ValueError):
        rule_of(text)
