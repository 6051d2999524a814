"""The fake repository of waiting lists and offers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import LOST
from telehealth.domain.waitlist import EVERYBODY, Offer, OfferState, Sought, Waiting, WaitStatus
from tests.fakes.rows import insert, swap


class FakeWaitlist:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, waiting: Waiting) -> None:
        wished = (waiting.patient_id, waiting.service_id)
        if any((one.patient_id, one.service_id) == wished for one in await self.all()):
            raise StaleVersion
        insert(self._t.waitlist, waiting.id, waiting)

    async def get(self, waiting_id: str) -> Waiting | None:
        found: Waiting | None = self._t.waitlist.get(waiting_id)
        return found

    async def save(self, waiting: Waiting) -> None:
        swap(self._t.waitlist, waiting)

    async def standing(self, patient_id: str, service_id: str) -> Waiting | None:
        wished = (patient_id, service_id)
        return next((one for one in await self.all() if (one.patient_id, one.service_id) == wished), None)

    async def of(self, organization_id: str, sought: Sought = EVERYBODY) -> list[Waiting]:
        found = [
            one
            for one in await self.all()
            if organization_id in {one.organization_id, one.patient_organization_id}
            and sought.patient_id in {"", one.patient_id}
            and sought.practitioner_id in {"", one.practitioner_id}
            and (sought.after is None or (one.since, one.id) > sought.after)
        ]
        return found[: sought.count]

    async def number(self, organization_id: str, sought: Sought) -> int:
        return len(await self.of(organization_id, replace(sought, count=None)))

    async def all(self) -> list[Waiting]:
        found = [one for one in self._t.waitlist.values() if one.status is WaitStatus.WAITING]
        return sorted(found, key=lambda one: (one.since, one.id))

    async def add_offer(self, offer: Offer) -> None:
        state = OfferState.OPEN
        if any((one.waiting_id, one.state) == (offer.waiting_id, state) for one in self._t.offers.values()):
            raise StaleVersion
        insert(self._t.offers, offer.id, offer)

    async def offer(self, offer_id: str) -> Offer | None:
        found: Offer | None = self._t.offers.get(offer_id)
        return found

    async def by_link(self, digest: bytes) -> Offer | None:
        return next((one for one in self._t.offers.values() if one.digest == digest), None)

    async def by_code(self, code_digest: bytes) -> Offer | None:
        return next((one for one in self._t.offers.values() if one.code_digest == code_digest), None)

    async def save_offer(self, offer: Offer) -> None:
        swap(self._t.offers, offer)

    async def offers_of(self, waiting_ids: Sequence[str]) -> list[Offer]:
        found = sorted(
            (one for one in self._t.offers.values() if one.waiting_id in waiting_ids), key=lambda one: one.id
        )
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    async def unreached(self, waiting_ids: Sequence[str]) -> frozenset[str]:
        asked = [one for one in self._t.offers.values() if one.waiting_id in waiting_ids]
        waits = [one.id for one in asked if one.state in {OfferState.OPEN, OfferState.EXPIRED}]
        told = {each: [m.state for m in self._t.outbox.values() if m.offer_id == each] for each in waits}
        return frozenset(each for each, states in told.items() if states and LOST.issuperset(states))

    async def run_out(self, now: datetime) -> list[Offer]:
        over = [
            one for one in self._t.offers.values() if one.state is OfferState.OPEN and one.expires_at <= now
        ]
        return sorted(over, key=lambda one: (one.expires_at, one.id))
