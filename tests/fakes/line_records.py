"""The fake repository of how lines were."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.line_record import LineRecord
from telehealth.domain.scheduling import Interval
from telehealth.services.line_record_repository import Measured


class FakeLineRecords:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of(self, visit_ids: Collection[str]) -> list[LineRecord]:
        return [each for key, each in sorted(self._t.line_records.items()) if key[0] in visit_ids]

    async def put(self, records: Sequence[LineRecord]) -> None:
        for each in records:
            if each.visit_id in self._t.visits:
                self._t.line_records[each.visit_id, each.member] = each

    async def measured(self, organization_id: str, window: Interval, most: int) -> list[Measured]:
        found = []
        for key, each in sorted(self._t.line_records.items()):
            visit = self._t.visits[key[0]]
            booked = self._t.appointments[visit.appointment_id]
            ours = organization_id in {booked.organization_id, booked.patient_organization_id}
            if ours and not visit.test and window.start <= each.begun_at < window.end:
                found.append(Measured(each.summary, booked.location_id, booked.start))
        return sorted(found, key=lambda each: each.summary.begun_at, reverse=True)[:most]

    async def forget(self, before: datetime) -> int:
        old = [key for key, each in self._t.line_records.items() if each.begun_at < before]
        for key in old:
            del self._t.line_records[key]
        return len(old)
