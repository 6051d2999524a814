"""Sending what waits in the outbox: claim, word, hand over, mark; mail at least once, SMS at most."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import (
    LOST,
    REACHED,
    SUPERSEDED,
    TO_PATIENTS,
    TRANSITIONS,
    UNSURE,
    WISHES,
    Channel,
    OutboxMessage,
    Turn,
    next_try,
)
from telehealth.domain.outbox import Delivery as State
from telehealth.services.gathering import kept_of, settle
from telehealth.services.letters import Letter, Letters, NotDelivered, Rendered, Words
from telehealth.services.ports import CalendarPart, Messenger, OutgoingMessage
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter
from telehealth.services.visit_making import Invitations

BATCH = 10
SEND_WITHIN = 30.0
"""Seconds for one message, all steps of its protocol together."""
CLAIM_FOR = timedelta(seconds=SEND_WITHIN + 60)
"""Longer than a batch takes, whose messages leave side by side: nobody else sends what is being sent."""

log = logging.getLogger(__name__)


class Delivery:
    """Empties the outbox, one channel at a time: a mail server that hangs keeps no SMS waiting.

    A crash between sending and marking repeats a mail under the same Message-ID. An SMS is marked as leaving
    before it is handed over; where no word comes back, it is given up as unsure instead of being repeated.
    """

    def __init__(
        self,
        *,
        work: Work,
        messengers: Mapping[Channel, Messenger],
        words: Words,
        invitations: Invitations,
        wishes: Mapping[str, Callable[[str], Awaitable[None]]],
    ) -> None:
        """`wishes` says who is told of each sort of wish."""
        self._work, self._messengers, self._words = work, messengers, words
        self._wishes = wishes
        self._letters = Letters(invitations=invitations, words=words)

    async def send_due(self, channel: Channel) -> int:
        """Send what is due, one batch side by side; return how many left."""
        await self._give_up_adrift()
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            claimed = await uow.outbox.claim(channel, now, now + CLAIM_FOR, BATCH)
        return sum(await asyncio.gather(*(self._deliver(message) for message in claimed)))

    async def give_up_due(self) -> int:
        """Give up what is due already, in a database from a backup: it may have left since, nobody can tell.

        The clinic sees whom that concerns, as it does for every message that may be out and may not.
        """
        given_up, now = 0, self._work.clock.now()
        for channel in Channel:
            claimed: list[OutboxMessage] | None = None
            while claimed is None or claimed:
                async with self._work.units.writing() as uow:
                    claimed = await uow.outbox.claim(channel, now, now + CLAIM_FOR, BATCH)
                for message in claimed:
                    await self._settle(message, None, Turn.GIVE_UP, UNSURE, quiet=True)
                given_up += len(claimed)
        return given_up

    async def _give_up_adrift(self) -> None:
        """Give up what a dead worker had handed over: it may be out."""
        async with self._work.units.reading() as uow:
            adrift = await uow.outbox.adrift(self._work.clock.now(), BATCH)
        for message in adrift:
            await self._settle(message, None, Turn.GIVE_UP, UNSURE)

    async def _deliver(self, message: OutboxMessage) -> bool:
        """Send one message and write down how it went."""
        if message.template in WISHES:
            await self._answer(message)
            return False
        letter: Letter | None = None
        handed = False
        try:
            async with self._work.units.reading() as uow:
                letter = await self._letters.write(uow, message, self._work.clock.now())
            messenger, outgoing = self._outgoing(message, letter)
            handed = await self._leaves(message)
            async with asyncio.timeout(SEND_WITHIN):
                await messenger.send(outgoing)
        except StaleVersion:
            log.info("another worker has the message", extra={"message_id": message.id})
        except NotDelivered as error:
            await self._failed(message, letter, error)
        except TimeoutError:
            await self._failed(message, letter, NotDelivered(UNSURE if handed else "timeout", final=handed))
        except Exception as error:
            log.exception("a message could not be sent", extra={"message_id": message.id})
            code = UNSURE if handed else type(error).__name__
            await self._failed(message, letter, NotDelivered(code, final=handed))
        else:
            await self._settle(message, letter, Turn.TAKEN)
            return True
        return False

    def _outgoing(self, message: OutboxMessage, letter: Letter) -> tuple[Messenger, OutgoingMessage]:
        """Return the message in words and who takes it; raise NotDelivered where nobody does."""
        words, messenger = self._words(letter), self._messengers.get(message.channel)
        if messenger is None:
            raise NotDelivered("no-messenger", final=True)
        if message.channel is Channel.EMAIL:
            told = (words.subject, words.text, words.html, words.sender)
            return messenger, OutgoingMessage(
                message.id, letter.to, *told, _calendars(message, letter, words)
            )
        if not words.sms:
            raise NotDelivered("no-template", final=True)
        return messenger, OutgoingMessage(message.id, letter.to, "", words.sms)

    async def _leaves(self, message: OutboxMessage) -> bool:
        """Mark an SMS as leaving, whatever comes after; raise StaleVersion where another worker did."""
        if message.channel is not Channel.SMS:
            return False
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            await uow.outbox.hand_over(message.id, now, now + CLAIM_FOR)
        return True

    async def _answer(self, message: OutboxMessage) -> None:
        """Do what was asked for; the letter that may come of it is a message of its own."""
        try:
            await self._wishes[message.template](message.values["wish"])
        except Exception as error:
            log.exception("a wish could not be met", extra={"message_id": message.id})
            await self._failed(message, None, NotDelivered(type(error).__name__))
            return
        await self._settle(message, None, Turn.TAKEN)

    async def _failed(self, message: OutboxMessage, letter: Letter | None, error: NotDelivered) -> None:
        """Plan the next try, or give up."""
        if error.bounced:
            turn = Turn.BOUNCE
        elif error.final or next_try(message.attempts + 1, self._work.clock.now()) is None:
            turn = Turn.GIVE_UP
        else:
            turn = Turn.RETRY
        await self._settle(message, letter, turn, error.code)

    async def _settle(
        self,
        message: OutboxMessage,
        letter: Letter | None,
        turn: Turn,
        code: str = "",
        *,
        quiet: bool = False,
    ) -> None:
        """Write down how a try went; the gateway's report, where it came first, stands.

        What the message carried, a one-time link perhaps, is kept no longer than it is needed. It is logged,
        unless whoever asked for it tells it in another way (`quiet`).
        """
        now, attempts = self._work.clock.now(), message.attempts + 1
        async with self._work.units.writing() as uow:
            kept = await uow.outbox.get(message.id)
            state = TRANSITIONS.get((kept.state, turn)) if kept else None
            if kept is None or state is None:
                return
            due = next_try(attempts, now) if state is State.DUE else None
            settled = replace(
                kept,
                state=state,
                attempts=attempts,
                last_error=code,
                values=kept.values if due else kept_of(kept),
                due_at=due or kept.due_at,
                changed_at=now,
            )
            await settle(self._work, uow, settled)
            if due is None and message.template not in WISHES:
                await self._enter(uow, message, letter, state, code)
        if not quiet:
            _tell(message, state, code)

    async def _enter(
        self, uow: UnitOfWork, message: OutboxMessage, letter: Letter | None, state: State, code: str
    ) -> None:
        """Enter that a message left or was given up."""
        patients = message.visit_id or message.template in TO_PATIENTS
        patient_id = letter.patient_id if letter else message.person_id if patients else ""
        await enter(
            self._work,
            uow,
            SYSTEM,
            AuditAction.MESSAGE_FAILED if state in LOST else AuditAction.MESSAGE_SENT,
            outcome=AuditOutcome.FAILED if state in LOST else AuditOutcome.SUCCESS,
            patient_ids=(patient_id,) if patient_id else (),
            entity=message.template,
            entity_id=message.id,
            reason=code,
        )


def _calendars(message: OutboxMessage, letter: Letter, words: Rendered) -> tuple[CalendarPart, ...]:
    """Return what a mail tells calendars; a repeated one tells the same to the letter."""
    told = (words.title, words.advice, words.place)
    return tuple(CalendarPart(each, *told, message.made_at) for each in letter.entries)


def _tell(message: OutboxMessage, state: State, code: str) -> None:
    """Log one change of state; a message given up needs somebody, unless nothing had to be said any more."""
    facts = {"message_id": message.id, "template": message.template, "code": code}
    if state in REACHED:
        log.info("message sent", extra=facts)
    elif code == SUPERSEDED:
        log.info("message not needed any more", extra=facts)
    elif state in LOST:
        log.error("message given up", extra=facts)
    else:
        log.warning("message not sent, will be tried again", extra=facts)
