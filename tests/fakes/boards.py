"""The fake repository of an organization's clinics on one day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.queue import Running
from telehealth.domain.scheduling import Interval
from telehealth.services.board_repository import Counted


class FakeBoards:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    def _of_day(self, organization_id: str, window: Interval) -> list[Any]:
        found = []
        for each in self._t.visits.values():
            booked = self._t.appointments[each.appointment_id]
            ours = organization_id in {booked.organization_id, booked.patient_organization_id}
            if ours and not each.test and window.start <= booked.start < window.end:
                found.append(each)
        return found

    async def counted(self, organization_id: str, window: Interval) -> list[Counted]:
        kinds: dict[tuple[str, Any], list[Any]] = {}
        for each in self._of_day(organization_id, window):
            kinds.setdefault((each.practitioner_id, each.status), []).append(each)
        return [
            Counted(*kind, len(same), min((v.waiting_at for v in same if v.waiting_at), default=None))
            for kind, same in sorted(kinds.items())
        ]

    async def visits(self, organization_id: str, practitioner_id: str, window: Interval) -> list[str]:
        found = self._of_day(organization_id, window)
        return [each.id for each in found if each.practitioner_id == practitioner_id]

    async def running(self, practitioner_ids: Sequence[str], now: datetime) -> dict[str, Running]:
        days = sorted(self._t.running.values(), key=lambda each: each.day)
        return {
            each.practitioner_id: each
            for each in days
            if each.practitioner_id in practitioner_ids and each.ends_at > now
        }
