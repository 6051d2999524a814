"""Random rules, zones and days from 2000 to 2100: no slot lies outside the rules, and none overlaps another.

What is right is asked minute by minute of the clocks at the site, which is another way than the one tested.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from telehealth.domain.availability import Place, Timetable, offered, open_time, place_of, why_not
from telehealth.domain.holidays import is_holiday
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import HealthcareService, Location, SiteKind
from telehealth.domain.scheduling import Break, Interval, WeeklyHours

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Vancouver"),
    *("Pacific/Kiritimati", "Asia/Kathmandu", "America/Nuuk", "Africa/Cairo", "America/Santiago"),
    *("Asia/Beirut", "Europe/Dublin", "Antarctica/Troll", "Pacific/Apia", "Pacific/Chatham", "Asia/Gaza"),
    *("America/Havana", "Asia/Tehran", "UTC", "America/Asuncion"),
)
CHANGES = [
    *(date(2026, 10, 25), date(2027, 3, 28), date(2027, 3, 14), date(2027, 11, 7), date(2026, 10, 4)),
    *(date(2027, 4, 4), date(2025, 2, 23), date(2026, 9, 6), date(2026, 4, 24), date(2011, 12, 30)),
    *(date(2026, 9, 27), date(2026, 10, 24), date(2027, 3, 27), date(2021, 10, 3), date(2044, 3, 27)),
]
"""Days on which clocks change in some of these zones: others are met too seldom by chance."""
days = st.one_of(st.sampled_from(CHANGES), st.dates(date(2000, 1, 3), date(2100, 12, 28)))
walls = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def spans(draw: st.DrawFn) -> tuple[time, time]:
    """Wall times of a day, the end after the start; 00:00 as an end is midnight. Often at night."""
    some = st.one_of(
        walls, st.sampled_from([time(0, 30), time(1), time(1, 30), time(2), time(2, 30), time(3)])
    )
    start, end = sorted(draw(st.tuples(some, some)))
    return start, (time(0) if start == end else end)


@st.composite
def sites(draw: st.DrawFn) -> tuple[Location, ...]:
    names = draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2))
    region = draw(st.sampled_from(["", "DE-BY", "US-NY", "ET"]))
    return tuple(
        Location(f"site-{number}", "hospital", "Ward", SiteKind.HOSPITAL, zone, region)
        for number, zone in enumerate(names)
    )


@st.composite
def timetables(draw: st.DrawFn) -> tuple[date, Timetable]:
    """A day, and what is said of the days around it."""
    day, places = draw(days), draw(sites())
    rules, exceptions = [], []
    for number in range(draw(st.integers(1, 4))):
        start, end = draw(spans())
        breaks = tuple(Break(*draw(spans())) for _ in range(draw(st.integers(0, 2))))
        facts = (f"rule-{number}", "amara", draw(st.sampled_from(places)), "service")
        weekday, first = (
            (day + draw(st.integers(-1, 2)) * DAY).isoweekday(),
            day - draw(st.integers(0, 3)) * DAY,
        )
        until = draw(st.sampled_from([None, day, day + DAY]))
        rules.append(
            (
                WeeklyHours(
                    facts[0], facts[1], facts[2].id, facts[3], weekday, start, end, first, until, breaks
                ),
                facts[2],
            )
        )
    for number in range(draw(st.integers(0, 3))):
        kind, site = draw(st.sampled_from(list(ExceptionKind))), draw(st.sampled_from(places))
        (start, end), first = draw(spans()), day + draw(st.integers(-1, 1)) * DAY
        last = first if kind is ExceptionKind.EXTRA else first + draw(st.integers(0, 1)) * DAY
        whose = "" if kind is ExceptionKind.OPEN else "amara"
        made = HoursException(
            f"exception-{number}", "hospital", whose, site.id, "", kind, first, start, last, end
        )
        exceptions.append((made, site))
    noon = datetime.combine(day, draw(walls), tzinfo=UTC)
    closed = draw(
        st.sampled_from(
            [
                (),
                (("", Interval(noon, noon + 3 * timedelta(hours=1))),),
                ((places[0].id, Interval(noon, noon + DAY)),),
            ]
        )
    )
    return day, Timetable(tuple(rules), tuple(exceptions), closed)


def within(wall: time, start: time, end: time) -> bool:
    return start <= wall and (end == time(0) or wall < end)


def may_be_seen(table: Timetable, instant: datetime, where: str) -> bool:
    """Whether the clocks on the wall say that somebody is seen there at this instant."""
    site = next(each for each in table.sites() if each.id == where)
    local = instant.astimezone(ZoneInfo(site.zone))
    day, wall = local.date(), local.time()
    kept = is_holiday(site.region, day) and not any(
        each.kind is ExceptionKind.OPEN and place.id == where and each.first <= day <= each.last
        for each, place in table.exceptions
    )
    regular = any(
        place.id == where
        and rule.weekday == day.isoweekday()
        and rule.valid_from <= day <= (rule.until or date.max)
        and within(wall, rule.start, rule.end)
        and not any(within(wall, pause.start, pause.end) for pause in rule.breaks)
        for rule, place in table.rules
    )
    extra = any(
        each.kind is ExceptionKind.EXTRA
        and place.id == where
        and each.first == day
        and within(wall, each.start, each.end)
        for each, place in table.exceptions
    )
    shut = any(span.start <= instant < span.end for at, span in table.closed if at in {"", where})
    return (extra or (regular and not kept)) and not shut and not away(table, instant)


def away(table: Timetable, instant: datetime) -> bool:
    for each, site in table.exceptions:
        local = instant.astimezone(ZoneInfo(site.zone)).replace(tzinfo=None)
        last = each.last + DAY if each.end == time(0) else each.last
        first = datetime.combine(each.first, each.start)
        if each.kind is ExceptionKind.AWAY and first <= local < datetime.combine(last, each.end):
            return True
    return False


def minutes(slot: Place) -> list[datetime]:
    count = int((slot.end - slot.start) / MINUTE)
    return [slot.start + number * MINUTE for number in range(count)]


services = st.builds(
    lambda length, after, before: HealthcareService(
        "service", "hospital", "Heart", "", length, after, before
    ),
    st.integers(5, 90),
    st.integers(0, 15),
    st.integers(0, 15),
)


@settings(deadline=None)
@given(said=timetables(), service=services)
def test_slots_lie_within_the_rules_and_never_overlap(
    said: tuple[date, Timetable], service: HealthcareService
) -> None:
    day, table = said
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    window = Interval(noon - 2 * DAY, noon + 3 * DAY)
    found = list(offered(table, service, window))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(window.start <= slot.start and slot.end <= window.end for slot in found)
    for slot in found:
        assert slot.end - slot.start == service.length
        assert all(may_be_seen(table, minute, slot.location_id) for minute in minutes(slot)), slot


@settings(deadline=None)
@given(said=timetables(), service=services, number=st.integers(0, 500))
def test_what_is_offered_can_be_booked_and_what_is_not_says_why(
    said: tuple[date, Timetable], service: HealthcareService, number: int
) -> None:
    day, table = said
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    found = list(offered(table, service, Interval(noon - 2 * DAY, noon + 3 * DAY)))
    if found:
        slot = found[number % len(found)]
        assert place_of(table, service, slot.start) == slot.location_id
    start = noon + (number - 250) * 5 * MINUTE
    if all(slot.start != start for slot in found):
        assert place_of(table, service, start) == ""
        assert why_not(table, service, start) in {"closed", "away", "holiday", "not-offered"}


@settings(deadline=None)
@given(said=timetables(), service=services)
def test_open_time_holds_every_slot_and_nothing_else_than_the_rules_say(
    said: tuple[date, Timetable], service: HealthcareService
) -> None:
    day, table = said
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    window = Interval(noon - 2 * DAY, noon + 3 * DAY)
    spans = list(open_time(table, window))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(may_be_seen(table, each.start, each.location_id) for each in spans)
    assert all(may_be_seen(table, each.end - MINUTE, each.location_id) for each in spans)
    for slot in offered(table, service, window):
        assert any(
            each.location_id == slot.location_id and each.start <= slot.start and slot.end <= each.end
            for each in spans
        )
