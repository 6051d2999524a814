"""The fake repository of those who came without an appointment."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.walk_in import WalkIn, WalkInStatus
from tests.fakes.rows import insert, swap


class FakeWalkIns:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, walk_in: WalkIn) -> None:
        self._waits_once(walk_in)
        insert(self._t.walk_ins, walk_in.id, walk_in)

    async def hold(self, service_id: str) -> None:
        """One writer at a time holds everything anyway."""

    async def get(self, walk_in_id: str) -> WalkIn | None:
        found: WalkIn | None = self._t.walk_ins.get(walk_in_id)
        return found

    async def by_link(self, digest: bytes) -> WalkIn | None:
        return next((one for one in self._t.walk_ins.values() if one.link_digest == digest), None)

    async def save(self, walk_in: WalkIn) -> None:
        self._waits_once(walk_in)
        swap(self._t.walk_ins, walk_in)

    async def of_patient(self, patient_id: str) -> WalkIn | None:
        waits, all_of_them = WalkInStatus.WAITING, self._t.walk_ins.values()
        return next((one for one in all_of_them if (one.patient_id, one.status) == (patient_id, waits)), None)

    async def of_clinic(self, organization_id: str, since: datetime) -> list[WalkIn]:
        concerned = ("organization_id", "from_organization_id")
        return self._since(since, lambda one: organization_id in {getattr(one, name) for name in concerned})

    async def waiting(self, service_ids: Collection[str], since: datetime) -> list[WalkIn]:
        waits = WalkInStatus.WAITING
        return self._since(since, lambda one: one.status is waits and one.service_id in service_ids)

    def _since(self, since: datetime, wanted: Any) -> list[WalkIn]:
        found = [one for one in self._t.walk_ins.values() if one.arrived_at >= since and wanted(one)]
        return sorted(found, key=lambda one: (one.arrived_at, one.id))

    def _waits_once(self, walk_in: WalkIn) -> None:
        waits = WalkInStatus.WAITING
        others = [one for one in self._t.walk_ins.values() if one.id != walk_in.id and one.status is waits]
        if walk_in.status is waits and any(one.patient_id == walk_in.patient_id for one in others):
            raise StaleVersion
