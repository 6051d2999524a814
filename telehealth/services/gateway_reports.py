"""What the SMS gateway reports afterwards: delivered or not. Signed, no older than five minutes, once."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from telehealth.crypto.hooks import hook_fits
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.domain.outbox import TRANSITIONS, UNDELIVERED, Channel, Turn
from telehealth.services.gathering import kept_of, settle
from telehealth.services.trail import Work, enter

FRESH = timedelta(minutes=5)
MOST_DIGITS = 12


class Reported(StrEnum):
    """What a gateway may report."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class GatewayReports:
    """Takes reports. The states only move forward, so a report that comes again changes nothing."""

    def __init__(self, *, work: Work, secret: str) -> None:
        """`secret` is shared with the gateway; without one no report is taken."""
        self._work, self._secret = work, secret.encode()

    def check(self, timestamp: str, signature: str, body: bytes) -> None:
        """Pass when the gateway signed this body just now; raise NotFound (no secret) or NotPermitted."""
        if not self._secret:
            raise NotFound
        known = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= MOST_DIGITS
        age = self._work.clock.now().timestamp() - int(timestamp) if known else float("inf")
        fits = hook_fits(self._secret, timestamp, body, signature)
        if not fits or abs(age) > FRESH.total_seconds():
            raise NotPermitted("The report is not signed, or too old.")

    async def take(self, reference: str, reported: Reported) -> None:
        """Write down what became of an SMS; of one that is not ours nothing is said."""
        turn = Turn.ARRIVE if reported is Reported.DELIVERED else Turn.BOUNCE
        async with self._work.units.writing() as uow:
            message = await uow.outbox.get(reference)
            state = TRANSITIONS.get((message.state, turn)) if message else None
            if message is None or state is None or message.channel is not Channel.SMS:
                return
            arrived = turn is Turn.ARRIVE
            code = "" if arrived else UNDELIVERED
            now, kept = self._work.clock.now(), kept_of(message)
            settled = replace(message, state=state, last_error=code, values=kept, changed_at=now)
            await settle(self._work, uow, settled)
            await enter(
                self._work,
                uow,
                SYSTEM,
                AuditAction.MESSAGE_DELIVERED if arrived else AuditAction.MESSAGE_FAILED,
                outcome=AuditOutcome.SUCCESS if arrived else AuditOutcome.FAILED,
                patient_ids=(message.person_id,),
                entity=message.template,
                entity_id=message.id,
                reason=code,
            )
