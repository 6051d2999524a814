"""Free times of a service: weekly hours minus what is taken, over every practitioner who offers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import Interval, WeeklyHours, free_slots
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, require

LONGEST_SEARCH = timedelta(days=62)


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
        window = Interval(query.start, query.end)
        if query.end - query.start > LONGEST_SEARCH:
            raise BadInput(FieldProblem("end", "too-far", "Search at most two months at a time."))
        async with self._work.units.reading() as uow:
            service = await uow.directory.service(query.service_id)
            if service is None:
                raise NotFound
            rules = await uow.directory.hours(
                practitioner_id=query.practitioner_id, service_id=query.service_id
            )
            working = await uow.directory.practitioners(role=Role.SPECIALIST, working=True)
            people = {each.id: each for each in working}
            sites = {each.id: each for each in await uow.directory.locations()}
            ids = sorted({rule.practitioner_id for rule in rules if rule.practitioner_id in people})
            busy = await uow.appointments.busy(ResourceKind.PRACTITIONER, ids, window)
        found = [
            slot
            for person in ids
            for slot in self._slots_of(people[person], rules, sites, busy.get(person, []), service, window)
        ]
        found.sort(key=lambda slot: (slot.start, slot.practitioner.id))
        return found[: query.count]

    def _slots_of(
        self,
        person: Practitioner,
        rules: Sequence[WeeklyHours],
        sites: dict[str, Location],
        busy: list[Interval],
        service: HealthcareService,
        window: Interval,
    ) -> list[FreeSlot]:
        """Return one practitioner's free times at each of their sites."""
        found = []
        for site in {rule.location_id for rule in rules if rule.practitioner_id == person.id}:
            location = sites[site]
            own = [
                (rule, ZoneInfo(location.zone))
                for rule in rules
                if rule.practitioner_id == person.id and rule.location_id == site
            ]
            found += [
                FreeSlot(person, service, location, slot.start, slot.end)
                for slot in free_slots(
                    own,
                    busy,
                    window,
                    length=timedelta(minutes=service.minutes),
                    buffer=timedelta(minutes=service.buffer_minutes),
                    not_before=self._work.clock.now(),
                )
            ]
        return found


async def site_of_start(
    uow: UnitOfWork, practitioner: Practitioner, service: HealthcareService, start: datetime
) -> Location | None:
    """Return the site whose hours of the practitioner hold a visit at `start`, taken or not."""
    offered = await uow.directory.offered(practitioner.id, service.id)
    length = timedelta(minutes=service.minutes)
    for location in {each.id: each for _, each in offered}.values():
        own = [(rule, ZoneInfo(place.zone)) for rule, place in offered if place.id == location.id]
        slots = free_slots(
            own,
            (),
            Interval(start, start + length),
            length=length,
            buffer=timedelta(minutes=service.buffer_minutes),
            not_before=start,
        )
        if any(slot.start == start for slot in slots):
            return location
    return None
