"""Denied tries in the audit log: entered as they come, of each person up to a number at a time.

The log is never shortened. Whoever holds any link or account could else fill the disk with what is refused.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import Refused
from telehealth.services.trail import Work, enter

A_WHILE = timedelta(minutes=10)
MOST = 60
"""Entries of one person within A_WHILE."""
MORE = "many"
"""The reason of the last of them: what is denied after it is not entered."""
REMEMBERED = 20_000
AN_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


class DeniedTries:
    """Enters what was denied. What cannot be an id is not kept: it would be anybody's text, for good."""

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self._counted: OrderedDict[tuple[str, str], tuple[datetime, int]] = OrderedDict()

    async def refused(self, actor: Actor, refused: Refused, route: str, request_id: str) -> None:
        """Enter what the web door refused, with whom it was about where the refusal says so."""
        about = refused.patient_ids
        await self.enter(actor, entity=route, entity_id=request_id, reason=refused.code, patient_ids=about)

    async def enter(
        self, actor: Actor, *, entity: str, entity_id: str, reason: str, patient_ids: Sequence[str] = ()
    ) -> None:
        """Write one entry, unless this person's number is reached."""
        count = self._count(actor)
        if count > MOST:
            return
        async with self._work.units.writing() as uow:
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.ACCESS_REFUSED,
                outcome=AuditOutcome.REFUSED,
                patient_ids=patient_ids,
                entity=entity,
                entity_id=entity_id if AN_ID.fullmatch(entity_id) else "",
                reason=reason if count < MOST else MORE,
            )

    def _count(self, actor: Actor) -> int:
        """Count one try; return how many this person has had of late, whatever their sessions."""
        key, now = (actor.kind.value, actor.id), self._work.clock.now()
        since, count = self._counted.pop(key, (now, 0))
        if now - since >= A_WHILE:
            since, count = now, 0
        self._counted[key] = (since, count + 1)
        while len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        return count + 1
