"""The fake repository of rooms, devices and interpreters."""

from collections.abc import Sequence
from typing import Any

from telehealth.domain.resources import NEEDED, Party, Resource, in_order
from telehealth.domain.scheduling import Interval
from tests.fakes.rows import insert, swap


class FakeResources:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, resource: Resource) -> None:
        insert(self._t.resource, resource.id, resource)

    async def save(self, resource: Resource) -> None:
        swap(self._t.resource, resource)

    async def get(self, resource_id: str) -> Resource | None:
        return self._t.resource.get(resource_id)

    async def of(self, organization_id: str) -> list[Resource]:
        found = [each for each in self._t.resource.values() if each.organization_id == organization_id]
        return sorted(found, key=in_order)

    async def parties(self, appointment_ids: Sequence[str]) -> dict[str, list[Party]]:
        return {each: parties_of(self._t, each) for each in appointment_ids}


def parties_of(tables: Any, appointment_id: str) -> list[Party]:
    """What an appointment has or had, in order."""
    claims = [each for each in tables.had.get(appointment_id, ()) if each.kind in NEEDED]
    had = [
        Party(tables.resource[each.resource_id], each.wanted, Interval(each.start, each.end))
        for each in claims
    ]
    return sorted(had, key=lambda each: in_order(each.resource))
