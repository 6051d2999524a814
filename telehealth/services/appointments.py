"""A booked appointment afterwards: looking at it, moving it and cancelling it."""

from collections.abc import Sequence
from dataclasses import replace

from telehealth.domain.access import Actor, Decision, Permission, decide
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitEvent
from telehealth.domain.errors import NotFound
from telehealth.domain.notices import VisitEnded
from telehealth.domain.visiting import CLOSES_AFTER
from telehealth.services.booking import Booking
from telehealth.services.joining import changed
from telehealth.services.moving import Movable, Moving, looked_at, managed_by
from telehealth.services.ports import Announcer
from telehealth.services.proposals import Proposals
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations
from telehealth.services.zone_rules import ZoneRules


class AppointmentDesk:
    """What coordinators and specialists do with an appointment once it stands."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self.moving = Moving(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
        booking = Booking(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
        self.proposals = Proposals(work=work, booking=booking, appointment=self.get)
        self.zone_rules = ZoneRules(work=work, moving=self.moving, tzdata=tzdata)

    async def get(self, actor: Actor, appointment_id: str) -> tuple[Appointment, str]:
        """Return one appointment of the actor's organization and its visit's id (empty for a hold)."""
        role_allows(actor, Permission.APPOINTMENT_READ)
        async with self._work.units.writing() as uow:
            visit = await uow.visits.by_appointment(appointment_id)
            appointment = await _of(actor, Permission.APPOINTMENT_READ, uow, appointment_id)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.APPOINTMENT_READ,
                patient_ids=(appointment.patient_id,),
                entity="Appointment",
                entity_id=appointment.id,
            )
        return appointment, visit.id if visit else ""

    async def coming(self, actor: Actor, patient_ids: Sequence[str]) -> dict[str, list[Movable]]:
        """Return the visits ahead that can be moved or cancelled, by patient, the next one first.

        Who is late may still come or ask for another time: a visit stays as long as its link opens it.
        Only those that the actor's organization manages: of others it is not told that they exist.
        """
        require(actor, Permission.APPOINTMENT_READ)
        found: dict[str, list[Movable]] = {each: [] for each in patient_ids}
        async with self._work.units.writing() as uow:
            rows = await uow.visits.ahead(patient_ids, self._work.clock.now() - CLOSES_AFTER)
            shown = [row for row in rows if _visible(actor, row.appointment)]
            people = {each.id: each for each in await uow.directory.practitioners()} if shown else {}
            for row in shown:
                found[row.patient.id].append(Movable(row, people[row.visit.practitioner_id]))
            if shown:
                ids = tuple(sorted({row.patient.id for row in shown}))
                await enter(self._work, uow, actor, AuditAction.APPOINTMENT_READ, patient_ids=ids)
        return found

    async def look(self, actor: Actor, visit_id: str) -> Movable:
        """Return a visit that is perhaps to be cancelled, as it stands."""
        async with self._work.units.writing() as uow:
            return await looked_at(self._work, uow, actor, Permission.APPOINTMENT_CANCEL, visit_id)

    async def cancel(self, actor: Actor, appointment_id: str) -> Appointment:
        """Cancel; the time is free at once and the patient's link is dead. Twice is as good as once."""
        role_allows(actor, Permission.APPOINTMENT_CANCEL)
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            # The visit first: whoever changes both locks them in this order.
            visit = await uow.visits.by_appointment(appointment_id)
            appointment = await _of(actor, Permission.APPOINTMENT_CANCEL, uow, appointment_id)
            if appointment.status is AppointmentStatus.CANCELLED:
                return appointment
            cancelled = replace(
                appointment,
                status=AppointmentStatus.CANCELLED,
                sequence=appointment.sequence + 1,
                version=appointment.version + 1,
            )
            await uow.appointments.save(cancelled)
            if visit is not None:
                visit = visit.step(VisitEvent.CANCEL, now)
                await uow.visits.save(visit)
                await self._invitations.withdraw(self._work, uow, visit, appointment)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.APPOINTMENT_CANCELLED,
                patient_ids=(appointment.patient_id,),
                entity="Appointment",
                entity_id=appointment.id,
            )
        if visit is not None:
            await self._announcer.announce(VisitEnded(visit.id, "cancelled"))
            await self._announcer.announce(changed(visit))
        return cancelled


async def _of(actor: Actor, permission: Permission, uow: UnitOfWork, appointment_id: str) -> Appointment:
    appointment = await uow.appointments.get(appointment_id)
    if appointment is None:
        raise NotFound
    require(actor, permission, managed_by(appointment))
    return appointment


def _visible(actor: Actor, appointment: Appointment) -> bool:
    return decide(actor, Permission.APPOINTMENT_READ, managed_by(appointment)) is Decision.ALLOWED
