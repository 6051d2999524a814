"""Closed clinics as rows, and which closure a visit lies in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, or_, select

from telehealth.crypto.purposes import Purpose
from telehealth.domain.closures import Closure
from telehealth.domain.consultation import UNBEGUN
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.closures import closures
from telehealth.storage.rows.visits import visits
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

LIES_IN = and_(
    closures.c.organization_id == visits.c.organization_id,
    or_(closures.c.location_id.is_(None), closures.c.location_id == appointments.c.location_id),
    closures.c.start <= appointments.c.start,
    closures.c.end > appointments.c.start,
    visits.c.status.in_(UNBEGUN),
)


def closure_of_visit() -> ScalarSelect[Any]:
    """The id of the closure that keeps the row's visit from taking place; of several the last to end."""
    statement = select(closures.c.id).where(LIES_IN).order_by(closures.c.end.desc(), closures.c.id).limit(1)
    return statement.correlate(visits, appointments).scalar_subquery()


def takes_place() -> ColumnElement[bool]:
    """Whether no closure keeps the row's visit from taking place."""
    return ~select(closures.c.id).where(LIES_IN).correlate(visits, appointments).exists()


class ClosureRows:
    """The Closures Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, closure: Closure) -> None:
        """Insert a closure."""
        row = values(closure, "phone")
        await self._transaction.insert(
            closures, row | self._vault.seal(place_of(row), {"phone": closure.phone})
        )

    async def get(self, closure_id: str) -> Closure | None:
        """Return one closure."""
        row = await self._transaction.first(select(closures).where(closures.c.id == closure_id))
        return self._closure(columns(row)) if row else None

    async def coming(self, organization_id: str, now: datetime) -> list[Closure]:
        """Return an organization's closures that are not over, the first to begin first."""
        own = (closures.c.organization_id == organization_id, closures.c.end > now)
        statement = select(closures).where(*own).order_by(closures.c.start, closures.c.id)
        return [self._closure(columns(row)) for row in await self._transaction.all(statement)]

    async def in_force(self, organization_ids: Collection[str], now: datetime) -> list[Closure]:
        """Return the closures of these organizations within which `now` lies."""
        whose = closures.c.organization_id.in_(sorted(organization_ids))
        statement = select(closures).where(whose, closures.c.start <= now, closures.c.end > now)
        return [self._closure(columns(row)) for row in await self._transaction.all(statement)]

    async def remove(self, closure_id: str) -> None:
        """Forget a closure."""
        await self._transaction.write(delete(closures).where(closures.c.id == closure_id))

    async def concerned(self, closure: Closure) -> list[tuple[str, str]]:
        """Return visit and specialist of what lies in a closure and has to be seen, by visit."""
        statement = (
            select(visits.c.id, visits.c.practitioner_id)
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .join(closures, LIES_IN)
            .where(closures.c.id == closure.id, ~visits.c.test)
            .order_by(visits.c.id)
        )
        return [(row.id, row.practitioner_id) for row in await self._transaction.all(statement)]

    def _closure(self, row: dict[str, Any]) -> Closure:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return Closure(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner = staff_of(row["organization_id"])
    return Place(owner, Purpose.SETTING, row["organization_id"], "closure", row["id"])
