"""A specialist is away: all visits of these days with a proposal for each, carried out by one press."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.absences import MOST_DAYS, MOST_VISITS, Answer, Change, Closed
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import Appointment, ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import BadInput, FieldProblem, KeyReused, NotFound, Refused
from telehealth.domain.organizations import Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import Interval, whole_day
from telehealth.domain.sentences import say
from telehealth.services.absence_plan import Concerned, proposals
from telehealth.services.moving import Moving
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Once, Work, enter, require

CONCERNED = frozenset({VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.WAITING})
LOOKED_AHEAD = timedelta(days=31)
"""So long after the absence a later time is looked for."""
Cancel = Callable[[Actor, str, int | None], Awaitable[Appointment]]
"""Cancels an appointment as it was read in a version."""
Close = Callable[[Actor, Closed], Awaitable[None]]
"""Keeps that a specialist is away on whole days."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A specialist's days, in the zone of their own site, and the visits that are to be arranged."""

    practitioner: Practitioner
    site: Location
    first: date
    last: date
    visits: list[Concerned]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one change: the visit as it stands, and why it was left as it was, if it was.

    `row` is none for an appointment that does not exist for whoever asked.
    """

    change: Change
    row: DayRow | None
    practitioner: Practitioner | None
    refused: Refused | None


class Absences:
    """Arranges the visits of specialists of the actor's own organization."""

    def __init__(self, *, work: Work, moving: Moving, cancel: Cancel, close: Close) -> None:
        self._work = work
        self._moving = moving
        self._cancel = cancel
        self._close = close
        self._finder = SlotFinder(work=work)

    async def people(self, actor: Actor) -> list[Practitioner]:
        """Return the specialists of the actor's own organization."""
        own = actor.organization_id
        require(actor, Permission.ABSENCE_ARRANGE, Subject(organizations=(own,)))
        async with self._work.units.reading() as uow:
            return await uow.directory.practitioners(role=Role.SPECIALIST, organization_id=own)

    async def look(self, actor: Actor, practitioner_id: str, first: date, last: date) -> Absence:
        """Return the visits that have not begun, each with what can become of it; raises BadInput."""
        require(actor, Permission.ABSENCE_ARRANGE)
        if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise BadInput(
                FieldProblem("last", "span", say("Choose at most {count} days, in order.", count=MOST_DAYS))
            )
        async with self._work.units.writing() as uow:
            person, site = await self._of(uow, actor, practitioner_id)
            zone = ZoneInfo(site.zone)
            window = Interval(whole_day(first, zone).start, whole_day(last, zone).end)
            rows = await self._rows(uow, person, window)
            await self._enter(uow, actor, AuditAction.ABSENCE_READ, person.id, rows)
            around = Interval(window.start, window.end + LOOKED_AHEAD)
            busy = await _elsewhere(uow, rows, around, self._work.clock.now())
        others = await self._stand_ins(person, rows)
        later = {each: await self._later(person, each, window.end) for each in {r.service.id for r in rows}}
        return Absence(person, site, first, last, proposals(rows, others, later, busy))

    async def carry_out(
        self,
        actor: Actor,
        changes: Sequence[Change],
        once: Once | None = None,
        closed: Closed | None = None,
    ) -> list[Outcome]:
        """Carry the changes out one by one, each in a transaction of its own; pressed twice it is done once.

        Days that are `closed` are closed first: what is moved cannot come back to them, and nobody books
        them meanwhile. Whoever was changed meanwhile, or lost a race for a time, stays as it was, and its
        outcome says why.
        """
        require(actor, Permission.ABSENCE_ARRANGE)
        if closed is not None:
            await self._close(actor, closed)
        refusals = [await self._one(actor, each, once) for each in changes]
        async with self._work.units.writing() as uow:
            rows = [await self._row(uow, actor, each) for each in changes]
            people = {each.id: each for each in await uow.directory.practitioners()}
            shown = [row for row in rows if row is not None]
            await self._enter(uow, actor, AuditAction.ABSENCE_ARRANGED, "", shown)
        return [
            Outcome(change, row, people.get(row.visit.practitioner_id) if row else None, refused)
            for change, row, refused in zip(changes, rows, refusals, strict=True)
        ]

    async def _one(self, actor: Actor, change: Change, once: Once | None) -> Refused | None:
        """Carry one change out; return why it was not."""
        key = Once(once.client, f"{once.key}/{change.appointment_id}", once.request_hash) if once else None
        try:
            match change.answer:
                case Answer.CANCEL:
                    await self._cancel(actor, change.appointment_id, change.version)
                case Answer.STAND_IN | Answer.LATER:
                    await self._move(actor, change, key)
        except KeyReused:
            raise
        except Refused as refused:
            return refused
        return None

    async def _move(self, actor: Actor, change: Change, once: Once | None) -> None:
        if change.start is None:
            raise BadInput(FieldProblem("start", "missing", "Please fill this in."))
        await self._moving.move(
            actor,
            change.appointment_id,
            change.start,
            change.version,
            once,
            practitioner_id=change.practitioner_id,
        )

    async def _of(self, uow: UnitOfWork, actor: Actor, practitioner_id: str) -> tuple[Practitioner, Location]:
        person = await uow.directory.practitioner(practitioner_id)
        site = await uow.directory.site_of(practitioner_id)
        if person is None or site is None or person.role is not Role.SPECIALIST:
            raise NotFound
        require(actor, Permission.ABSENCE_ARRANGE, Subject(organizations=(person.organization_id,)))
        return person, site

    async def _rows(self, uow: UnitOfWork, person: Practitioner, window: Interval) -> list[DayRow]:
        found = await uow.visits.day(person.id, window)
        rows = [row for row in found if row.visit.status in CONCERNED and not row.visit.test]
        if len(rows) > MOST_VISITS:
            sentence = say("There are more than {count} visits. Choose fewer days.", count=MOST_VISITS)
            raise BadInput(FieldProblem("last", "too-many", sentence))
        return rows

    async def _row(self, uow: UnitOfWork, actor: Actor, change: Change) -> DayRow | None:
        visit = await uow.visits.by_appointment(change.appointment_id)
        row = await uow.visits.row(visit.id) if visit else None
        theirs = row is not None and row.appointment.organization_id == actor.organization_id
        return row if theirs else None

    async def _stand_ins(
        self, person: Practitioner, rows: Sequence[DayRow]
    ) -> dict[tuple[str, datetime], list[FreeSlot]]:
        """Return who else is free for each service and start, whoever has least booked first."""
        starts: dict[str, set[datetime]] = defaultdict(set)
        for row in rows:
            starts[row.service.id].add(row.appointment.start)
        return {
            (service, start): [each for each in slots if _stands_in(each.practitioner, person)]
            for service, wanted in starts.items()
            for start, slots in (await self._finder.free_at(service, sorted(wanted))).items()
        }

    async def _later(self, person: Practitioner, service_id: str, after: datetime) -> list[FreeSlot]:
        start = max(after, self._work.clock.now())
        return await self._finder.free(SlotQuery(service_id, start, start + LOOKED_AHEAD, person.id))

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, whose: str, rows: Sequence[DayRow]
    ) -> None:
        patients = tuple(sorted({row.patient.id for row in rows}))
        await enter(
            self._work, uow, actor, action, patient_ids=patients, entity="Practitioner", entity_id=whose
        )


def _stands_in(other: Practitioner, person: Practitioner) -> bool:
    return other.id != person.id and other.organization_id == person.organization_id


async def _elsewhere(
    uow: UnitOfWork, rows: Sequence[DayRow], window: Interval, now: datetime
) -> dict[str, list[Interval]]:
    """Return when these patients are in other visits than these."""
    patients = sorted({row.patient.id for row in rows})
    busy = await uow.appointments.busy(ResourceKind.PATIENT, patients, window, now)
    own = {(row.patient.id, row.appointment.start) for row in rows}
    return {
        patient: [each for each in spans if (patient, each.start) not in own]
        for patient, spans in busy.items()
    }
