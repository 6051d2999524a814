"""Times that are held for somebody until they answer: whether they still are, given up, and booked."""

from datetime import datetime

from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Patient
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations, make_visit


def still_held(appointment: Appointment, now: datetime) -> bool:
    """Whether a time is kept for somebody now."""
    until = appointment.held_until if appointment.status is AppointmentStatus.PENDING else None
    return until is not None and now < until


async def give_up(uow: UnitOfWork, hold_id: str) -> None:
    """Free what is held by this appointment, if it is; an empty id is none."""
    held = await uow.appointments.get(hold_id) if hold_id else None
    if held is not None and held.status is AppointmentStatus.PENDING:
        await uow.appointments.save(held.given_up())


async def book_held(
    work: Work,
    uow: UnitOfWork,
    invitations: Invitations,
    held: Appointment,
    patient: Patient,
    service: HealthcareService,
) -> VisitChanged:
    """Book what is held for a patient, with a visit and its invitation; return what is to be told."""
    booked = held.confirmed()
    await uow.appointments.save(booked)
    visit_id, _ = await make_visit(work, uow, invitations, booked, patient, service, silent=False)
    return VisitChanged(visit_id, booked.practitioner_id, "booked", "unknown", "unknown", work.clock.now())
