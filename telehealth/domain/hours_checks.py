"""What is wrong with hours that somebody wants to keep: each mistake has its field and its code."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.availability import Excepted, Place, Ruled, Timetable, offered, weekly
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.scheduling import A_DAY, A_WEEK, MIDNIGHT, Interval, Sweep, WeeklyHours, instants

DAYS = range(1, 8)
WHOLE_DAY = 24 * 60
LOOKED_AT = 60 * A_WEEK
"""So far ahead it is tried whether rules meet or yield: every clock change of a year lies in it."""
FARTHEST = timedelta(days=5 * 366)
LONGEST_ABSENCE = timedelta(days=366)


def check_hours(rule: WeeklyHours, site: Location, service: HealthcareService, today: date) -> None:
    """Raise BadInput unless these hours can be kept and give a visit on some day."""
    if rule.weekday not in DAYS:
        raise BadInput(FieldProblem("weekday", "unknown", "Choose a day of the week."))
    if _end(rule.end) - _minutes(rule.start) < service.minutes:
        raise BadInput(FieldProblem("end", "too-short", "Not even one visit fits between start and end."))
    if rule.until is not None and rule.until < rule.valid_from:
        raise BadInput(FieldProblem("until", "upside-down", "The last day must not come before the first."))
    if rule.until is not None and rule.until < today:
        raise BadInput(FieldProblem("until", "over", "This day is over already."))
    if rule.valid_from - today > FARTHEST:
        raise BadInput(FieldProblem("valid_from", "too-far", "At most five years ahead, please."))
    _check_breaks(rule)
    first = max(rule.valid_from, today)
    if not _yields(Timetable(((rule, site),)), service, _from(first, LOOKED_AT)):
        raise BadInput(FieldProblem("end", "never", "No visit fits into these hours on any day."))


def _check_breaks(rule: WeeklyHours) -> None:
    until = _minutes(rule.start)
    for each in sorted(rule.breaks, key=lambda each: each.start):
        if _minutes(each.start) < until:
            raise BadInput(FieldProblem("breaks", "overlap", "Breaks lie within the hours, one by one."))
        if _end(each.end) <= _minutes(each.start):
            raise BadInput(FieldProblem("breaks", "upside-down", "The end must come after the start."))
        until = _end(each.end)
    if until > _end(rule.end):
        raise BadInput(FieldProblem("breaks", "outside", "Breaks lie within the hours, one by one."))


def check_exception(exception: HoursException, site: Location, now: datetime) -> None:
    """Raise BadInput unless this is a span of time that is not over, and not too long or too far ahead."""
    zone = ZoneInfo(site.zone)
    begins, ends = ("start", exception.first, exception.start), ("end", exception.last, exception.end)
    for field, day, wall in (begins, ends):
        if wall != MIDNIGHT and not instants(day, wall, zone):
            raise BadInput(
                FieldProblem(field, "no-such-time", "This time does not exist: clocks are put forward.")
            )
    spans = exception.spans(zone)
    if exception.first > exception.last or not spans:
        raise BadInput(FieldProblem("end", "upside-down", "The end must come after the start."))
    start, end = spans[0].start, spans[-1].end
    if end <= now:
        raise BadInput(FieldProblem("last", "over", "This day is over already."))
    if start - now > FARTHEST:
        raise BadInput(FieldProblem("first", "too-far", "At most five years ahead, please."))
    if end - start > LONGEST_ABSENCE:
        raise BadInput(FieldProblem("last", "too-long", "At most one year, please."))


def check_extra(exception: HoursException, site: Location, service: HealthcareService) -> None:
    """Raise BadInput unless extra hours belong to one day and hold a visit."""
    if exception.first != exception.last:
        raise BadInput(FieldProblem("last", "too-long", "Extra hours begin and end on one day."))
    table = Timetable((), ((exception, site),))
    if not _yields(table, service, _from(exception.first - A_DAY, 3 * A_DAY)):
        raise BadInput(FieldProblem("end", "too-short", "Not even one visit fits between start and end."))


def hours_meet(rule: Ruled, others: Iterable[Ruled]) -> bool:
    """Whether hours share an instant with others of the same person, each looked at in its own zone.

    Two services at one site may share their hours; two sites, or one service twice, may not.
    """
    bare = Timetable((), keeps_holidays=False)
    for other in others:
        window = _from(max(rule[0].valid_from, other[0].valid_from), LOOKED_AT)
        if not _apart(rule[0], other[0]) and _share(weekly(bare, rule, window), weekly(bare, other, window)):
            return True
    return False


def extra_meets(exception: Excepted, table: Timetable) -> bool:
    """Whether extra hours share an instant with hours or other extra hours of the same person."""
    said, _ = exception
    own = list(replace(table, exceptions=(exception,)).spans(ExceptionKind.EXTRA))
    window = _from(said.first - A_DAY, 3 * A_DAY)
    others: list[tuple[WeeklyHours | HoursException, Iterator[Place]]] = []
    others += [(each, weekly(table, (each, place), window)) for each, place in table.rules]
    extras = [
        each for each in table.exceptions if each[0].kind is ExceptionKind.EXTRA and each[0].id != said.id
    ]
    others += [(each[0], replace(table, exceptions=(each,)).spans(ExceptionKind.EXTRA)) for each in extras]
    return any(_share(own, spans) for each, spans in others if not _apart(said, each))


def _apart(one: WeeklyHours | HoursException, other: WeeklyHours | HoursException) -> bool:
    both = {one.service_id, other.service_id}
    return one.location_id == other.location_id and len(both) > 1 and "" not in both


def _share(some: Iterable[Place], others: Iterable[Place]) -> bool:
    taken = Sweep(Interval(each.start, each.end) for each in others)
    return any(taken.meets(each.start, each.end) for each in some)


def _yields(table: Timetable, service: HealthcareService, window: Interval) -> bool:
    return next(offered(table, service, window), None) is not None


def _from(first: date, length: timedelta) -> Interval:
    start = datetime.combine(first - A_DAY, MIDNIGHT, tzinfo=UTC)
    return Interval(start, start + length)


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _end(wall: time) -> int:
    return _minutes(wall) or WHOLE_DAY
