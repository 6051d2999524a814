"""What patients see before they change their visit by its link; AppointmentDesk does the changing."""

from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.calendars import CalendarEntry
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.changing import FARTHEST, LEAST_NOTICE, Barrier, barrier
from telehealth.domain.errors import NotFound
from telehealth.domain.outbox import Channel
from telehealth.domain.resources import needs_of
from telehealth.domain.waitlist import Earlier, Waiting, can_be_earlier
from telehealth.services.calendar_entries import entry_of
from telehealth.services.joining import hosts
from telehealth.services.repositories import DayRow
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Work, require
from telehealth.services.visit_making import Invitations
from telehealth.services.wishes import nothing_more


@dataclass(frozen=True, slots=True)
class Changeable:
    """The patient's visit as it stands, what keeps them from changing it, how they are told of a change."""

    row: DayRow
    practitioner: str
    organization: str
    phone: str
    entry: CalendarEntry
    barrier: Barrier
    ways: tuple[Channel, ...]
    earlier: Earlier


class Changing:
    """Looks for patients: what stands, and free times of the same specialist for the same service."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations
        self._finder = SlotFinder(work=work)

    async def look(self, actor: Actor) -> Changeable:
        """Return the patient's own visit."""
        require(actor, Permission.APPOINTMENT_MOVE, Subject(visit_id=actor.visit_id))
        async with self._work.units.reading() as uow:
            row = await uow.visits.row(actor.visit_id)
            if row is None:
                raise NotFound
            organization, practitioner = await hosts(uow, row.visit)
            entry = await entry_of(uow, row)
            wish = await uow.waitlist.standing(row.patient.id, row.service.id)
            no_more = wish is not None and await nothing_more(uow, wish)
        now, ways = self._work.clock.now(), self._invitations.ways(row.patient)
        return Changeable(
            row=row,
            practitioner=practitioner.display,
            organization=organization.name,
            phone=organization.phone,
            entry=entry,
            barrier=barrier(row.visit, row.appointment, now),
            ways=ways,
            earlier=_earlier(row, wish, now, no_more=no_more) if ways else Earlier.NEVER,
        )

    async def free(self, actor: Actor, first: datetime, count: int) -> tuple[list[FreeSlot], datetime | None]:
        """Return free times from `first` on, earliest first, and where to look on; None where that is all.

        Times at which the patient is in another visit are none.
        """
        require(actor, Permission.APPOINTMENT_MOVE, Subject(visit_id=actor.visit_id))
        async with self._work.units.reading() as uow:
            row = await uow.visits.row(actor.visit_id)
            if row is None:
                raise NotFound
            parties = (await uow.resources.parties([row.appointment.id]))[row.appointment.id]
        now = self._work.clock.now()
        start, last = max(first, now + LEAST_NOTICE), now + FARTHEST
        query = SlotQuery(row.service.id, start, last, row.visit.practitioner_id, count)
        needs, whose = needs_of(parties), row.appointment.patient_organization_id
        query = replace(query, patient_id=row.patient.id, needs=needs, whose=whose, had=parties)
        return await self._finder.onward(query)


def _earlier(row: DayRow, wish: Waiting | None, now: datetime, *, no_more: bool) -> Earlier:
    """Return whether an earlier time can be asked for: a promise that cannot be kept is not made."""
    if not can_be_earlier(row.appointment.start, now):
        return Earlier.NEVER
    if wish is None or wish.visit_id != row.visit.id:
        return Earlier.POSSIBLE
    return Earlier.TIRED if no_more else Earlier.ASKED
