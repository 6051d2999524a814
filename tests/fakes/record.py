"""A fake of the shared record's embedded store."""

from collections.abc import Collection, Sequence
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.people import Identifier
from telehealth.domain.record import Head, Mark, ResourceVersion


class FakeRecord:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def queue(self, patient_ids: Collection[str]) -> None:
        """Writing units in memory come one after the other anyway."""

    async def put(self, resource: ResourceVersion) -> None:
        key = (resource.type, resource.id, resource.version)
        if key in self._t.resources:
            raise StaleVersion
        self._t.resources[key] = resource

    async def get(self, type_: str, resource_id: str, version: int | None = None) -> ResourceVersion | None:
        if version is not None:
            return self._t.resources.get((type_, resource_id, version))
        found = [r for r in self._t.resources.values() if (r.type, r.id) == (type_, resource_id)]
        return max(found, key=lambda each: each.version, default=None)

    async def history(self, type_: str, resource_id: str, before: int, limit: int) -> list[Head]:
        found = [r for r in self._t.resources.values() if (r.type, r.id) == (type_, resource_id)]
        older = [each for each in found if each.version < before]
        return [_head(each) for each in sorted(older, key=lambda each: -each.version)[:limit]]

    async def holders(self, type_: str, patient_id: str, identifier: Identifier) -> list[str]:
        found = [key for key in self._t.identifiers if key[:3] == (type_, patient_id, identifier)]
        return [self._t.identifiers[key] for key in sorted(found, key=lambda each: each[3])]

    async def claim(self, type_: str, patient_id: str, identifier: Identifier, resource_id: str) -> bool:
        key = (type_, patient_id, identifier, "")
        return self._t.identifiers.setdefault(key, resource_id) == resource_id

    async def identify(
        self, type_: str, patient_id: str, resource_id: str, identifiers: Sequence[Identifier]
    ) -> None:
        own = {k for k, v in self._t.identifiers.items() if (k[0], v) == (type_, resource_id)}
        for key in own:
            if key[2] not in identifiers:
                del self._t.identifiers[key]
        for each in set(identifiers) - {key[2] for key in own}:
            if not await self.claim(type_, patient_id, each, resource_id):
                self._t.identifiers[type_, patient_id, each, resource_id] = resource_id

    async def versions(self, type_: str, ids: Sequence[str]) -> dict[str, int]:
        found = [r for r in self._t.resources.values() if r.type == type_ and r.id in set(ids)]
        return {r.id: max(each.version for each in found if each.id == r.id) for r in found}

    async def of_patient(self, patient_id: str, type_: str = "") -> list[ResourceVersion]:
        newest: dict[tuple[str, str], ResourceVersion] = {}
        for each in self._t.resources.values():
            if each.patient_id == patient_id and type_ in {"", each.type}:
                kept = newest.get((each.type, each.id))
                if kept is None or kept.version < each.version:
                    newest[each.type, each.id] = each
        return sorted(newest.values(), key=lambda each: (each.updated_at, each.id))

    async def count(self, patient_id: str, type_: str) -> int:
        return len(await self.of_patient(patient_id, type_))

    async def heads(self, patient_id: str, type_: str, after: Mark | None, limit: int) -> list[Head]:
        known = await self.of_patient(patient_id, type_)
        return [head for head in map(_head, known) if after is None or head.mark > after][:limit]

    async def opened(self, type_: str, heads: Sequence[Head]) -> list[ResourceVersion]:
        return [self._t.resources[type_, each.id, each.version] for each in heads]


def _head(stored: ResourceVersion) -> Head:
    return Head(stored.id, stored.version, stored.updated_at, len(stored.text.encode()))
