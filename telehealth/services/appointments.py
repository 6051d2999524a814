"""A booked appointment afterwards: looking at it, moving it and cancelling it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telehealth.domain.access import Actor, ActorKind, Decision, Permission, decide
from telehealth.domain.appointment import Appointment, AppointmentQuery, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.changing import may_cancel
from telehealth.domain.consultation import Consultation, VisitEvent
from telehealth.domain.errors import NotFound, StaleVersion
from telehealth.domain.notices import VisitEnded
from telehealth.domain.resources import Party
from telehealth.domain.visiting import CLOSES_AFTER
from telehealth.services.absences import Absences
from telehealth.services.agendas import Agendas
from telehealth.services.booking import Booking
from telehealth.services.changing import Changing
from telehealth.services.choice_door import ChoiceDoor
from telehealth.services.choice_wishes import ChoiceWishes
from telehealth.services.choices import ChoiceDesk
from telehealth.services.hours_exceptions import HoursExceptions
from telehealth.services.joining import changed
from telehealth.services.moving import (
    Movable,
    Moving,
    by_patient,
    enter_appointment,
    looked_at,
    managed_by,
)
from telehealth.services.own_booking import OwnBookings
from telehealth.services.own_wishes import OwnWishes
from telehealth.services.ports import Announcer
from telehealth.services.proposals import Proposals
from telehealth.services.repositories import UnitOfWork
from telehealth.services.series import SeriesDesk
from telehealth.services.series_changes import SeriesChanges
from telehealth.services.trail import Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations
from telehealth.services.waitlist import Waitlist
from telehealth.services.waitlist_door import OfferDoor
from telehealth.services.waitlist_offers import WaitlistOffers
from telehealth.services.zone_rules import ZoneRules


class AppointmentDesk:
    """What coordinators, specialists and patients do with an appointment once it stands."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self.changing = Changing(work=work, invitations=invitations)
        self.moving = Moving(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
        booking = Booking(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
        self.alone = OwnBookings(work=work, booking=booking, invitations=invitations)
        self.own_wishes = OwnWishes(work=work, invitations=invitations)
        self.choices = ChoiceDesk(work=work, invitations=invitations)
        self.choice_door = ChoiceDoor(
            work=work, booking=booking, invitations=invitations, announcer=announcer
        )
        self.choice_wishes = ChoiceWishes(work=work, invitations=invitations)
        self.proposals = Proposals(work=work, booking=booking, appointment=self.get)
        self.agendas = Agendas(work=work)
        self._together = invitations.together()
        in_turn = Moving(work=work, invitations=self._together, announcer=announcer, tzdata=tzdata)
        self.zone_rules = ZoneRules(work=work, moving=in_turn, tzdata=tzdata)
        self.series = SeriesDesk(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
        self.series_changes = SeriesChanges(
            work=work, invitations=invitations, announcer=announcer, moving=self.moving, tzdata=tzdata
        )
        self.waitlist = Waitlist(work=work, invitations=invitations)
        self.offers = WaitlistOffers(work=work, invitations=invitations, tzdata=tzdata)
        self.offer_door = OfferDoor(
            work=work, invitations=invitations, announcer=announcer, moving=self.moving
        )
        close = HoursExceptions(work=work).close
        cancel = partial(self.cancel, together=True)
        self.absences = Absences(work=work, moving=in_turn, cancel=cancel, close=close)

    async def get(self, actor: Actor, appointment_id: str) -> tuple[Appointment, str]:
        """Return one appointment of the actor's organization and its visit's id (empty for a hold)."""
        role_allows(actor, Permission.APPOINTMENT_READ)
        async with self._work.units.writing() as uow:
            visit = await uow.visits.by_appointment(appointment_id)
            appointment = await _of(actor, Permission.APPOINTMENT_READ, uow, appointment_id, visit)
            await enter_appointment(self._work, uow, actor, AuditAction.APPOINTMENT_READ, appointment)
        return appointment, visit.id if visit else ""

    async def parties(self, actor: Actor, appointments: Sequence[Appointment]) -> dict[str, list[Party]]:
        """Return the rooms, devices and interpreters of appointments that the actor has just been shown."""
        for each in appointments:
            require(actor, Permission.APPOINTMENT_READ, managed_by(each))
        async with self._work.units.reading() as uow:
            return await uow.resources.parties([each.id for each in appointments])

    async def search(self, actor: Actor, query: AppointmentQuery) -> tuple[list[Appointment], int]:
        """Return what the actor's organization manages of those sought, earliest first, and their number."""
        require(actor, Permission.APPOINTMENT_READ)
        async with self._work.units.writing() as uow:
            found, total = await uow.appointments.search(query, actor.organization_id, self._work.clock.now())
            ids = tuple(sorted({each.patient_id for each in found}))
            await enter(self._work, uow, actor, AuditAction.APPOINTMENT_READ, patient_ids=ids)
        return found, total

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

    async def cancel(
        self, actor: Actor, appointment_id: str, version: int | None = None, *, together: bool = False
    ) -> Appointment:
        """Cancel; the time is free at once and the patient's link is dead. Twice is as good as once.

        With `version` only the appointment that was read, else StaleVersion; for patients see `may_cancel`.
        With `together` the patient is told in one message with what else becomes of their visits now.
        """
        role_allows(actor, Permission.APPOINTMENT_CANCEL)
        async with self._work.units.writing() as uow:
            # The visit first: whoever changes both locks them in this order.
            visit = await uow.visits.by_appointment(appointment_id)
            appointment = await _of(actor, Permission.APPOINTMENT_CANCEL, uow, appointment_id, visit)
            if appointment.status is AppointmentStatus.CANCELLED:
                return appointment
            if version not in {None, appointment.version}:
                raise StaleVersion(current=appointment.version)
            cancelled, off = await self._off(uow, actor, visit, appointment, together=together)
        await self._announce(off)
        return cancelled

    async def cancel_group(self, actor: Actor, appointment_id: str) -> None:
        """Cancel all of an appointment's group session, or nobody; what is only held as well.

        Raises StaleVersion where somebody has joined or left it just now.
        """
        role_allows(actor, Permission.APPOINTMENT_CANCEL)
        ended = []
        async with self._work.units.writing() as uow:
            ids, found = await uow.appointments.together(appointment_id), []
            for each in ids:
                visit = await uow.visits.by_appointment(each)
                found.append((visit, await _of(actor, Permission.APPOINTMENT_CANCEL, uow, each, visit)))
            await uow.appointments.stay_together(ids)
            for visit, appointment in found:
                if appointment.status is not AppointmentStatus.CANCELLED:
                    ended.append((await self._off(uow, actor, visit, appointment, together=False))[1])
        for off in ended:
            await self._announce(off)

    async def _off(
        self,
        uow: UnitOfWork,
        actor: Actor,
        visit: Consultation | None,
        appointment: Appointment,
        *,
        together: bool,
    ) -> tuple[Appointment, Consultation | None]:
        """Cancel an appointment and the visit of it, if it has one."""
        off = visit and await self._withdraw(uow, actor, visit, appointment, together=together)
        cancelled = replace(
            appointment,
            status=AppointmentStatus.CANCELLED,
            sequence=appointment.sequence + 1,
            version=appointment.version + 1,
            by_patient=actor.kind is ActorKind.VISITOR,
        )
        await uow.appointments.save(cancelled)
        await enter_appointment(self._work, uow, actor, AuditAction.APPOINTMENT_CANCELLED, cancelled)
        return cancelled, off

    async def _announce(self, off: Consultation | None) -> None:
        if off is not None:
            await self._announcer.announce(VisitEnded(off.id, "cancelled"))
            await self._announcer.announce(changed(off))

    async def _withdraw(
        self,
        uow: UnitOfWork,
        actor: Actor,
        visit: Consultation,
        appointment: Appointment,
        *,
        together: bool,
    ) -> Consultation:
        """Cancel the visit itself, kill its link and tell the patient."""
        now = self._work.clock.now()
        if by_patient(actor, visit):
            may_cancel(visit, appointment, now)
        off = visit.step(VisitEvent.CANCEL, now)
        await uow.visits.save(off)
        invitations = self._together if together else self._invitations
        await invitations.withdraw(self._work, uow, off, appointment)
        return off


async def _of(
    actor: Actor, permission: Permission, uow: UnitOfWork, appointment_id: str, visit: Consultation | None
) -> Appointment:
    appointment = await uow.appointments.get(appointment_id)
    if appointment is None:
        raise NotFound
    require(actor, permission, managed_by(appointment, visit))
    return appointment


def _visible(actor: Actor, appointment: Appointment) -> bool:
    return decide(actor, Permission.APPOINTMENT_READ, managed_by(appointment)) is Decision.ALLOWED
