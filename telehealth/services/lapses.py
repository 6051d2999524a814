"""What time does to visits that nobody attends or ends: missed, unseen, over; away after a restart."""

from dataclasses import replace
from datetime import datetime

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import (
    Connection,
    Consultation,
    Device,
    VisitEvent,
    VisitStatus,
    overdue,
)
from telehealth.domain.errors import WrongState
from telehealth.domain.notices import VisitEnded
from telehealth.domain.visiting import CLOSES_AFTER
from telehealth.services.encounters import encounter_after
from telehealth.services.joining import changed
from telehealth.services.parties import reclaimed
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter_visit

BATCH = 200
"""Visits that one round takes; the next round is half a minute away."""
FORGOTTEN = frozenset((VisitStatus.IN_PROGRESS, gone) for gone in (Connection.UNKNOWN, Connection.AWAY))


class Lapses:
    """Steps that nobody takes: the clock does, in the system's name."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def miss_overdue(self) -> int:
        """Close visits whose patient is not here two hours after the end; returns how many.

        Who did not wait in its hours missed it; who did was not seen.
        """
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            late = await uow.visits.lapsed(now - CLOSES_AFTER, BATCH)
        missed = [await self._miss(visit_id) for visit_id in late]
        return sum(missed)

    async def _miss(self, visit_id: str) -> bool:
        """Step one visit in a unit of its own, so that a press at the last moment wins or loses."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(visit_id)
            if row is None or not overdue(row.visit):
                return False
            system = replace(SYSTEM, organization_id=row.visit.organization_id)
            visit = _lapsed(row, now)
            missed = visit.status is VisitStatus.MISSED
            await stands(uow, visit, AppointmentStatus.NOSHOW if missed else row.appointment.status)
            action = AuditAction.VISIT_MISSED if missed else AuditAction.VISIT_OVERLOOKED
            await enter_visit(self._work, uow, system, action, visit)
        await self._announcer.announce(changed(visit))
        return True

    async def end_forgotten(self) -> int:
        """End visits that nobody ended, two hours after their hours, once the patient is gone.

        They took place, and their notes are owed. Returns how many.
        """
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            forgotten = await uow.visits.forgotten(now - CLOSES_AFTER, BATCH)
        for visit_id in forgotten:
            await self._end(visit_id)
        return len(forgotten)

    async def _end(self, visit_id: str) -> None:
        """End one visit in a unit of its own: a patient who is back at the last moment is not cut off."""
        async with self._work.units.writing() as uow:
            before = await uow.visits.get(visit_id)
            if before is None or (before.status, before.connection) not in FORGOTTEN:
                return
            system = replace(SYSTEM, organization_id=before.organization_id)
            visit = await finish(self._work, uow, system, before)
        await self._announcer.announce(changed(visit))
        await self._announcer.announce(VisitEnded(visit.id, "ended"))

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


def _lapsed(row: DayRow, now: datetime) -> Consultation:
    """Return a visit after its hours; who was to be phoned did not miss it: nobody rang."""
    before = row.visit
    if before.device is not Device.PHONE:
        return before.lapse(row.appointment.start, row.appointment.end, now)
    unseen = before.step(VisitEvent.ARRIVE, now).step(VisitEvent.OVERLOOK, now)
    return replace(unseen, version=before.version + 1)


async def miss(work: Work, uow: UnitOfWork, actor: Actor, before: Consultation) -> Consultation:
    """Step a visit that nobody attended, with its appointment, and enter who said so."""
    visit = before.step(VisitEvent.MISS, work.clock.now())
    await stands(uow, visit, AppointmentStatus.NOSHOW)
    await enter_visit(work, uow, actor, AuditAction.VISIT_MISSED, visit)
    return visit


async def unmiss(work: Work, uow: UnitOfWork, actor: Actor, before: Consultation) -> Consultation:
    """Step back a visit that was attended after all.

    Raises WrongState for one that does not count as missed: others are corrected with a reason.
    """
    if before.status is not VisitStatus.MISSED:
        raise WrongState
    visit = before.step(VisitEvent.ATTEND, work.clock.now())
    await stands(uow, visit, AppointmentStatus.FULFILLED)
    await enter_visit(work, uow, actor, AuditAction.VISIT_MISSED_UNDONE, visit)
    return visit


async def recall(work: Work, uow: UnitOfWork, actor: Actor, row: DayRow, *, reserve: bool) -> Consultation:
    """Expect a patient again who counted as absent; raises WrongState for any other.

    With `reserve` what is left of the time is taken again, with what the visit needs; raises SlotTaken where
    any of it is somebody else's by now.
    """
    visit = row.visit.step(VisitEvent.RECALL, work.clock.now())
    if reserve:
        await uow.visits.save(visit)
        await _reserve(uow, row, work.clock.now())
    else:
        await stands(uow, visit, AppointmentStatus.BOOKED)
    await enter_visit(work, uow, actor, AuditAction.VISIT_MISSED_UNDONE, visit)
    return visit


async def _reserve(uow: UnitOfWork, row: DayRow, now: datetime) -> None:
    """Book again from now on: in what is over, others may have been seen.

    What a group session has is shared among its visits: its start says which one it is.
    """
    before = row.appointment
    after = replace(before, status=AppointmentStatus.BOOKED, version=before.version + 1)
    start = after.start if row.service.capacity > 1 else max(now, after.start)
    ((_, claims),) = await reclaimed(uow, [replace(after, start=start)], row.service)
    await uow.appointments.move(after, [replace(each, start=max(now, each.start)) for each in claims])


async def finish(work: Work, uow: UnitOfWork, actor: Actor, before: Consultation) -> Consultation:
    """Step a visit to its end, with its appointment, and enter who ended it; what is over stays as it is."""
    visit = before.step(VisitEvent.END, work.clock.now())
    if visit is before:
        return visit
    await stands(uow, visit, AppointmentStatus.FULFILLED)
    if visit.signed_at is not None:
        await encounter_after(work, uow, visit, actor)
    await enter_visit(work, uow, actor, AuditAction.VISIT_ENDED, visit)
    return visit


async def stands(uow: UnitOfWork, visit: Consultation, status: AppointmentStatus) -> None:
    """Write a visit, and where its appointment stands by it.

    Who comes back by themselves after they were missed takes no time again: it had begun, and others may have
    been seen in it; see `recall`. A visit that was over before its time leaves that time to others.
    """
    await uow.visits.save(visit)
    appointment = await uow.appointments.get(visit.appointment_id)
    if appointment is not None and appointment.status is not status:
        after = replace(appointment, status=status, version=appointment.version + 1)
        await uow.appointments.save(after, retake=False)
        if status is AppointmentStatus.FULFILLED and visit.since < after.start:
            await uow.appointments.free(after.id)
