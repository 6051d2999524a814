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
from telehealth.services.schedule_repository import Offering
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
    """What free time is wanted: a service, perhaps one practitioner, within [start, end) UTC."""

    service_id: str
    start: datetime
    end: datetime
    practitioner_id: str = ""
    count: int = 200


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
            return await _earliest(uow, offering, tables, within(window, offering.service, now), query.count)


async def _earliest(
    uow: UnitOfWork,
    offering: Offering,
    tables: list[tuple[Practitioner, Timetable]],
    window: Interval | None,
    count: int,
) -> list[FreeSlot]:
    """Return the earliest free times of all. Most searches end with the first look at what is taken."""
    if window is None:
        return []
    service, people = offering.service, {person.id: person for person, _ in tables}
    sites = {site.id: site for _, table in tables for site in table.sites()}
    offers = merge(*(_offers(person, table, service, window) for person, table in tables))
    found: list[FreeSlot] = []
    for amount in (count * LOOK_AHEAD, None):
        looked_at = list(islice(offers, amount)) if len(found) < count else []
        if not looked_at:
            break
        taken = await _taken(uow, service, looked_at)
        found += [
            FreeSlot(people[whose], service, sites[place.location_id], place.start, place.end)
            for _, whose, place in looked_at
            if is_free(place, service, taken[whose])
        ]
    return found[:count]


def within(window: Interval, service: HealthcareService, now: datetime) -> Interval | None:
    """Return the part of `window` in which visits can be booked now; None when there is none."""
    start = max(window.start, service.soonest(now))
    end = min(window.end, service.latest(now) + service.length)
    return Interval(start, end) if start < end else None


def _offers(
    person: Practitioner, table: Timetable, service: HealthcareService, window: Interval
) -> Iterator[tuple[datetime, str, Place]]:
    for place in offered(table, service, window):
        yield place.start, person.id, place


async def _taken(
    uow: UnitOfWork, service: HealthcareService, offers: list[tuple[datetime, str, Place]]
) -> dict[str, Sweep]:
    """Return what is taken of everybody who has one of these times, from one query."""
    first, last = offers[0][2].start, max(place.end for _, _, place in offers)
    span = Interval(first - service.before, last + service.after)
    ids = sorted({whose for _, whose, _ in offers})
    busy = await uow.appointments.busy(ResourceKind.PRACTITIONER, ids, span)
    return {each: Sweep(busy[each]) for each in ids}


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
    table = tables[0][1] if tables else Timetable(())
    return Bookable(offering.practitioner, offering.service, table)
