"""The fake repository of invitations to choose a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import LOST
from tests.fakes.rows import insert, swap


class FakeChoices:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, choice: Choice) -> None:
        if await self.standing(choice.patient_id, choice.service_id):
            raise StaleVersion
        insert(self._t.choices, choice.id, choice)

    async def get(self, choice_id: str) -> Choice | None:
        found: Choice | None = self._t.choices.get(choice_id)
        return found

    async def by_link(self, digest: bytes) -> Choice | None:
        return next((each for each in self._t.choices.values() if each.digest == digest), None)

    async def by_code(self, code_digest: bytes) -> Choice | None:
        return next((each for each in self._t.choices.values() if each.code_digest == code_digest), None)

    async def standing(self, patient_id: str, service_id: str) -> Choice | None:
        wanted = (patient_id, service_id, ChoiceState.OPEN)
        return next(
            (
                each
                for each in self._t.choices.values()
                if (each.patient_id, each.service_id, each.state) == wanted
            ),
            None,
        )

    async def save(self, choice: Choice) -> None:
        swap(self._t.choices, choice)

    async def of_patient(self, patient_id: str, since: datetime) -> list[Choice]:
        found = [
            each
            for each in self._t.choices.values()
            if each.patient_id == patient_id and each.expires_at > since
        ]
        return sorted(sorted(found, key=lambda each: each.id), key=lambda each: each.made_at, reverse=True)

    async def lost(self, organization_id: str, now: datetime, count: int) -> list[Choice]:
        unreached = await self.unreached(list(self._t.choices))
        found = [
            each
            for each in self._t.choices.values()
            if each.id in unreached
            and each.patient_organization_id == organization_id
            and each.standing(now) is ChoiceState.OPEN
        ]
        return sorted(found, key=lambda each: (each.expires_at, each.id))[:count]

    async def unreached(self, choice_ids: Sequence[str]) -> frozenset[str]:
        sent = [each for each in self._t.outbox.values() if not each.planned]
        told = {each: [m.state for m in sent if m.choice_id == each] for each in choice_ids}
        return frozenset(
            each for each, states in told.items() if LOST & {*states} and LOST.issuperset(states)
        )
