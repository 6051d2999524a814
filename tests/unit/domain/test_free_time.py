"""Free time by weeks is what is left of open time when visits are cut out, whatever zones and rules say."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from telehealth.domain.availability import Timetable, open_time
from telehealth.domain.free_time import Weeks, free_from, microseconds, open_weeks, weeks_between
from telehealth.domain.organizations import Location, SiteKind
from telehealth.domain.scheduling import A_DAY, A_WEEK, Interval, WeeklyHours, merged, what_is_left, whole_day
from tests.unit.domain.test_availability import timetables

HOUR = 3_600_000_000
WARD = Location("loc-ward", "hospital", "Ward", SiteKind.HOSPITAL, "Europe/Berlin")
VILLAGE = Location("loc-village", "hospital", "Village", SiteKind.CLINIC, "Africa/Casablanca")
MONDAY = date(2026, 10, 19)


def hours(weekday: int, start: int, end: int, site: Location = WARD) -> tuple[WeeklyHours, Location]:
    rule = WeeklyHours(f"h{weekday}", "amara", site.id, "", weekday, time(start), time(end), date(2026, 1, 1))
    return rule, site


def weeks_from(monday: date, count: int, zone: str = "Europe/Berlin") -> Weeks:
    days = (monday + A_WEEK * number for number in range(count + 1))
    return weeks_between(tuple(whole_day(each, ZoneInfo(zone)).start for each in days))


def ends(*spans: tuple[datetime, datetime]) -> tuple[list[int], list[int]]:
    return [microseconds(start) for start, _ in spans], [microseconds(end) for _, end in spans]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def test_the_night_on_which_clocks_are_put_back_has_an_hour_more() -> None:
    table = Timetable((hours(7, 0, 12),))
    found = open_weeks(table, weeks_from(MONDAY, 2))
    assert found.whole == (13 * HOUR, 12 * HOUR)


def test_what_is_taken_out_of_hours_takes_nothing_and_what_reaches_into_them_its_part() -> None:
    table = Timetable((hours(1, 8, 12), hours(1, 13, 17), hours(2, 8, 12)))
    found = open_weeks(table, weeks_from(MONDAY, 1))
    assert found.free(ends()) == [12 * HOUR]
    lunch_and_more = at(19, 9, 30), at(19, 11, 30)  # 11:30 to 13:30 in Berlin
    night, late = (at(18, 23), at(19, 1)), (at(20, 15), at(20, 16))
    assert found.free(ends(night, lunch_and_more, late)) == [11 * HOUR]


def test_one_site_is_counted_by_itself() -> None:
    table = Timetable((hours(1, 8, 12), hours(3, 8, 10, VILLAGE)))
    weeks = weeks_from(MONDAY, 1)
    assert [open_weeks(table, weeks, each).whole for each in ("", WARD.id, VILLAGE.id, "elsewhere")] == [
        *((6 * HOUR,), (4 * HOUR,), (2 * HOUR,), (0,))
    ]


def test_hours_over_midnight_of_sunday_belong_to_two_weeks() -> None:
    kiritimati = Location("loc-far", "hospital", "Far", SiteKind.CLINIC, "Pacific/Kiritimati")
    table = Timetable((hours(1, 8, 20, kiritimati),))
    found = open_weeks(table, weeks_from(MONDAY, 2))  # 18:00 of Sunday to 06:00 of Monday in UTC
    assert found.whole == ((8 + 5) * HOUR, (7 + 5) * HOUR)
    assert found.weeks == (0, 0, 1, 1)


def test_time_that_is_over_is_not_free() -> None:
    taken = ends((at(19, 8), at(19, 9)), (at(19, 11), at(19, 12)))
    found = open_weeks(Timetable((hours(1, 8, 16),)), weeks_from(MONDAY, 1))
    left = {each: free_from(found, taken, each)[0] / HOUR for each in (at(19, 5), at(19, 8, 30), at(19, 10))}
    assert left == {at(19, 5): 6, at(19, 8, 30): 4, at(19, 10): 3}
    assert free_from(found, ends(), at(20, 10)) == [0]


@settings(max_examples=60, deadline=None)
@given(
    timetables(),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(5, 600)), max_size=30),
    st.integers(0, 21_000),
)
def test_free_time_is_open_time_without_what_is_taken_and_what_is_over(
    said: tuple[date, Timetable], visits: list[tuple[int, int]], minutes: int
) -> None:
    day, table = said
    first = datetime.combine(day, time(0), tzinfo=UTC) - A_DAY
    weeks = weeks_between(tuple(first + A_WEEK * number for number in range(3)))
    spans = [
        Interval(first + timedelta(minutes=start), first + timedelta(minutes=start + length))
        for start, length in visits
    ]
    taken = merged(spans)
    now, whole = first + timedelta(minutes=minutes), ends(*((each.start, each.end) for each in taken))
    free = free_from(open_weeks(table, weeks), whole, now)
    window = Interval(weeks.spans[0].start, weeks.spans[-1].end)
    for week, found in zip(weeks.spans, free, strict=True):
        opened = [Interval(each.start, each.end) for each in open_time(table, window)]
        outside = [Interval(first - A_WEEK * 9, week.start), Interval(week.end, week.end + A_WEEK * 9)]
        left = what_is_left(opened, [*taken, *outside, Interval(first - A_WEEK * 9, now)])
        assert found == sum(microseconds(each.end) - microseconds(each.start) for each in left)
