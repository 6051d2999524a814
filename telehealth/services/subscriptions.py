"""Programs ask to be told of what is new in the record, within their scopes and house, and take it back."""

from dataclasses import replace
from datetime import datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.domain.subscriptions import MOST_SUBSCRIPTIONS, Subscription, SubscriptionState
from telehealth.fhir.parameters import refusal
from telehealth.fhir.subscription import Criteria, Wanted, criteria_of
from telehealth.services.caring import can_read, require_care
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows


class Subscribing:
    """A program's subscriptions: each program knows its own only."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def make(self, actor: Actor, asked: Wanted, base: str) -> Subscription:
        """Watch for what is asked from now on; `base` is the address of our FHIR door.

        Raises NotPermitted beyond the program's scopes, NotFound for a patient who is not its house's, and
        BadInput naming the element that cannot be.
        """
        self._allowed(actor)
        criteria, now = criteria_of(asked.criteria, base), self._work.clock.now()
        if not can_read(actor, criteria.type):
            raise NotPermitted
        if asked.ends_at is not None and asked.ends_at <= now:
            raise refusal("Subscription.end", "value", "This is over already.")
        async with self._work.units.writing() as uow:
            if criteria.patient_id:
                await require_care(self._work, uow, actor, Permission.RECORD_READ, criteria.patient_id)
            own = await uow.subscriptions.of(actor.id)
            if sum(each.state is SubscriptionState.ACTIVE for each in own) >= MOST_SUBSCRIPTIONS:
                raise refusal("Subscription", "too-many", f"Of these there are {MOST_SUBSCRIPTIONS} at most.")
            made = _made(actor, criteria, asked, self._work.identifier(), now)
            await uow.subscriptions.add(made)
            await self._enter(uow, actor, AuditAction.SUBSCRIPTION_MADE, made)
        return made

    async def all(self, actor: Actor) -> list[Subscription]:
        """Return a program's own."""
        self._allowed(actor)
        async with self._work.units.reading() as uow:
            return await uow.subscriptions.of(actor.id)

    async def one(self, actor: Actor, subscription_id: str) -> Subscription:
        """Return one of a program's own; raises NotFound for every other."""
        self._allowed(actor)
        async with self._work.units.reading() as uow:
            return _own(actor, await uow.subscriptions.get(subscription_id))

    async def end(self, actor: Actor, subscription_id: str) -> None:
        """Tell nothing more; what had not been told by now is forgotten. Ending twice is no mistake."""
        self._allowed(actor)
        async with self._work.units.writing() as uow:
            known = _own(actor, await uow.subscriptions.get(subscription_id))
            await uow.subscriptions.drop(known.id)
            if known.state is SubscriptionState.OFF:
                return
            now, off = self._work.clock.now(), SubscriptionState.OFF
            await uow.subscriptions.save(
                replace(known, state=off, error="", changed_at=now, version=known.version + 1)
            )
            await self._enter(uow, actor, AuditAction.SUBSCRIPTION_ENDED, known)

    def _allowed(self, actor: Actor) -> None:
        role_allows(actor, Permission.SUBSCRIPTION_OWN)
        require(actor, Permission.SUBSCRIPTION_OWN, Subject(organizations=(actor.organization_id,)))

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, subscription: Subscription
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(subscription.patient_id,) if subscription.patient_id else (),
            entity="Subscription",
            entity_id=subscription.id,
            reason=subscription.type,
        )


def _made(actor: Actor, criteria: Criteria, asked: Wanted, id_: str, now: datetime) -> Subscription:
    return Subscription(
        id=id_,
        program_id=actor.id,
        organization_id=actor.organization_id,
        type=criteria.type,
        patient_id=criteria.patient_id,
        criteria=asked.criteria,
        reason=asked.reason,
        endpoint=asked.endpoint,
        ids=asked.ids,
        header=asked.header,
        made_at=now,
        changed_at=now,
        due_at=now,
        ends_at=asked.ends_at,
    )


def _own(actor: Actor, found: Subscription | None) -> Subscription:
    if found is None or found.program_id != actor.id:
        raise NotFound
    return found
