"""Any series in any zone: what its file says to another parser is when its visits are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import vobject
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from telehealth.calendars import calendar_file
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.series import Frequency, Rule, Series, local_id, occurrences, resolved, rule_text
from telehealth.services.calendar_entries import series_entry
from telehealth.timezones import use_packaged_zones

use_packaged_zones()
ZONES = sorted(each for each in available_timezones() if "/" in each)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NUMBERS = count()
RULES = (
    Rule(Frequency.DAILY, count=9),
    Rule(Frequency.DAILY, 30, count=9),
    Rule(Frequency.WEEKLY, 5, count=9),
    Rule(Frequency.MONTHLY, count=5),
    Rule(Frequency.MONTHLY, 2, until=date(2101, 1, 1)),
)


def series_of(rule: Rule, first: datetime, zone: str) -> tuple[Series, list[Appointment]]:
    found = occurrences(rule, resolved(first, ZoneInfo(zone)).start, ZoneInfo(zone))
    wall = found[0].local
    ids = ("hospital", "hospital", "bo", "amara", "cardiology")
    series = Series("series", *ids, zone, local_id(wall), rule_text(rule, wall.date()))
    visits = [
        Appointment(
            each.id,
            f"{each.id}@telehealth",
            *ids,
            "site",
            AppointmentStatus.BOOKED,
            each.start,
            each.start + timedelta(minutes=20),
            zone,
            each.id,
            "2026.3",
            series_id="series",
            recurrence=each.id,
        )
        for each in found
    ]
    return series, visits


def read(file: bytes, zone: str) -> list[datetime]:
    # vobject would take the zone of a file that it read before, of other years: each gets a name of its own.
    text = file.decode().replace(zone, f"Zone/{next(NUMBERS)}")
    events: list[Any] = vobject.readOne(text).contents["vevent"]
    whole, apart = events[0], events[1:]
    there = {each.recurrence_id.value.replace(tzinfo=None): each.dtstart.value for each in apart}
    walls = [each.replace(tzinfo=None) for each in whole.getrruleset(addRDate=True)]
    rules = tzical(StringIO(text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")])).get()
    return sorted(there.get(wall, wall.replace(tzinfo=rules)).astimezone(UTC) for wall in walls)


@settings(max_examples=60)
@given(
    st.sampled_from(RULES),
    st.dates(date(2000, 1, 1), date(2098, 12, 31)),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
    st.data(),
)
def test_another_parser_finds_every_visit_at_its_time(
    rule: Rule, day: date, wall: time, zone: str, data: st.DataObject
) -> None:
    if rule.until:
        rule = replace(rule, until=day + timedelta(days=400))
    first = datetime.combine(day.replace(day=min(day.day, 28)), wall)
    series, visits = series_of(rule, first, zone)
    off = data.draw(st.sets(st.sampled_from(range(1, len(visits))), max_size=len(visits) - 2))
    cancelled = AppointmentStatus.CANCELLED
    visits = [replace(each, status=cancelled) if at in off else each for at, each in enumerate(visits)]
    moved = data.draw(st.sampled_from([at for at in range(len(visits)) if at not in off]))
    later = visits[moved].start + timedelta(hours=3)
    visits[moved] = replace(visits[moved], start=later, end=later + timedelta(minutes=20), sequence=1)
    file = calendar_file(series_entry(series, visits), title="Video visit", advice="", now=NOW)
    assert read(file, zone) == sorted(each.start for each in visits if each.status is not cancelled)


def test_a_series_of_which_nothing_is_left_is_cancelled_as_a_whole() -> None:
    series, visits = series_of(RULES[0], datetime.fromisoformat("2027-03-12T02:30"), "America/New_York")
    visits = [replace(each, status=AppointmentStatus.CANCELLED, sequence=1) for each in visits]
    entry = series_entry(series, visits)
    assert (entry.cancelled, entry.sequence, entry.uid) == (True, 9, "series@telehealth")
    assert b"METHOD:CANCEL" in calendar_file(entry, title="Video visit", advice="", now=NOW)
