"""One week of a specialist as it will be worked: hours, breaks, what differs, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor
from telehealth.domain.availability import Excepted, Place, Ruled, Timetable, open_time
from telehealth.domain.errors import NotFound
from telehealth.domain.holidays import holidays_of
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import A_DAY, A_WEEK, Interval, whole_day
from telehealth.services.hours_exceptions import managed
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

DAYS = 7
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day where the specialist works: what is said of it, and when visits can be booked, taken or not.

    `span` has 24 hours but where clocks change; `quarters` is what clocks show in it, four times an hour.
    `holiday` is empty on other days, `worked` says that the site works on it all the same.
    """

    date: date
    span: Interval
    quarters: list[str]
    holiday: str
    worked: bool
    rules: list[Ruled]
    exceptions: list[Excepted]
    open: list[Place]

    @property
    def hours(self) -> float:
        """How many hours the day has."""
        return (self.span.end - self.span.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on, told by the clocks of the specialist's own site."""

    person: Practitioner
    site: Location
    days: list[WeekDay]
    people: list[Practitioner]
    sites: dict[str, Location]
    services: dict[str, HealthcareService]


class Weeks:
    """Reads the weeks of specialists whose exceptions the actor may keep."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor, practitioner_id: str, day: date, language: str) -> Week:
        """Return the week of `day`; without an id one's own, or that of the first to choose from.

        Raises NotFound for anybody else's, and where there is nobody to choose from.
        """
        async with self._work.units.reading() as uow:
            people = await _people(uow, actor)
            wanted = practitioner_id or next((each.id for each in people), "")
            person = await managed(uow, actor, wanted)
            own = person.organization_id
            sites = {each.id: each for each in await uow.directory.locations() if each.organization_id == own}
            services = {each.id: each for each in await uow.directory.services()}
            first = day - timedelta(days=day.weekday())
            table = await self._table(uow, person, sites, first)
        if person.location_id not in sites:
            raise NotFound
        days = _days(table, sites, sites[person.location_id], first, language)
        return Week(person, sites[person.location_id], days, people, sites, services)

    async def _table(
        self, uow: UnitOfWork, person: Practitioner, sites: Mapping[str, Location], first: date
    ) -> Timetable:
        """Return everything that is said of the week, whatever the service."""
        around = first - A_DAY, first + A_WEEK
        whose = person.organization_id
        said = [
            *await uow.schedules.exceptions(whose, person.id, *around),
            *await uow.schedules.exceptions(whose, "", *around),
        ]
        rules = await uow.directory.hours(practitioner_id=person.id)
        closed = await uow.closures.coming(whose, self._work.clock.now())
        return Timetable(
            tuple((each, sites[each.location_id]) for each in rules if each.location_id in sites),
            tuple((each, sites[each.location_id]) for each in said if each.location_id in sites),
            tuple((each.location_id, Interval(each.start, each.end)) for each in closed),
        )


async def _people(uow: UnitOfWork, actor: Actor) -> list[Practitioner]:
    """Return whom the actor may choose from: specialists only themselves."""
    if actor.role is Role.SPECIALIST:
        return [await managed(uow, actor, actor.id)]
    own = actor.organization_id
    return await uow.directory.practitioners(role=Role.SPECIALIST, organization_id=own, working=True)


def _days(
    table: Timetable, sites: Mapping[str, Location], site: Location, first: date, language: str
) -> list[WeekDay]:
    zone = ZoneInfo(site.zone)
    days = {day: whole_day(day, zone) for day in (first + timedelta(days=number) for number in range(DAYS))}
    window = Interval(days[first].start - A_DAY, max(span.end for span in days.values()) + A_DAY)
    found = list(open_time(table, window))
    return [
        WeekDay(
            date=day,
            span=span,
            quarters=quarters(span, zone),
            holiday=holidays_of(site.region, day.year, language).get(day, ""),
            worked=table.works_on(day, site),
            rules=_of_day(table.rules, day),
            exceptions=[each for each in table.exceptions if each[0].practitioner_id and each[0].covers(day)],
            open=[each for each in found if _local(each.start, sites[each.location_id]) == day],
        )
        for day, span in days.items()
    ]


def quarters(span: Interval, zone: ZoneInfo) -> list[str]:
    """What clocks show in a day, every quarter of an hour: 92 where they are put forward by an hour."""
    count = -((span.start - span.end) // QUARTER)
    return [f"{(span.start + QUARTER * number).astimezone(zone):%H:%M}" for number in range(count)]


def _local(instant: datetime, site: Location) -> date:
    return instant.astimezone(ZoneInfo(site.zone)).date()


def _of_day(rules: Sequence[Ruled], day: date) -> list[Ruled]:
    holding = [each for each in rules if _holds(each, day)]
    return sorted(holding, key=lambda each: (each[0].start, each[0].id))


def _holds(ruled: Ruled, day: date) -> bool:
    rule, _ = ruled
    begun = rule.weekday == day.isoweekday() and rule.valid_from <= day
    return begun and (rule.until is None or day <= rule.until)
