"""The fake repositories of messages and of organizations' own wordings."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import GATHERED, LOST, WAITING, WISHES, Channel, Delivery, OutboxMessage
from telehealth.domain.own_text import OwnText
from tests.fakes.rows import change, forget, insert


class FakeOutbox:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def put(self, *messages: OutboxMessage) -> None:
        for message in messages:
            insert(self._t.outbox, message.id, message)

    async def take_back(self, visit_id: str, templates: Collection[str]) -> int:
        def waits(message: OutboxMessage) -> bool:
            ours = message.visit_id == visit_id and message.template in templates
            return ours and message.state is Delivery.DUE

        return forget(self._t.outbox, waits)

    async def claim(
        self, channel: Channel, now: datetime, until: datetime, limit: int
    ) -> list[OutboxMessage]:
        mine = [m for m in self._t.outbox.values() if m.channel is channel]
        due = [m for m in mine if self._free(m, now)]
        due.sort(key=lambda m: (m.due_at, m.id))
        taken = [replace(m, state=Delivery.SENDING) for m in due[:limit]]
        for message in taken:
            self._t.outbox[message.id] = message
            self._t.claimed[message.id] = until
        return taken

    def _free(self, message: OutboxMessage, now: datetime) -> bool:
        if message.state is Delivery.DUE:
            return message.due_at <= now
        return message.state is Delivery.SENDING and self._t.claimed[message.id] <= now

    async def hand_over(self, message_id: str, now: datetime, until: datetime) -> None:
        message = self._t.outbox[message_id]
        if message.state is not Delivery.SENDING:
            raise StaleVersion
        change(self._t.outbox, replace(message, state=Delivery.LEAVING, changed_at=now))
        self._t.claimed[message_id] = until

    async def adrift(self, now: datetime, limit: int) -> list[OutboxMessage]:
        gone = [m for m in self._t.outbox.values() if m.state is Delivery.LEAVING]
        return [m for m in gone if self._t.claimed[m.id] <= now][:limit]

    async def get(self, message_id: str) -> OutboxMessage | None:
        return self._t.outbox.get(message_id)

    async def save(self, message: OutboxMessage) -> None:
        change(self._t.outbox, message)

    async def of_visit(self, visit_id: str) -> list[OutboxMessage]:
        found = [m for m in self._t.outbox.values() if m.visit_id == visit_id]
        return sorted(found, key=lambda m: (m.made_at, m.id))

    async def gathering(self, person_id: str, now: datetime) -> list[OutboxMessage]:
        def waits(message: OutboxMessage) -> bool:
            still = message.state is Delivery.DUE and not message.attempts and message.due_at > now
            return still and message.person_id == person_id and message.template in GATHERED

        return sorted(filter(waits, self._t.outbox.values()), key=lambda m: m.id)

    async def unreached(self, organization_id: str, since: datetime, limit: int) -> list[OutboxMessage]:
        return [m for m in self._t.outbox.values() if self._lost(m, organization_id, since)][:limit]

    def _lost(self, message: OutboxMessage, organization_id: str, since: datetime) -> bool:
        if not message.visit_id:
            return False
        booked = self._t.appointments[self._t.visits[message.visit_id].appointment_id]
        ours = {booked.organization_id, booked.patient_organization_id}
        return organization_id in ours and booked.end > since and self._all_lost(message)

    def _all_lost(self, message: OutboxMessage) -> bool:
        kind = (message.visit_id, message.template)
        alike = [m for m in self._t.outbox.values() if (m.visit_id, m.template) == kind]
        return all(m.state in LOST for m in alike)

    async def lost_about(self, visit_ids: Sequence[str]) -> list[OutboxMessage]:
        return [m for m in self._t.outbox.values() if m.visit_id in visit_ids and self._all_lost(m)]

    async def of_offers(self, offer_ids: Sequence[str]) -> list[OutboxMessage]:
        found = [m for m in self._t.outbox.values() if m.offer_id in offer_ids]
        return sorted(found, key=lambda m: (m.made_at, m.id))

    async def of_choices(self, choice_ids: Sequence[str]) -> list[OutboxMessage]:
        found = [m for m in self._t.outbox.values() if m.choice_id in choice_ids]
        return sorted(found, key=lambda m: (m.made_at, m.id))

    async def forget_wishes(self, changed_before: datetime) -> int:
        def over(message: OutboxMessage) -> bool:
            done = message.template in WISHES and message.state not in WAITING
            return done and message.changed_at < changed_before

        return forget(self._t.outbox, over)

    async def forget_unreadable(self) -> int:
        return 0  # nothing is sealed here

    async def counts(self) -> dict[Delivery, int]:
        return dict(Counter(m.state for m in self._t.outbox.values()))


class FakeOwnTexts:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def get(self, organization_id: str, template: str, language: str) -> OwnText | None:
        return self._t.texts.get((organization_id, template, language))

    async def of(self, organization_id: str) -> list[OwnText]:
        return [text for (owner, *_), text in sorted(self._t.texts.items()) if owner == organization_id]

    async def put(self, text: OwnText) -> None:
        kept = self._t.texts.get(_key(text))
        if text.version != (kept.version if kept else 0) + 1:
            raise StaleVersion
        self._t.texts[_key(text)] = text

    async def remove(self, text: OwnText) -> None:
        self._t.texts.pop(_key(text), None)


def _key(text: OwnText) -> tuple[str, str, str]:
    return text.organization_id, text.template, text.language
