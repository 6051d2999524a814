"""What time does to visits that nobody attends: missed after their hours, away after a restart."""

from dataclasses import replace

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Connection, Consultation, VisitEvent, VisitStatus
from telehealth.domain.visiting import CLOSES_AFTER
from telehealth.services.joining import changed
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter

BATCH = 200
"""Visits that one round takes; the next round is half a minute away."""
UNATTENDED = frozenset({VisitStatus.BOOKED, VisitStatus.ARRIVED})


class Lapses:
    """Steps that nobody takes: the clock does, in the system's name."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def miss_overdue(self) -> int:
        """Let visits be missed whose patient did not wait by two hours after the end; returns how many."""
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            overdue = await uow.visits.lapsed(now - CLOSES_AFTER, BATCH)
        missed = [await self._miss(visit_id) for visit_id in overdue]
        return sum(missed)

    async def _miss(self, visit_id: str) -> bool:
        """Step one visit in a unit of its own, so that a press at the last moment wins or loses."""
        async with self._work.units.writing() as uow:
            before = await uow.visits.get(visit_id)
            if before is None or before.status not in UNATTENDED:
                return False
            system = replace(SYSTEM, organization_id=before.organization_id)
            visit = await miss(self._work, uow, system, before)
        await self._announcer.announce(changed(visit))
        return True

    async def nobody_is_connected(self) -> int:
        """Show as away who was here when the last server ended; their sockets, once back, say otherwise.

        To be called before the server listens. Returns how many.
        """
        async with self._work.units.writing() as uow:
            left: list[Consultation] = []
            for visit_id in await uow.visits.thought_here():
                visit = await uow.visits.get(visit_id)
                if visit is not None:
                    left.append(replace(visit, connection=Connection.AWAY, version=visit.version + 1))
            for each in left:
                await uow.visits.save(each)
        return len(left)


async def miss(work: Work, uow: UnitOfWork, actor: Actor, before: Consultation) -> Consultation:
    """Step a visit that nobody attended, with its appointment, and enter who said so."""
    visit = before.step(VisitEvent.MISS, work.clock.now())
    await uow.visits.save(visit)
    appointment = await uow.appointments.get(visit.appointment_id)
    if appointment is not None:
        absent = replace(appointment, status=AppointmentStatus.NOSHOW, version=appointment.version + 1)
        await uow.appointments.save(absent)
    await enter(
        work,
        uow,
        actor,
        AuditAction.VISIT_MISSED,
        patient_ids=(visit.patient_id,),
        entity="Encounter",
        entity_id=visit.id,
    )
    return visit
