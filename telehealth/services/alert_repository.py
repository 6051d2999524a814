"""What services may ask of storage about odd patterns of reading."""

from collections.abc import Collection
from typing import Protocol

from telehealth.domain.alerts import Alert


class AlertRows(Protocol):
    """Alerts: ids, days and patterns, no words."""

    async def add(self, alert: Alert) -> None:
        """Insert an alert; raises StaleVersion where there is one of its key already."""

    async def save(self, alert: Alert) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""

    async def get(self, alert_id: str) -> Alert | None:
        """Return one."""

    async def told(self, organization_id: str, *, seen: bool, limit: int) -> list[Alert]:
        """Return those about an organization's staff: not seen yet oldest first, seen newest first."""

    async def keys(self, days: Collection[str]) -> set[tuple[str, str, str, str]]:
        """Return the keys of what was told of these days."""
