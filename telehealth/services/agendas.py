"""The bookable time of each specialist for each service, for other systems: what of it is free, what is busy.

Nothing is said of whoever takes a busy time, nor why it is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from telehealth.domain.access import Actor, Permission
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.proposal import NO_MARKS, Proposal, mark, read_proposal
from telehealth.domain.scheduling import Interval
from telehealth.services.bookable import within
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slot_search import Search
from telehealth.services.slots import LONGEST_SEARCH
from telehealth.services.trail import Work, require


@dataclass(frozen=True, slots=True)
class Agenda:
    """One specialist's time for one service: the sites of their hours, and until when it can be booked."""

    practitioner: Practitioner
    service: HealthcareService
    sites: tuple[str, ...]
    horizon: Interval

    @property
    def id(self) -> str:
        """The id: marks of service and specialist."""
        return f"{mark(self.service.id)}.{mark(self.practitioner.id)}"


@dataclass(frozen=True, slots=True)
class AgendaSlot:
    """A time at which a visit of this agenda can begin, unless it is busy."""

    agenda: Agenda
    start: datetime
    end: datetime
    free: bool

    @property
    def id(self) -> str:
        """The id: that of a proposal for nobody yet, see `Proposals`."""
        service, practitioner = self.agenda.service, self.agenda.practitioner
        return Proposal(self.start, mark(service.id), mark(practitioner.id), "").id


class Agendas:
    """Computed, never stored; who may look for times may look at them."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> list[Agenda]:
        """Return all agendas of the cluster, by id."""
        require(actor, Permission.SLOT_FIND)
        async with self._work.units.reading() as uow:
            return await self._all(uow)

    async def one(self, actor: Actor, agenda_id: str) -> Agenda:
        """Return one; raises NotFound."""
        require(actor, Permission.SLOT_FIND)
        async with self._work.units.reading() as uow:
            return await self._one(uow, agenda_id)

    async def slots(
        self, actor: Actor, agenda_id: str, start: datetime | None, end: datetime | None
    ) -> list[AgendaSlot]:
        """Return what begins in [start, end) and can be booked by now, earliest first; raises NotFound.

        Without ends it is what comes next, two months of it at most.
        """
        require(actor, Permission.SLOT_FIND)
        async with self._work.units.reading() as uow:
            agenda = await self._one(uow, agenda_id)
            first = max(start or agenda.horizon.start, agenda.horizon.start)
            last = min(end or agenda.horizon.end, first + LONGEST_SEARCH)
            if first >= last:
                return []
            found = await self._slots(uow, agenda, Interval(first, last + agenda.service.length))
        return [each for each in found if each.start < last]

    async def slot(self, actor: Actor, slot_id: str) -> AgendaSlot:
        """Return one; raises NotFound also for a time that is not offered."""
        require(actor, Permission.SLOT_FIND)
        proposal = read_proposal(slot_id)
        if proposal is None or proposal.patient_id or proposal.need_marks != NO_MARKS:
            raise NotFound
        async with self._work.units.reading() as uow:
            agenda = await self._one(uow, f"{proposal.service_mark}.{proposal.practitioner_mark}")
            start = proposal.start
            found = await self._slots(uow, agenda, Interval(start, start + agenda.service.length))
        if not found:
            raise NotFound
        return found[0]

    async def _all(self, uow: UnitOfWork) -> list[Agenda]:
        now = self._work.clock.now()
        people = {e.id: e for e in await uow.directory.practitioners(role=Role.SPECIALIST, working=True)}
        services = {each.id: each for each in await uow.directory.services()}
        offers = sorted(
            (rule.practitioner_id, rule.service_id, rule.location_id)
            for rule in await uow.directory.hours()
            if rule.practitioner_id in people
        )
        found = [
            Agenda(people[who], service, _sites(rules), Interval(now, service.latest(now) + service.length))
            for (who, what), rules in groupby(offers, key=lambda each: each[:2])
            if (service := services.get(what)) is not None
        ]
        return sorted(found, key=lambda each: each.id)

    async def _one(self, uow: UnitOfWork, agenda_id: str) -> Agenda:
        found = next((each for each in await self._all(uow) if each.id == agenda_id), None)
        if found is None:
            raise NotFound
        return found

    async def _slots(self, uow: UnitOfWork, agenda: Agenda, window: Interval) -> list[AgendaSlot]:
        now = self._work.clock.now()
        bookable = within(window, agenda.service, now)
        offering = await uow.schedules.offering(agenda.service.id, window)
        if bookable is None or offering is None:
            return []
        tables = await uow.schedules.timetables(offering, bookable, agenda.practitioner.id)
        found = await Search(uow, offering, tables, now=now).grid(bookable)
        return [AgendaSlot(agenda, place.start, place.end, free) for place, free in found]


def _sites(rules: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(site for _, _, site in rules))
