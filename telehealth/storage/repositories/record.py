"""The embedded shared record: FHIR resources as sealed rows, one per version, returned to the letter."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from telehealth.crypto.purposes import Purpose
from telehealth.domain.record import ResourceVersion
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.record import resource_version
from telehealth.storage.sealing import SYSTEM, Place, Vault
from telehealth.storage.transaction import Transaction


class RecordRows:
    """The Record Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def put(self, resource: ResourceVersion) -> None:
        """Insert a version; raises StaleVersion when that version exists."""
        row = values(resource, "text")
        sealed = self._vault.seal_text(_place(row), resource.text)
        await self._transaction.insert(resource_version, row | sealed)

    async def get(self, type_: str, resource_id: str, version: int | None = None) -> ResourceVersion | None:
        """Return one version, by default the newest."""
        table = resource_version.c
        statement = select(resource_version).where(table.type == type_, table.id == resource_id)
        if version is None:
            statement = statement.order_by(table.version.desc()).limit(1)
        else:
            statement = statement.where(table.version == version)
        row = await self._transaction.first(statement)
        return self._resource(columns(row)) if row else None

    async def of_patient(self, patient_id: str, type_: str = "") -> list[ResourceVersion]:
        """Return the newest version of each of a patient's resources, oldest change first."""
        table, newer = resource_version.c, resource_version.alias("newer")
        newest = (
            select(func.max(newer.c.version))
            .where(newer.c.type == table.type, newer.c.id == table.id)
            .correlate(resource_version)
            .scalar_subquery()
        )
        statement = select(resource_version).where(table.patient_id == patient_id, table.version == newest)
        if type_:
            statement = statement.where(table.type == type_)
        rows = await self._transaction.all(statement.order_by(table.updated_at, table.id))
        return [self._resource(columns(row)) for row in rows]

    async def versions(self, type_: str, ids: Sequence[str]) -> dict[str, int]:
        """Return the newest stored version of each of these resources; none is opened."""
        table = resource_version.c
        statement = select(table.id, func.max(table.version).label("newest")).where(table.type == type_)
        rows = await self._transaction.all(statement.where(table.id.in_(ids)).group_by(table.id))
        return {row.id: row.newest for row in rows}

    def _resource(self, row: dict[str, Any]) -> ResourceVersion:
        text = self._vault.open_text(_place(row), row.pop("key_id"), row.pop("sealed"))
        return ResourceVersion(**row, text=text)


def _place(row: dict[str, Any]) -> Place:
    """Resources about nobody in particular are sealed with the system's key."""
    within = f"{row['type']}/{row['id']}"
    owner = row["patient_id"] or SYSTEM
    return Place(owner, Purpose.RESOURCE, row["organization_id"], "resource_version", within, row["version"])
