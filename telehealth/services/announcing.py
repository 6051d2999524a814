"""Telling programs what is new in the record: in order, again with back-off, until it arrives or is given up.

What is due lies in the database since the transaction that wrote the resource; one subscription is told of
one lot after the other. A crash between telling and marking tells a lot again under the same numbers.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound, StaleVersion
from telehealth.domain.outbox import next_try
from telehealth.domain.programs import Program
from telehealth.domain.subscriptions import Event, Subscription, SubscriptionState
from telehealth.fhir.subscription import Criteria, criteria_of, notification
from telehealth.services.caring import can_read, concerns
from telehealth.services.ports import Hook, NotTold
from telehealth.services.programs import acting
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter

BATCH = 10
"""Subscriptions that are told side by side."""
LOT = 50
"""Events that one message tells of."""
TELL_WITHIN = 15.0
CLAIM_FOR = timedelta(seconds=60)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lot:
    """What is looked at for one subscription: all `events`, of which only `news` is told."""

    subscription: Subscription
    program: Program
    events: tuple[Event, ...] = ()
    news: tuple[Event, ...] = ()


class Announcing:
    """Tells what is due. `base` is the address of our FHIR door."""

    def __init__(self, *, work: Work, hook: Hook, base: str) -> None:
        self._work, self._hook, self._base = work, hook, base
        self._entered: dict[str, frozenset[Event]] = {}
        """By subscription, what an entry has named since it was last told: a further try enters the rest."""

    async def tell_due(self) -> int:
        """Tell one lot of each subscription that is due, side by side; return how many were looked at."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            for each in await uow.subscriptions.ending(now):
                await self._over(uow, each, SubscriptionState.OFF)
            claimed = await uow.subscriptions.claim(now, now + CLAIM_FOR, BATCH)
        await asyncio.gather(*(self._tell(each) for each in claimed))
        return len(claimed)

    async def _tell(self, subscription: Subscription) -> None:
        try:
            lot = await self._lot(subscription)
            if lot is not None:
                await self._send(lot)
        except StaleVersion:
            self._ended_meanwhile(subscription)
        except Exception:
            log.exception("news could not be told", extra={"subscription_id": subscription.id})
            await self._stuck(subscription)

    async def _stuck(self, subscription: Subscription) -> None:
        """Count a fault of our own as a failed try, so that it, too, comes to an end."""
        async with self._work.units.reading() as uow:
            program = await uow.programs.get(subscription.program_id)
        try:
            if program is not None:
                await self._failed(Lot(subscription, program), NotTold("unexpected"))
        except StaleVersion:
            self._ended_meanwhile(subscription)

    def _ended_meanwhile(self, subscription: Subscription) -> None:
        self._entered.pop(subscription.id, None)
        log.info("a subscription ended meanwhile", extra={"subscription_id": subscription.id})

    async def _lot(self, subscription: Subscription) -> Lot | None:
        """Return what is to be told now, after entering that it is; None where there is nothing."""
        async with self._work.units.reading() as uow:
            program = await uow.programs.get(subscription.program_id)
            events = await uow.subscriptions.events(subscription.id, LOT)
            news = await self._news(uow, subscription, program, events) if program else []
        async with self._work.units.writing() as uow:
            if program is None or program.ended_at is not None:
                await self._over(uow, subscription, SubscriptionState.OFF)
                return None
            lot = Lot(subscription, program, tuple(events), tuple(news))
            if not news:
                await self._done(uow, lot)
                return None
            await self._enter_news(uow, lot)
        self._entered[subscription.id] = frozenset(news)
        return lot

    async def _enter_news(self, uow: UnitOfWork, lot: Lot) -> None:
        """Enter whose news leaves, before it does; once for all tries, unless there was a restart between."""
        known = self._entered.get(lot.subscription.id, frozenset())
        fresh = tuple(each for each in lot.news if each not in known)
        if fresh:
            await self._enter(uow, replace(lot, news=fresh), AuditAction.RECORD_ANNOUNCED)

    async def _news(
        self, uow: UnitOfWork, subscription: Subscription, program: Program, events: Sequence[Event]
    ) -> list[Event]:
        """Return those of the events that the program may know of and that it asked for."""
        if not can_read(acting(program, program.scopes), subscription.type):
            return []
        criteria = criteria_of(subscription.criteria, self._base)
        return [each for each in events if await self._fits(uow, program, criteria, each)]

    async def _fits(self, uow: UnitOfWork, program: Program, criteria: Criteria, event: Event) -> bool:
        """Whether this is asked for, and neither another house's patient's nor denied by now."""
        if not await concerns(self._work, uow, acting(program, program.scopes), event.patient_id):
            return False
        if not criteria.tests:
            return True
        try:
            stored = await uow.record.get(criteria.type, event.resource_id, event.version)
        except NotFound:  # erased since
            return False
        resource = json.loads(stored.text) if stored else None
        return resource is not None and all(test(resource) for test in criteria.tests)

    async def _send(self, lot: Lot) -> None:
        subscription = lot.subscription
        try:
            async with asyncio.timeout(TELL_WITHIN):
                await self._hook.tell(subscription.endpoint, subscription.header, self._message(lot))
        except TimeoutError:
            await self._failed(lot, NotTold("timeout"))
        except NotTold as error:
            await self._failed(lot, error)
        else:
            async with self._work.units.writing() as uow:
                await self._done(uow, lot)

    def _message(self, lot: Lot) -> str:
        """Return what the hook is told; nothing at all where ids were not asked for."""
        if not lot.subscription.ids:
            return ""
        now = self._work.clock.now()
        key = UUID(bytes=self._work.chance.token(16), version=4)
        return json.dumps(notification(lot.subscription, lot.news, key, now, self._base))

    async def _done(self, uow: UnitOfWork, lot: Lot) -> None:
        known = lot.subscription
        self._entered.pop(known.id, None)
        await uow.subscriptions.done(known.id, lot.events)
        heard = replace(known, told=known.told + len(lot.news), attempts=0, error="")
        last = self._work.clock.now()  # whoever has more to hear comes after all others that are due
        await uow.subscriptions.save(replace(heard, due_at=last, version=known.version + 1))

    async def _failed(self, lot: Lot, error: NotTold) -> None:
        """Plan the next try, or give the subscription up: its program asks again once it can be reached."""
        known, now = lot.subscription, self._work.clock.now()
        again = None if error.final else next_try(known.attempts + 1, now)
        tried = replace(known, attempts=known.attempts + 1, error=error.code)
        async with self._work.units.writing() as uow:
            if again is not None:
                await uow.subscriptions.save(replace(tried, due_at=again, version=known.version + 1))
                return
            await self._over(uow, tried, SubscriptionState.ERROR)
            await self._enter(uow, lot, AuditAction.SUBSCRIPTION_FAILED, error.code)

    async def _over(self, uow: UnitOfWork, known: Subscription, state: SubscriptionState) -> None:
        now = self._work.clock.now()
        self._entered.pop(known.id, None)
        await uow.subscriptions.drop(known.id)
        await uow.subscriptions.save(replace(known, state=state, changed_at=now, version=known.version + 1))

    async def _enter(self, uow: UnitOfWork, lot: Lot, action: AuditAction, reason: str = "") -> None:
        failed = action is AuditAction.SUBSCRIPTION_FAILED
        await enter(
            self._work,
            uow,
            acting(lot.program),
            action,
            outcome=AuditOutcome.FAILED if failed else AuditOutcome.SUCCESS,
            patient_ids=() if failed else sorted({each.patient_id for each in lot.news}),
            entity="Subscription",
            entity_id=lot.subscription.id,
            reason=reason or f"{lot.subscription.type}, {len(lot.news)}",
        )
