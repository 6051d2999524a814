"""The patient's second device: it waits until the specialist lets it in or turns it away."""

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, Consultation
from telehealth.domain.errors import VisitClosed
from telehealth.domain.notices import DeviceMoved, SessionsEnded
from telehealth.services.joining import changed
from telehealth.services.ports import Announcer
from telehealth.services.trail import Work, enter_visit, own_visit
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
            before = await own_visit(uow, actor, Permission.VISIT_DEVICE, visit_id)
            if before.asked_by is None or before.bound_to is None:
                return before
            if before.status in CLOSED:
                raise VisitClosed
            visit = before.hand_over(before.asked_by)
            await uow.visits.save(visit)
            await enter_visit(self._work, uow, actor, AuditAction.DEVICE_LET_IN, visit)
        await self._announcer.announce(DeviceMoved(visit.id, before.bound_to, before.asked_by))
        await self._announcer.announce(changed(visit))
        return visit

    async def turn_away(self, actor: Actor, visit_id: str) -> Consultation:
        """Somebody else has the link: replace it, and send the patient the new one.

        The patient's own device goes on as it is; every other browser is out.
        """
        async with self._work.units.writing() as uow:
            before = await own_visit(uow, actor, Permission.VISIT_DEVICE, visit_id)
            if before.asked_by is None:
                return before
            visit = before.turn_away()
            await uow.visits.save(visit)
            ended = await self._invitations.rotate(self._work, uow, visit, keep=[visit.bound_to])
            row = await uow.visits.row(visit_id)
            if row is not None and not visit.test:
                await self._invitations.tell(
                    self._work, uow, "visit-invitation", row.patient, row.appointment, visit_id
                )
            await enter_visit(self._work, uow, actor, AuditAction.DEVICE_TURNED_AWAY, visit)
        await self._announcer.announce(SessionsEnded(ended))
        await self._announcer.announce(changed(visit))
        return visit
