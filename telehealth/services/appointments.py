"""A booked appointment afterwards: looking at it, moving it and cancelling it."""

from dataclasses import replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitEvent
from telehealth.domain.errors import NotFound
from telehealth.domain.notices import VisitEnded
from telehealth.services.joining import changed
from telehealth.services.moving import Moving
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations


class AppointmentDesk:
    """What coordinators and specialists do with an appointment once it stands."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self.moving = Moving(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)

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
    organizations = (appointment.organization_id, appointment.patient_organization_id)
    require(actor, permission, Subject(organizations=organizations))
    return appointment
