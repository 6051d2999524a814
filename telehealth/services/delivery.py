"""Sending what waits in the outbox: claim, put into words, hand over, mark; at least once, one Message-ID."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.outbox import PASSWORD_FORGOTTEN, Channel, OutboxMessage, next_try
from telehealth.domain.outbox import Delivery as State
from telehealth.services.letters import Letter, Letters, NotDelivered, Render
from telehealth.services.ports import Messenger, OutgoingMessage
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter
from telehealth.services.visit_making import Invitations

BATCH = 10
SEND_WITHIN = 30.0
"""Seconds for one message, all steps of its protocol together."""
CLAIM_FOR = timedelta(seconds=BATCH * SEND_WITHIN + 60)
"""Longer than a whole batch can take: nobody else sends what is being sent."""

log = logging.getLogger(__name__)


class Delivery:
    """Empties the outbox. A crash between sending and marking repeats a mail under the same Message-ID."""

    def __init__(
        self,
        *,
        work: Work,
        messengers: Mapping[Channel, Messenger],
        render: Render,
        invitations: Invitations,
        forgotten: Callable[[str], Awaitable[None]],
    ) -> None:
        """`forgotten` is told each address whose password somebody says to have forgotten."""
        self._work, self._messengers, self._render = work, messengers, render
        self._forgotten = forgotten
        self._letters = Letters(invitations=invitations)

    async def send_due(self) -> int:
        """Send what is due, one batch; return how many left."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            claimed = await uow.outbox.claim(now, now + CLAIM_FOR, BATCH)
        sent = 0
        for message in claimed:
            sent += await self._deliver(message)
        return sent

    async def _deliver(self, message: OutboxMessage) -> bool:
        """Send one message and write down how it went."""
        if message.template == PASSWORD_FORGOTTEN:
            await self._answer(message)
            return False
        letter: Letter | None = None
        try:
            async with self._work.units.reading() as uow:
                letter = await self._letters.write(uow, message, self._work.clock.now())
            async with asyncio.timeout(SEND_WITHIN):
                await self._hand_over(message, letter)
        except NotDelivered as error:
            await self._failed(message, letter, error.code, final=error.final)
        except TimeoutError:
            await self._failed(message, letter, "timeout")
        except Exception as error:
            log.exception("a message could not be sent", extra={"message_id": message.id})
            await self._failed(message, letter, type(error).__name__)
        else:
            await self._sent(message, letter)
            return True
        return False

    async def _answer(self, message: OutboxMessage) -> None:
        """Do what was asked for; the letter that may come of it is a message of its own."""
        try:
            await self._forgotten(message.values["email"])
        except Exception as error:
            log.exception("a wish could not be met", extra={"message_id": message.id})
            await self._failed(message, None, type(error).__name__)
            return
        done = replace(message, state=State.SENT, attempts=message.attempts + 1, last_error="", values={})
        async with self._work.units.writing() as uow:
            await uow.outbox.save(done)

    async def _hand_over(self, message: OutboxMessage, letter: Letter) -> None:
        messenger = self._messengers.get(message.channel)
        if messenger is None:
            raise NotDelivered("no-messenger")
        words = self._render(letter)
        await messenger.send(OutgoingMessage(message.id, letter.to, words.subject, words.text))

    async def _sent(self, message: OutboxMessage, letter: Letter) -> None:
        """Mark it; what it carried, a one-time link perhaps, is kept no longer."""
        async with self._work.units.writing() as uow:
            done = replace(message, state=State.SENT, attempts=message.attempts + 1, last_error="", values={})
            await uow.outbox.save(done)
            await self._enter(uow, message, letter, AuditAction.MESSAGE_SENT)
        log.info("message sent", extra={"message_id": message.id, "template": message.template})

    async def _failed(
        self, message: OutboxMessage, letter: Letter | None, code: str, *, final: bool = False
    ) -> None:
        """Plan the next try, or give up and enter that."""
        attempts, facts = message.attempts + 1, {"message_id": message.id, "code": code}
        again = None if final else next_try(attempts, self._work.clock.now())
        tried = replace(message, attempts=attempts, last_error=code)
        async with self._work.units.writing() as uow:
            if again is not None:
                await uow.outbox.save(replace(tried, state=State.DUE, due_at=again))
                log.warning("message not sent, will be tried again", extra=facts)
                return
            await uow.outbox.save(replace(tried, state=State.FAILED, values={}))
            await self._enter(uow, message, letter, AuditAction.MESSAGE_FAILED, code)
        log.error("message given up", extra=facts)

    async def _enter(
        self,
        uow: UnitOfWork,
        message: OutboxMessage,
        letter: Letter | None,
        action: AuditAction,
        reason: str = "",
    ) -> None:
        await enter(
            self._work,
            uow,
            SYSTEM,
            action,
            outcome=AuditOutcome.FAILED if reason else AuditOutcome.SUCCESS,
            patient_ids=(letter.patient_id,) if letter and letter.patient_id else (),
            entity=message.template,
            entity_id=message.id,
            reason=reason,
        )
