"""The fake repository of odd patterns of reading."""

from collections.abc import Collection
from typing import Any

from telehealth.domain.alerts import Alert
from telehealth.domain.errors import StaleVersion
from tests.fakes.rows import insert, swap


class FakeAlerts:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, alert: Alert) -> None:
        if alert.key in {each.key for each in self._t.alerts.values()}:
            raise StaleVersion
        insert(self._t.alerts, alert.id, alert)

    async def save(self, alert: Alert) -> None:
        swap(self._t.alerts, alert)

    async def get(self, alert_id: str) -> Alert | None:
        found: Alert | None = self._t.alerts.get(alert_id)
        return found

    async def told(self, organization_id: str, *, seen: bool, limit: int) -> list[Alert]:
        ours = [each for each in self._t.alerts.values() if each.organization_id == organization_id]
        found = [each for each in ours if (each.seen_at is not None) == seen]
        return sorted(found, key=lambda each: (each.at, each.id), reverse=seen)[:limit]

    async def keys(self, days: Collection[str]) -> set[tuple[str, str, str, str]]:
        return {each.key for each in self._t.alerts.values() if each.day in days}
