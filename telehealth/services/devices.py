"""The patient's second device: it waits until the specialist lets it in or turns it away."""

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, Consultation
from telehealth.domain.errors import NotFound, VisitClosed
from telehealth.domain.notices import DeviceMoved, SessionsEnded
from telehealth.services.joining import changed
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations


class Devices:
    """What the specialist decides about a second browser; each is safe to repeat."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer

    async def let_in(self, actor: Actor, visit_id: str) -> Consultation:
        """Make the browser that asks the patient's device; the one before is told, and nobody has left."""
        async with self._work.units.writing() as uow:
            before = await self._own(uow, actor, visit_id)
            if before.asked_by is None or before.bound_to is None:
                return before
            if before.status in CLOSED:
                raise VisitClosed
            visit = before.hand_over(before.asked_by)
            await uow.visits.save(visit)
            await self._enter(uow, actor, AuditAction.DEVICE_LET_IN, visit)
        await self._announcer.announce(DeviceMoved(visit.id, before.bound_to, before.asked_by))
        await self._announcer.announce(changed(visit))
        return visit

    async def turn_away(self, actor: Actor, visit_id: str) -> Consultation:
        """Somebody else has the link: replace it, and send the patient the new one.

        The patient's own device goes on as it is; every other browser is out.
        """
        async with self._work.units.writing() as uow:
            before = await self._own(uow, actor, visit_id)
            if before.asked_by is None:
                return before
            visit = before.turn_away()
            await uow.visits.save(visit)
            ended = await self._invitations.rotate(self._work, uow, visit, keep=visit.bound_to)
            row = await uow.visits.row(visit_id)
            if row is not None and not visit.test:
                await self._invitations.tell(
                    self._work, uow, "visit-invitation", row.patient, row.appointment, visit_id
                )
            await self._enter(uow, actor, AuditAction.DEVICE_TURNED_AWAY, visit)
        await self._announcer.announce(SessionsEnded(ended))
        await self._announcer.announce(changed(visit))
        return visit

    async def _own(self, uow: UnitOfWork, actor: Actor, visit_id: str) -> Consultation:
        role_allows(actor, Permission.VISIT_DEVICE)
        visit = await uow.visits.get(visit_id)
        if visit is None:
            raise NotFound
        subject = Subject(practitioner_id=visit.practitioner_id, visit_id=visit.id)
        require(actor, Permission.VISIT_DEVICE, subject)
        return visit

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, visit: Consultation) -> None:
        patients = (visit.patient_id,)
        await enter(
            self._work, uow, actor, action, patient_ids=patients, entity="Encounter", entity_id=visit.id
        )
