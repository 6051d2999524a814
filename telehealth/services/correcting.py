"""Who was there after all: staff correct what the clock or somebody else noted, and say why."""

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import StaleVersion
from telehealth.domain.presence import STEPS, Because, Presence, corrected
from telehealth.services.joining import changed
from telehealth.services.lapses import stands
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work, enter_visit, row_for


class Correcting:
    """Corrects visits of the actor's own organization, for specialists their own."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def look(self, actor: Actor, visit_id: str) -> DayRow:
        """Return the visit as it stands."""
        async with self._work.units.writing() as uow:
            row = await row_for(uow, actor, Permission.VISIT_CORRECT, visit_id)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_READ, row.visit)
        return row

    async def correct(
        self, actor: Actor, visit_id: str, to: Presence, because: Because, version: int
    ) -> Consultation:
        """Write how the visit went; the audit keeps what was noted before, and why that was wrong.

        `version` is the visit's as it was read. Raises StaleVersion, and WrongState for a visit that is
        neither missed nor unseen, or is so already.
        """
        async with self._work.units.writing() as uow:
            before = (await row_for(uow, actor, Permission.VISIT_CORRECT, visit_id)).visit
            if before.version != version:
                raise StaleVersion(current=before.version)
            visit = corrected(before, to, self._work.clock.now())
            await stands(uow, visit, STEPS[to][1])
            why = f"{before.status} -> {to}: {because}"
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_CORRECTED, visit, why)
        await self._announcer.announce(changed(visit))
        return visit
