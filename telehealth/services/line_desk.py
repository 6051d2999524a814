"""What the clinic does about its line: somebody goes first, somebody did not come."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, Consultation
from telehealth.domain.errors import SlotTaken, VisitClosed, WrongState
from telehealth.domain.notices import PriorityChanged
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.queue import Priority
from telehealth.domain.visiting import CLOSES_AFTER, GRACE, WAITS_AFTER_END
from telehealth.services.clinic import in_line
from telehealth.services.joining import changed
from telehealth.services.lapses import miss, recall, unmiss
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work, enter, require, row_for


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Who waits for one specialist."""

    practitioner: Practitioner
    rows: list[DayRow]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A visit that was missed, and is so no more; not `reserved` where time left of it is somebody else's."""

    visit: Consultation
    reserved: bool


class LineDesk:
    """Changes the order of a line, and takes out who did not come. The places of the others follow."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def waiting(self, actor: Actor) -> list[WaitingLine]:
        """Return the lines with anybody whom the actor's organization treats or sends, first in line first.

        Who else waits in them is counted nowhere: their names are for other organizations.
        """
        require(actor, Permission.LINE_READ)
        since = self._work.clock.now() - WAITS_AFTER_END
        async with self._work.units.writing() as uow:
            ids = await uow.lines.waiting(actor.organization_id, since)
            rows = list((await uow.visits.rows(ids)).values())
            people = await uow.directory.practitioners(role=Role.SPECIALIST) if rows else []
            patients = sorted({row.patient.id for row in rows})
            await enter(self._work, uow, actor, AuditAction.LINE_READ, patient_ids=patients)
        lines = [
            WaitingLine(each, in_line([row for row in rows if row.visit.practitioner_id == each.id]))
            for each in people
        ]
        return [line for line in lines if line.rows]

    async def prioritize(self, actor: Actor, visit_id: str, priority: Priority) -> Consultation:
        """Keep how soon somebody has to be seen: the own specialist says, or staff of a clinic concerned."""
        async with self._work.units.writing() as uow:
            before = (await row_for(uow, actor, Permission.VISIT_PRIORITIZE, visit_id)).visit
            if before.status in CLOSED:
                raise VisitClosed
            if before.priority is priority:
                return before
            visit = replace(before, priority=priority, version=before.version + 1)
            await uow.visits.save(visit)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.VISIT_PRIORITIZED,
                patient_ids=(visit.patient_id,),
                entity="Encounter",
                entity_id=visit.id,
                reason=priority,
            )
        await self._announcer.announce(PriorityChanged(visit.id, visit.practitioner_id, priority))
        return visit

    async def miss(self, actor: Actor, visit_id: str) -> Consultation:
        """Note that the patient did not attend; coming after all undoes it, and so does `attended`.

        Raises WrongState until they have had ten minutes from the start.
        """
        async with self._work.units.writing() as uow:
            row = await row_for(uow, actor, Permission.VISIT_MISS, visit_id)
            if self._work.clock.now() < row.appointment.start + GRACE:
                raise WrongState("Wait until ten minutes after the start. The patient may still come.")
            visit = await miss(self._work, uow, actor, row.visit)
        await self._announcer.announce(changed(visit))
        return visit

    async def attended(self, actor: Actor, visit_id: str) -> Recalled:
        """Take back that the patient did not attend.

        While they may still come they are expected again, and what is left of their time is theirs again if
        nobody else has it by now; later the visit has taken place and wants its note.
        """
        try:
            found = await self._attended(actor, visit_id, again=True)
        except SlotTaken:
            # What was refused spoils its unit.
            found = await self._attended(actor, visit_id, again=False)
        await self._announcer.announce(changed(found.visit))
        return found

    async def _attended(self, actor: Actor, visit_id: str, *, again: bool) -> Recalled:
        async with self._work.units.writing() as uow:
            row = await row_for(uow, actor, Permission.VISIT_MISS, visit_id)
            now, end = self._work.clock.now(), row.appointment.end
            if now > end + CLOSES_AFTER:
                return Recalled(await unmiss(self._work, uow, actor, row.visit), reserved=True)
            reserve = again and now < end
            visit = await recall(self._work, uow, actor, row, reserve=reserve)
        return Recalled(visit, reserved=reserve or now >= end)
