"""The fake repository of subscriptions and of what each has yet to be told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.record import ResourceVersion
from telehealth.domain.subscriptions import Event, Subscription, SubscriptionState
from tests.fakes.rows import forget, insert, swap

ACTIVE = SubscriptionState.ACTIVE


class FakeSubscriptions:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, subscription: Subscription) -> None:
        insert(self._t.subscriptions, subscription.id, subscription)

    async def save(self, subscription: Subscription) -> None:
        swap(self._t.subscriptions, subscription)
        self._t.subscription_claims.pop(subscription.id, None)

    async def get(self, subscription_id: str) -> Subscription | None:
        found: Subscription | None = self._t.subscriptions.get(subscription_id)
        return found

    async def of(self, program_id: str) -> list[Subscription]:
        own = [each for each in self._t.subscriptions.values() if each.program_id == program_id]
        return sorted(own, key=lambda each: (each.made_at, each.id))

    async def end_all(self, program_id: str, now: datetime) -> int:
        own = await self.of(program_id)
        active = [each for each in own if each.state is ACTIVE]
        for each in own:
            await self.drop(each.id)
        for each in active:
            off = replace(each, state=SubscriptionState.OFF, changed_at=now, version=each.version + 1)
            self._t.subscriptions[each.id] = off
        return len(active)

    async def notice(self, resource: ResourceVersion) -> int:
        patient = self._t.patients.get(resource.patient_id)
        watching = [
            each
            for each in self._t.subscriptions.values()
            if patient is not None
            and each.state is ACTIVE
            and each.type == resource.type
            and each.organization_id == patient.organization_id
            and each.patient_id in {"", resource.patient_id}
        ]
        for each in watching:
            key = (each.id, resource.id, resource.version)
            insert(self._t.subscription_events, key, Event(*key, resource.patient_id, resource.updated_at))
        return len(watching)

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[Subscription]:
        waiting = {each.subscription_id for each in self._t.subscription_events.values()}
        claims = self._t.subscription_claims
        due = [
            each
            for each in self._t.subscriptions.values()
            if each.state is ACTIVE and each.due_at <= now and each.id in waiting
            if claims.get(each.id, now) <= now
        ]
        taken = sorted(due, key=lambda each: (each.due_at, each.id))[:limit]
        claims.update({each.id: until for each in taken})
        return taken

    async def events(self, subscription_id: str, limit: int) -> list[Event]:
        own = [
            each for each in self._t.subscription_events.values() if each.subscription_id == subscription_id
        ]
        return sorted(own, key=lambda each: (each.at, each.resource_id, each.version))[:limit]

    async def done(self, subscription_id: str, events: Sequence[Event]) -> None:
        for each in events:
            self._t.subscription_events.pop((subscription_id, each.resource_id, each.version), None)

    async def drop(self, subscription_id: str) -> None:
        forget(self._t.subscription_events, lambda each: each.subscription_id == subscription_id)

    async def ending(self, now: datetime) -> list[Subscription]:
        return [
            each
            for _, each in sorted(self._t.subscriptions.items())
            if each.state is ACTIVE and each.ends_at is not None and each.ends_at <= now
        ]

    async def forget(self, before: datetime) -> int:
        def over(each: Subscription) -> bool:
            return each.state is not ACTIVE and each.changed_at < before

        for each in list(self._t.subscriptions.values()):
            if over(each):
                await self.drop(each.id)
        return forget(self._t.subscriptions, over)
