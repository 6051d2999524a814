"""Free times of a service: hours minus what is closed and taken, over every practitioner who offers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.availability import Place, Timetable, is_free, offered, place_of, why_not
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import A_DAY, Interval, Sweep
from telehealth.domain.sentences import N_
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, require

LONGEST_SEARCH = timedelta(days=62)
LOOK_AHEAD = 4
"""How many times of all are looked at first, for each one wanted: some of them are taken."""
REASONS = {
    "closed": N_("The clinic is closed at this time."),
    "away": N_("The specialist is away at this time."),
    "holiday": N_("This day is a holiday at the clinic."),
    "not-offered": N_("The specialist has no hours at this time."),
}


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What free time is wanted: a service, perhaps one practitioner or certain sites, in [start, end) UTC."""

    service_id: str
    start: datetime
    end: datetime
    practitioner_id: str = ""
    count: int = 200
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """One free visit time with whom and where."""

    practitioner: Practitioner
    service: HealthcareService
    location: Location
    start: datetime
    end: datetime


class SlotFinder:
    """Computes free times; nothing is generated ahead and nothing is said of other people's visits."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def find(self, actor: Actor, query: SlotQuery) -> list[FreeSlot]:
        """Return free times, earliest first, at most `query.count`."""
        require(actor, Permission.SLOT_FIND)
        return await self.free(query)

    async def free(self, query: SlotQuery) -> list[FreeSlot]:
        """Return them for whoever was asked for a permission before."""
        window, now = Interval(query.start, query.end), self._work.clock.now()
        if query.end - query.start > LONGEST_SEARCH:
            raise BadInput(FieldProblem("end", "too-far", "Search at most two months at a time."))
        async with self._work.units.reading() as uow:
            offering = await uow.schedules.offering(query.service_id, window)
            if offering is None:
                raise NotFound
            tables = await uow.schedules.timetables(offering, window, query.practitioner_id)
            search = Search(uow, offering.service, tables, query.sites)
            found = await search.earliest(within(window, offering.service, now), query.count)
            people = await uow.schedules.specialists({each for each, _ in found})
        return [
            FreeSlot(
                people[each], offering.service, offering.sites[place.location_id], place.start, place.end
            )
            for each, place in found
        ]


Offer = tuple[str, Place]
"""A visit time of a practitioner, by id."""


@dataclass(frozen=True, slots=True)
class Search:
    """The earliest free times of everybody who offers a service."""

    uow: UnitOfWork
    service: HealthcareService
    tables: dict[str, Timetable]
    sites: frozenset[str] = frozenset()
    """Where; empty is anywhere."""

    async def earliest(self, window: Interval | None, count: int) -> list[Offer]:
        """Return at most `count`, the earliest first.

        Mostly it is enough to look at the first few times of all and at what is taken of those. Where it is
        not, all that is taken is asked for, and each specialist's calendar is gone through by leaps.
        """
        if window is None:
            return []
        first = list(islice(self._merged(window, {}), count * LOOK_AHEAD))
        if not first:
            return []
        ends = max(place.end for _, place in first)
        taken = {who: Sweep(spans) for who, spans in (await self._busy(first[0][1].start, ends)).items()}
        found = [each for each in first if is_free(each[1], self.service, taken[each[0]])]
        if len(found) >= count or len(first) < count * LOOK_AHEAD:
            return found[:count]
        return list(islice(self._merged(window, await self._busy(window.start, window.end)), count))

    def _merged(self, window: Interval, busy: dict[str, list[Interval]]) -> Iterator[Offer]:
        """Everybody's times in order of start, then of the practitioner's id."""

        def offers(who: str, table: Timetable) -> Iterator[tuple[datetime, str, Place]]:
            for place in offered(table, self.service, window, busy.get(who, ())):
                if not self.sites or place.location_id in self.sites:
                    yield place.start, who, place

        for _, who, place in merge(*(offers(who, table) for who, table in self.tables.items())):
            yield who, place

    async def _busy(self, start: datetime, end: datetime) -> dict[str, list[Interval]]:
        """Return what is taken of each specialist, from one query."""
        span = Interval(start - self.service.before, end + self.service.after)
        return await self.uow.appointments.busy(ResourceKind.PRACTITIONER, sorted(self.tables), span)


def within(window: Interval, service: HealthcareService, now: datetime) -> Interval | None:
    """Return the part of `window` in which visits can be booked now; None when there is none."""
    start = max(window.start, service.soonest(now))
    end = min(window.end, service.latest(now) + service.length)
    return Interval(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Bookable:
    """One specialist and one service, with all that says when the two go together."""

    practitioner: Practitioner
    service: HealthcareService
    table: Timetable

    def site_at(self, start: datetime) -> Location | None:
        """Return the site where a visit at `start` is offered, taken or not."""
        found = place_of(self.table, self.service, start)
        return next((each for each in self.table.sites() if each.id == found), None)

    def site_for(self, start: datetime, now: datetime) -> Location:
        """Return the site of a visit that is booked now for `start`; raises BadInput saying what is wrong."""
        if start < now:
            raise BadInput(FieldProblem("start", "in-the-past", "This time is already over."))
        if start < self.service.soonest(now):
            raise BadInput(FieldProblem("start", "too-soon", "This is too soon for this service."))
        if start > self.service.latest(now):
            raise BadInput(FieldProblem("start", "too-far", "This is too far ahead for this service."))
        site = self.site_at(start)
        if site is None:
            reason = why_not(self.table, self.service, start)
            raise BadInput(FieldProblem("start", reason, REASONS[reason]))
        return site


async def bookable(uow: UnitOfWork, service_id: str, practitioner_id: str, start: datetime) -> Bookable:
    """Look up in two queries what decides about a visit at `start` (UTC); raises NotFound."""
    day = Interval(start, start + A_DAY)
    offering = await uow.schedules.offering(service_id, day, practitioner_id)
    if offering is None or offering.practitioner is None:
        raise NotFound
    tables = await uow.schedules.timetables(offering, day, practitioner_id)
    table = tables.get(practitioner_id, Timetable(()))
    return Bookable(offering.practitioner, offering.service, table)
