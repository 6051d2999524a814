"""Free times of a service: hours minus what is closed and taken, over every practitioner who offers it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.availability import Timetable, place_of
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, SlotTaken
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.resources import NOTHING, Needs, Party
from telehealth.domain.scheduling import A_DAY, Interval
from telehealth.domain.ways import check_place, way_among
from telehealth.services.bookable import NOBODY, in_time, within
from telehealth.services.parties import blocked_by
from telehealth.services.repositories import UnitOfWork
from telehealth.services.schedule_repository import Offering
from telehealth.services.slot_search import Offer, Search
from telehealth.services.trail import Work, enter, require

LONGEST_SEARCH = timedelta(days=62)
AT_ONCE = timedelta(days=31)
"""So many days are looked through where somebody goes on from time to time."""


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What free time is wanted: a service, perhaps one practitioner or certain sites, in [start, end) UTC.

    With `patient_id`, none at which that patient is in another visit. With `each_once`, each time once: with
    whoever has least booked of those who are free. With `same_as_last`, only those of whom that patient saw
    last for a service of this specialty. With `language`, only those of who speaks it.
    With `needs`, only those at which such resources of the organization `whose` are free; what a visit that
    is to be moved `had` counts although it is retired. Only code that has just looked that visit up, for an
    actor who may move it, says `whose` and `had`: never what was sent from outside.
    With `modality`, only where the service is offered in this way, and assisted only with a room.
    """

    service_id: str
    start: datetime
    end: datetime
    practitioner_id: str = ""
    count: int = 200
    sites: frozenset[str] = frozenset()
    patient_id: str = ""
    each_once: bool = False
    same_as_last: bool = False
    language: str = ""
    needs: Needs = NOTHING
    whose: str = ""
    had: Sequence[Party] = ()
    modality: Modality | None = None


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """One free visit time with whom and where; `left` is how many can still book it."""

    practitioner: Practitioner
    service: HealthcareService
    location: Location
    start: datetime
    end: datetime
    left: int = 1


class SlotFinder:
    """Computes free times; nothing is generated ahead and nothing is said of other people's visits."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def find(self, actor: Actor, query: SlotQuery) -> list[FreeSlot]:
        """Return free times, earliest first, at most `query.count`; raises NotFound, BadInput."""
        require(actor, Permission.SLOT_FIND)
        if query.patient_id:
            await self.ask_for(actor, query.patient_id)
        return await self.free(replace(query, whose=query.whose or actor.organization_id))

    async def ask_for(self, actor: Actor, patient_id: str) -> None:
        """Pass when the actor books for this patient; raises NotFound.

        It is entered, for what is not free tells when the patient is busy.
        """
        async with self._work.units.writing() as uow:
            patient = await uow.patients.get(patient_id)
            if patient is None:
                raise NotFound
            require(actor, Permission.APPOINTMENT_BOOK, Subject(organizations=(patient.organization_id,)))
            await enter(self._work, uow, actor, AuditAction.APPOINTMENT_READ, patient_ids=(patient_id,))

    async def last(self, actor: Actor, patient_id: str, service_id: str) -> Practitioner | None:
        """Return whom the patient saw last for such a service, if they still offer it; raises NotFound."""
        require(actor, Permission.SLOT_FIND)
        await self.ask_for(actor, patient_id)
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            search = await _everybody(uow, service_id, Interval(now, now + LONGEST_SEARCH))
            last = await _last(uow, search.offering.service, patient_id)
            return (await uow.schedules.specialists({last} & set(search.tables))).get(last)

    async def free(self, query: SlotQuery) -> list[FreeSlot]:
        """Return them for whoever was asked for a permission before."""
        window, now = Interval(query.start, query.end), self._work.clock.now()
        if query.end - query.start > LONGEST_SEARCH:
            raise BadInput(FieldProblem("end", "too-far", "Search at most two months at a time."))
        async with self._work.units.reading() as uow:
            offering = await uow.schedules.offering(query.service_id, window)
            if offering is None:
                raise NotFound
            found = await self._found(uow, offering, query, now)
            return await _with_people(uow, offering, found, now)

    async def onward(self, query: SlotQuery) -> tuple[list[FreeSlot], datetime | None]:
        """Return as `free` does the first that is wanted, and where to look on; None where that is all."""
        end = min(query.start + AT_ONCE, query.end)
        if query.start >= end:
            return [], None
        found = await self.free(replace(query, end=end, count=query.count + 1))
        if len(found) > query.count:
            return found[: query.count], found[query.count].start
        return found, end if end < query.end else None

    async def free_at(self, service_id: str, starts: Sequence[datetime]) -> dict[datetime, list[FreeSlot]]:
        """Return who is free at each of these starts, whoever has least booked first; raises NotFound."""
        if not starts:
            return {}
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            search = await _everybody(uow, service_id, Interval(min(starts), max(starts) + A_DAY))
            service = search.offering.service
            found = await replace(search, now=now).at(
                [at for at in starts if service.soonest(now) <= at <= service.latest(now)]
            )
            offers = [each for at in found.values() for each in at]
            slots = await _with_people(uow, search.offering, offers, now)
        return {at: [each for each in slots if each.start == at] for at in starts}

    async def _found(
        self, uow: UnitOfWork, offering: Offering, query: SlotQuery, now: datetime
    ) -> list[Offer]:
        if query.modality is not None:
            check_place(way_among(offering.service.modalities, query.modality), query.needs.room)
        window = within(Interval(query.start, query.end), offering.service, now)
        if window is None:
            return []
        tables = await uow.schedules.timetables(offering, window, query.practitioner_id)
        if query.same_as_last:
            last = await _last(uow, offering.service, query.patient_id)
            tables = {who: table for who, table in tables.items() if who == last}
        if query.language:
            tables = await _speaking(uow, query.language, tables)
        if query.patient_id:
            tables = await _without(uow, query.patient_id, window, tables, now)
        length = offering.service.length
        sought = query.needs.wants().items()
        found = await blocked_by(uow, query.whose, sought, window, length, now, had=query.had)
        search = Search(uow, offering, tables, query.sites, now, list(found.values()))
        return await (search.each_once if query.each_once else search.earliest)(window, query.count)


async def _everybody(uow: UnitOfWork, service_id: str, window: Interval) -> Search:
    """Return the search among all who offer a service; raises NotFound."""
    offering = await uow.schedules.offering(service_id, window)
    if offering is None:
        raise NotFound
    return Search(uow, offering, await uow.schedules.timetables(offering, window))


async def _with_people(
    uow: UnitOfWork, offering: Offering, found: Sequence[Offer], now: datetime
) -> list[FreeSlot]:
    people = await uow.schedules.specialists({each for each, _ in found})
    service, sites = offering.service, offering.sites
    left: dict[tuple[str, datetime], int] = {}
    if found and service.capacity > 1:
        window = Interval(min(place.start for _, place in found), max(place.end for _, place in found))
        sessions = await uow.appointments.sessions(service.id, sorted(people), window, now)
        left = {(each.practitioner_id, each.start): each.left(service) for each in sessions}
    return [
        FreeSlot(
            people[who],
            service,
            sites[place.location_id],
            place.start,
            place.end,
            left.get((who, place.start), service.capacity),
        )
        for who, place in found
    ]


async def _last(uow: UnitOfWork, service: HealthcareService, patient_id: str) -> str:
    """Return whom the patient saw last for a service of this specialty; empty for nobody."""
    alike = {each.id for each in await uow.directory.services() if each.specialty == service.specialty}
    visits = await uow.appointments.fulfilled(patient_id)
    return next((each.practitioner_id for each in visits if each.service_id in alike), "")


async def _speaking(uow: UnitOfWork, language: str, tables: dict[str, Timetable]) -> dict[str, Timetable]:
    people = await uow.schedules.specialists(tables)
    return {who: table for who, table in tables.items() if language in people[who].languages}


async def _without(
    uow: UnitOfWork, patient_id: str, window: Interval, tables: dict[str, Timetable], now: datetime
) -> dict[str, Timetable]:
    """Return the timetables without the times at which the patient is in a visit; pauses are not theirs."""
    busy = (await uow.appointments.busy(ResourceKind.PATIENT, [patient_id], window, now))[patient_id]
    taken = tuple(("", each) for each in busy)
    return {who: replace(table, closed=(*table.closed, *taken)) for who, table in tables.items()}


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit of a patient at an instant, with anybody; with `language`, anybody who speaks it."""

    service_id: str
    patient_id: str
    start: datetime
    language: str = ""


async def anybody(uow: UnitOfWork, wish: Wish, now: datetime, lost: Collection[str]) -> str:
    """Return whoever is free then and has least booked, but none of `lost`.

    Raises SlotTaken when the patient or all specialists are busy, BadInput when nobody offers this time.
    """
    start = wish.start
    search = await _everybody(uow, wish.service_id, Interval(start, start + A_DAY))
    service = search.offering.service
    in_time(service, start, now)
    if wish.language:
        search = replace(search, tables=await _speaking(uow, wish.language, search.tables))
    if not any(place_of(table, service, start) for table in search.tables.values()):
        raise BadInput(FieldProblem("start", "not-offered", NOBODY))
    theirs = Interval(start, start + service.length)
    busy = await uow.appointments.busy(ResourceKind.PATIENT, [wish.patient_id], theirs)
    free = [who for who, _ in (await search.at([start]))[start] if who not in lost]
    if busy[wish.patient_id]:
        raise SlotTaken(missing=frozenset({ResourceKind.PATIENT}))
    if not free:
        raise SlotTaken(missing=frozenset({ResourceKind.PRACTITIONER}))
    return free[0]
