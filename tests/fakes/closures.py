"""The fake repository of closed clinics, and which closure a visit lies in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from telehealth.domain.closures import Closure
from telehealth.domain.consultation import UNBEGUN
from tests.fakes.rows import insert


class FakeClosures:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, closure: Closure) -> None:
        insert(self._t.closures, closure.id, closure)

    async def get(self, closure_id: str) -> Closure | None:
        return self._t.closures.get(closure_id)

    async def coming(self, organization_id: str, now: datetime) -> list[Closure]:
        found = [c for c in self._t.closures.values() if c.organization_id == organization_id and c.end > now]
        return sorted(found, key=lambda each: (each.start, each.id))

    async def in_force(self, organization_ids: Collection[str], now: datetime) -> list[Closure]:
        ours = (c for c in self._t.closures.values() if c.organization_id in organization_ids)
        return [each for each in ours if each.start <= now < each.end]

    async def remove(self, closure_id: str) -> None:
        self._t.closures.pop(closure_id, None)

    async def concerned(self, closure: Closure) -> list[tuple[str, str]]:
        visits = [v for v in self._t.visits.values() if not v.test and _lies_in(self._t, v, closure)]
        return sorted((each.id, each.practitioner_id) for each in visits)


def closure_of(tables: Any, visit: Any) -> str:
    """Return the id of the closure that keeps a visit from taking place; of several the last to end."""
    found = sorted((c for c in tables.closures.values() if _lies_in(tables, visit, c)), key=lambda c: c.id)
    return max(found, key=lambda each: each.end).id if found else ""


def _lies_in(tables: Any, visit: Any, closure: Closure) -> bool:
    booked = tables.appointments[visit.appointment_id]
    return (
        visit.status in UNBEGUN
        and closure.organization_id == visit.organization_id
        and closure.location_id in {"", booked.location_id}
        and closure.start <= booked.start < closure.end
    )
