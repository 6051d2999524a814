"""Those who came without an appointment as rows; what they come with is sealed under the patient's key."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.walk_in import WalkIn, WalkInStatus
from telehealth.storage.repositories.shapes import columns, readable, values
from telehealth.storage.rows.walk_ins import walk_ins
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

SAID = ("reason", "why", "because")


class WalkInRows:
    """The WalkInRows Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, walk_in: WalkIn) -> None:
        """Insert one; raises StaleVersion when the patient waits already."""
        await self._transaction.insert(walk_ins, self._row(walk_in))

    async def hold(self, service_id: str) -> None:
        """Wait until nobody else calls somebody for this service, and keep others waiting."""
        await self._transaction.queue_for(f"walk-ins {service_id}")

    async def get(self, walk_in_id: str) -> WalkIn | None:
        """Return one of them."""
        return await self._one(walk_ins.c.id == walk_in_id)

    async def by_link(self, digest: bytes) -> WalkIn | None:
        """Return the one whose link has this digest."""
        return await self._one(walk_ins.c.link_digest == digest)

    async def save(self, walk_in: WalkIn) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""
        stored = (walk_ins.c.id == walk_in.id, walk_ins.c.version == walk_in.version - 1)
        await self._transaction.swap(update(walk_ins).where(*stored).values(self._row(walk_in)))

    async def of_patient(self, patient_id: str) -> WalkIn | None:
        """Return the one with which a patient waits, since whenever."""
        waits = walk_ins.c.status == WalkInStatus.WAITING
        return await self._one(waits, walk_ins.c.patient_id == patient_id)

    async def of_clinic(self, organization_id: str, since: datetime) -> list[WalkIn]:
        """Return who came to a clinic since an instant, or was sent on from it, in any state, by arrival."""
        concerned = (walk_ins.c.organization_id, walk_ins.c.from_organization_id)
        return await self._since(since, or_(*(each == organization_id for each in concerned)))

    async def waiting(self, service_ids: Collection[str], since: datetime) -> list[WalkIn]:
        """Return who came for these services since an instant and waits, by arrival."""
        waits = walk_ins.c.status == WalkInStatus.WAITING
        return await self._since(since, waits, walk_ins.c.service_id.in_(service_ids))

    async def _one(self, *conditions: ColumnElement[bool]) -> WalkIn | None:
        statement = self._transaction.kept(select(walk_ins).where(*conditions))
        row = await self._transaction.first(statement)
        return self._walk_in(columns(row)) if row else None

    async def _since(self, since: datetime, *conditions: ColumnElement[bool]) -> list[WalkIn]:
        statement = select(walk_ins).where(walk_ins.c.arrived_at >= since, *conditions)
        rows = await self._transaction.all(statement.order_by(walk_ins.c.arrived_at, walk_ins.c.id))
        return readable(rows, self._walk_in)

    def _row(self, walk_in: WalkIn) -> dict[str, Any]:
        row = values(walk_in, *SAID)
        said = {name: getattr(walk_in, name) for name in SAID}
        return row | self._vault.seal(place_of(row), {name: text for name, text in said.items() if text})

    def _walk_in(self, row: dict[str, Any]) -> WalkIn:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return WalkIn(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    within = f"{row['id']}/{row['version']}"
    return Place(row["patient_id"], Purpose.WALK_IN, row["organization_id"], "walk_in", within)
