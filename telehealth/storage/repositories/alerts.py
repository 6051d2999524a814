"""Alerts as rows."""

from collections.abc import Collection

from sqlalchemy import select, update

from telehealth.domain.alerts import Alert
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.alerts import alerts
from telehealth.storage.transaction import Transaction


class AlertRows:
    """The AlertRows Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, alert: Alert) -> None:
        """Insert an alert; raises StaleVersion where there is one of its key already."""
        await self._transaction.insert(alerts, values(alert))

    async def save(self, alert: Alert) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""
        stored = (alerts.c.id == alert.id, alerts.c.version == alert.version - 1)
        await self._transaction.swap(update(alerts).where(*stored).values(values(alert)))

    async def get(self, alert_id: str) -> Alert | None:
        """Return one."""
        row = await self._transaction.first(select(alerts).where(alerts.c.id == alert_id))
        return Alert(**columns(row)) if row else None

    async def told(self, organization_id: str, *, seen: bool, limit: int) -> list[Alert]:
        """Return those about an organization's staff: not seen yet oldest first, seen newest first."""
        done = alerts.c.seen_at.is_not(None) if seen else alerts.c.seen_at.is_(None)
        ours = select(alerts).where(alerts.c.organization_id == organization_id, done)
        order = [each.desc() if seen else each.asc() for each in (alerts.c.at, alerts.c.id)]
        rows = await self._transaction.all(ours.order_by(*order).limit(limit))
        return [Alert(**columns(row)) for row in rows]

    async def keys(self, days: Collection[str]) -> set[tuple[str, str, str, str]]:
        """Return the keys of what was told of these days."""
        rows = await self._transaction.all(select(alerts).where(alerts.c.day.in_(sorted(days))))
        return {Alert(**columns(row)).key for row in rows}
