"""The fake repository of broken glasses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.glass import Glass
from tests.fakes.rows import insert, swap


class FakeGlasses:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def queue(self, practitioner_id: str) -> None:
        """One writing unit comes after the other here."""

    async def add(self, glass: Glass) -> None:
        insert(self._t.glasses, glass.id, glass)

    async def save(self, glass: Glass) -> None:
        swap(self._t.glasses, glass)

    async def get(self, glass_id: str) -> Glass | None:
        found: Glass | None = self._t.glasses.get(glass_id)
        return found

    async def many(self, ids: Sequence[str]) -> dict[str, Glass]:
        return {each: self._t.glasses[each] for each in ids if each in self._t.glasses}

    async def open_for(self, practitioner_id: str, patient_id: str, now: datetime) -> Glass | None:
        mine = [each for each in self._of(practitioner_id) if each.patient_id == patient_id]
        return next((each for each in mine if each.is_open(now)), None)

    async def since(self, practitioner_id: str, start: datetime) -> list[Glass]:
        return [each for each in self._of(practitioner_id) if each.opened_at >= start or each.until > start]

    async def told(self, organization_id: str, *, reviewed: bool, limit: int) -> list[Glass]:
        theirs = [
            each
            for each in self._t.glasses.values()
            if organization_id in {each.organization_id, each.reader_organization_id}
            and (each.reviewed_at is not None) == reviewed
            and (reviewed or each.patient_id not in self._t.erasures)
        ]
        ordered = _newest(theirs) if reviewed else _newest(theirs)[::-1]
        return ordered[:limit]

    def _of(self, practitioner_id: str) -> list[Glass]:
        return _newest([each for each in self._t.glasses.values() if each.practitioner_id == practitioner_id])


def _newest(found: list[Glass]) -> list[Glass]:
    return sorted(found, key=lambda each: (each.opened_at, each.id), reverse=True)
