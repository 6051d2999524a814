"""A year of everybody who offers a service: how much of each week is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import NotFound
from telehealth.domain.free_time import Ends, Weeks, free_from, open_weeks, weeks_between
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import A_WEEK, Interval, whole_day
from telehealth.services.repositories import UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, require

WEEKS = 53
HOUR = timedelta(hours=1) // timedelta(microseconds=1)
NOTHING: Ends = ((), ())


@dataclass(frozen=True, slots=True)
class YearQuery:
    """Of which service, else the own organization's first; where, in which language, and from when."""

    service_id: str = ""
    site_id: str = ""
    language: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class YearOf:
    """One specialist's weeks: hours that can be worked, and how many of those are free."""

    practitioner: Practitioner
    whole: tuple[float, ...]
    free: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """Weeks from a Monday on, by the clocks of the actor's own site; without a service nobody is told of.

    `soonest` and `latest` are the days on which the service can be booked first and last.
    """

    service: HealthcareService | None
    services: list[HealthcareService]
    sites: list[Location]
    site: Location
    mondays: list[date]
    people: list[YearOf]
    soonest: date
    latest: date


class Years:
    """Tells whoever books where there is time. It is counted when it is asked for: no booking is missing."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor, query: YearQuery) -> Year:
        """Return the year from the week of `query.day` on, else from this one; raises NotFound."""
        require(actor, Permission.SLOT_FIND)
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            at = await site_day(self._work, uow, actor, query.day)
            services = await uow.directory.services()
            sites = {each.id: each for each in await uow.directory.locations()}
            service = _chosen(services, query.service_id, actor.organization_id)
            if query.site_id and query.site_id not in sites:
                raise NotFound
            zone = ZoneInfo(at.location.zone)
            monday = at.day - timedelta(days=at.day.weekday())
            mondays = [monday + A_WEEK * number for number in range(WEEKS)]
            people = await self._people(uow, service, query, _weeks(mondays, zone)) if service else []
        bounds = [service.soonest(now), service.latest(now)] if service else [now, now]
        soonest, latest = (each.astimezone(zone).date() for each in bounds)
        places = [
            each for each in sites.values() if service and each.organization_id == service.organization_id
        ]
        return Year(service, services, places, at.location, mondays, people, soonest, latest)

    async def _people(
        self, uow: UnitOfWork, service: HealthcareService, query: YearQuery, weeks: Weeks
    ) -> list[YearOf]:
        window = Interval(weeks.spans[0].start, weeks.spans[-1].end)
        offering = await uow.schedules.offering(service.id, window)
        if offering is None:
            raise NotFound
        tables = await uow.schedules.timetables(offering, window)
        people = await uow.schedules.specialists(tables)
        if query.language:
            tables = {who: each for who, each in tables.items() if query.language in people[who].languages}
        now = self._work.clock.now()
        taken = await uow.appointments.ends(ResourceKind.PRACTITIONER, sorted(tables), window, now)
        soonest = service.soonest(now)
        found = []
        for who, table in tables.items():
            open_ = open_weeks(table, weeks, query.site_id)
            if any(open_.whole):
                free = free_from(open_, taken.get(who, NOTHING), soonest)
                found.append(YearOf(people[who], _in_hours(open_.whole), _in_hours(tuple(free))))
        return sorted(found, key=lambda each: (each.practitioner.name.family, each.practitioner.id))


def _chosen(services: Sequence[HealthcareService], service_id: str, own: str) -> HealthcareService | None:
    """Return the service that is asked for, else the own organization's first, else any; raises NotFound."""
    if service_id:
        found = next((each for each in services if each.id == service_id), None)
        if found is None:
            raise NotFound
        return found
    return min(services, key=lambda each: (each.organization_id != own, each.name, each.id), default=None)


def _weeks(mondays: Sequence[date], zone: ZoneInfo) -> Weeks:
    return weeks_between(tuple(whole_day(each, zone).start for each in (*mondays, mondays[-1] + A_WEEK)))


@lru_cache(maxsize=1024)
def _in_hours(spans: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(each / HOUR for each in spans)
