"""When a specialist can be booked for a service: hours, extra hours, absences, holidays and closed clinics.

Slots are computed, never stored. All rules are wall times that become UTC first and are put together there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from telehealth.domain.holidays import is_holiday
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.scheduling import Interval, Sweep, WeeklyHours, open_spans, what_is_left


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span of time at a site."""

    start: datetime
    end: datetime
    location_id: str


Ruled = tuple[WeeklyHours, Location]
Excepted = tuple[HoursException, Location]


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that says when one specialist can be booked for one service; what is booked is not in it.

    `exceptions` are the specialist's and those of the sites; `closed` are the organization's closed times
    with the site meant, empty for all sites.
    """

    rules: tuple[Ruled, ...]
    exceptions: tuple[Excepted, ...] = ()
    closed: tuple[tuple[str, Interval], ...] = ()
    keeps_holidays: bool = True

    def works_on(self, day: date, site: Location) -> bool:
        """Whether weekly hours hold at the site on that day: a holiday ends them unless the site is open."""
        if not (self.keeps_holidays and is_holiday(site.region, day)):
            return True
        return any(
            each.kind is ExceptionKind.OPEN and place.id == site.id and each.covers(day)
            for each, place in self.exceptions
        )

    def sites(self) -> list[Location]:
        """Every site that anything is said of."""
        return [site for _, site in (*self.rules, *self.exceptions)]

    def spans(self, kind: ExceptionKind) -> Iterator[Place]:
        """Exceptions of a kind in UTC, each with its site."""
        for each, site in self.exceptions:
            if each.kind is kind:
                for span in each.spans(ZoneInfo(site.zone)):
                    yield Place(span.start, span.end, site.id)


def worked(table: Timetable, window: Interval) -> Iterator[Place]:
    """Spans around `window` in which visits fit by hours alone, in order; nobody is at two places at once.

    Of two that overlap, the later to start is cut: it begins when the earlier one ends.
    """
    until = None
    extra = sorted(table.spans(ExceptionKind.EXTRA))
    for place in merge(*(weekly(table, each, window) for each in table.rules), extra):
        start = place.start if until is None else max(place.start, until)
        if start < place.end:
            yield Place(start, place.end, place.location_id)
            until = place.end


def weekly(table: Timetable, rule: Ruled, window: Interval) -> Iterator[Place]:
    """Spans of weekly hours around `window`, in order, without the holidays of their site."""
    hours, site = rule
    for day, span in open_spans(hours, ZoneInfo(site.zone), window):
        if table.works_on(day, site):
            yield Place(span.start, span.end, site.id)


def offered(
    table: Timetable, service: HealthcareService, window: Interval, busy: Iterable[Interval] = ()
) -> Iterator[Place]:
    """Visit times within `window`, earliest first and never overlapping; all of them unless `busy` is given.

    Each span is cut into steps from its start on. What meets an absence, a closed time or, with its pauses,
    something in `busy` is left out: the next that is looked at lies behind that.
    """
    shut: dict[str, Sweep] = {}
    length, step, before, after = service.length, service.step, service.before, service.after
    taken = Sweep(busy)
    for span in worked(table, window):
        if span.location_id not in shut:
            shut[span.location_id] = Sweep(_shut(table, span.location_id))
        closed = shut[span.location_id]
        start = span.start + step * max(0, -((span.start - window.start) // step))
        while start + length <= min(span.end, window.end):
            until = closed.until(start, start + length)
            if until is None:
                met = taken.until(start - before, start + length + after)
                until = met and met + before
            if until is None:
                yield Place(start, start + length, span.location_id)
            start += step * (max(1, -((start - until) // step)) if until else 1)


def open_time(table: Timetable, window: Interval) -> Iterator[Place]:
    """Spans around `window` in which anything can be booked, whether it is taken or not, in order."""
    for place in worked(table, window):
        span = (Interval(place.start, place.end),)
        for left in what_is_left(span, _shut(table, place.location_id)):
            yield Place(left.start, left.end, place.location_id)


def _shut(table: Timetable, location_id: str) -> list[Interval]:
    """When nobody is seen at a site: it is closed, or the specialist is away, wherever that was said."""
    away = (Interval(each.start, each.end) for each in table.spans(ExceptionKind.AWAY))
    return [*away, *(span for where, span in table.closed if where in {"", location_id})]


def is_free(place: Place, service: HealthcareService, taken: Sweep) -> bool:
    """Whether a visit then, with its pauses, meets nothing that is taken; asked in order of start."""
    return not taken.meets(place.start - service.before, place.end + service.after)


def place_of(table: Timetable, service: HealthcareService, start: datetime) -> str:
    """Return the site at which a visit at `start` is offered, taken or not; empty when it is not."""
    window = Interval(start, start + service.length)
    return next((each.location_id for each in offered(table, service, window) if each.start == start), "")


def why_not(table: Timetable, service: HealthcareService, start: datetime) -> str:
    """Return what keeps a visit at `start` from being offered: closed, away, holiday, or no hours at all."""
    return _missing(table, lambda without: bool(place_of(without, service, start)))


def at_work(table: Timetable, day: Interval, at: datetime) -> Place | None:
    """Return where somebody works at an instant of a day: by the hours then, or by the nearest of that day.

    Whoever has hours on a day says themselves when they begin, rest and go; None where the site is closed
    or they are away at the instant, and on a day without hours.
    """

    def away(place: Place) -> timedelta:
        return max(place.start - at, at - place.end, timedelta(0))

    hours = [each for each in worked(table, day) if each.start < day.end and day.start < each.end]
    nearest = min(hours, key=away, default=None)
    if nearest is None or any(each.start <= at < each.end for each in _shut(table, nearest.location_id)):
        return None
    return nearest


def why_not_at_work(table: Timetable, day: Interval, at: datetime) -> str:
    """Return what keeps somebody from working at an instant of a day, in the words of `why_not`."""
    return _missing(table, lambda without: at_work(without, day, at) is not None)


def _missing(table: Timetable, possible: Callable[[Timetable], bool]) -> str:
    """Return the first rule without which, and without those before it, something would be possible."""
    present = tuple(each for each in table.exceptions if each[0].kind is not ExceptionKind.AWAY)
    for reason, without in (
        ("closed", replace(table, closed=())),
        ("away", replace(table, closed=(), exceptions=present)),
        ("holiday", replace(table, closed=(), exceptions=present, keeps_holidays=False)),
    ):
        if possible(without):
            return reason
    return "not-offered"
