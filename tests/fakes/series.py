"""The fake repository of series of visits."""

from typing import Any

from telehealth.domain.series import Series
from tests.fakes.rows import insert


class FakeSeries:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, series: Series) -> None:
        insert(self._t.series, series.id, series)

    async def get(self, series_id: str) -> Series | None:
        return self._t.series.get(series_id)

    async def of(self, appointment_id: str) -> str:
        found = self._t.appointments.get(appointment_id)
        return found.series_id if found else ""

    async def hold(self, series_id: str) -> None:
        """One writer at a time holds everything anyway."""

    async def visits(self, series_id: str) -> list[str]:
        of = self._t.appointments
        found = [each for each in self._t.visits.values() if of[each.appointment_id].series_id == series_id]
        return [each.id for each in sorted(found, key=lambda each: of[each.appointment_id].start)]

    async def sequence(self, series_id: str) -> int:
        return sum(a.sequence for a in self._t.appointments.values() if a.series_id == series_id)
