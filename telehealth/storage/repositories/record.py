"""The embedded shared record: FHIR resources as sealed rows, one per version, returned to the letter."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telehealth.crypto.purposes import Purpose
from telehealth.domain.people import Identifier
from telehealth.domain.record import Head, Mark, ResourceVersion
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.record import resource_identifier, resource_version
from telehealth.storage.sealing import SYSTEM, Blind, Place, Vault
from telehealth.storage.transaction import Transaction

TABLE = resource_version.c
HEADS = select(TABLE.id, TABLE.version, TABLE.updated_at, func.length(TABLE.sealed).label("size"))


class RecordRows:
    """The Record Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault, blind: Blind) -> None:
        self._transaction = transaction
        self._vault = vault
        self._blind = blind

    async def queue(self, patient_ids: Collection[str]) -> None:
        """Wait until nobody else writes into these patients' records; they are held until this unit ends.

        Two units that take the same identifiers in another order would otherwise wait for each other.
        """
        for each in sorted(set(patient_ids)):
            await self._transaction.queue_for(f"record:{each}")

    async def put(self, resource: ResourceVersion) -> None:
        """Insert a version; raises StaleVersion when that version exists."""
        row = values(resource, "text")
        sealed = self._vault.seal_text(place_of(row), resource.text)
        await self._transaction.insert(resource_version, row | sealed)

    async def get(self, type_: str, resource_id: str, version: int | None = None) -> ResourceVersion | None:
        """Return one version, by default the newest."""
        statement = select(resource_version).where(TABLE.type == type_, TABLE.id == resource_id)
        if version is None:
            statement = statement.order_by(TABLE.version.desc()).limit(1)
        else:
            statement = statement.where(TABLE.version == version)
        row = await self._transaction.first(statement)
        return self._resource(columns(row)) if row else None

    async def of_patient(self, patient_id: str, type_: str = "") -> list[ResourceVersion]:
        """Return the newest version of each of a patient's resources, oldest change first."""
        statement = _newest(select(resource_version), patient_id)
        if type_:
            statement = statement.where(TABLE.type == type_)
        rows = await self._transaction.all(statement.order_by(TABLE.updated_at, TABLE.id))
        return [self._resource(columns(row)) for row in rows]

    async def count(self, patient_id: str, type_: str) -> int:
        """Return how many resources of this type a patient has."""
        statement = select(func.count(TABLE.id.distinct()).label("known"))
        row = await self._transaction.first(
            statement.where(TABLE.patient_id == patient_id, TABLE.type == type_)
        )
        return int(row.known) if row else 0

    async def heads(self, patient_id: str, type_: str, after: Mark | None, limit: int) -> list[Head]:
        """Return the first of a patient's resources behind a mark, oldest change first; none is opened."""
        statement = _newest(HEADS, patient_id).where(TABLE.type == type_)
        if after is not None:
            at, id_ = after
            later = (TABLE.updated_at == at) & (TABLE.id > id_)
            statement = statement.where((TABLE.updated_at > at) | later)
        rows = await self._transaction.all(statement.order_by(TABLE.updated_at, TABLE.id).limit(limit))
        return [Head(**columns(row)) for row in rows]

    async def opened(self, type_: str, heads: Sequence[Head]) -> list[ResourceVersion]:
        """Return these versions in their order."""
        wanted = [(each.id, each.version) for each in heads]
        statement = select(resource_version).where(TABLE.type == type_)
        statement = statement.where(tuple_(TABLE.id, TABLE.version).in_(wanted))
        rows = {(row.id, row.version): row for row in await self._transaction.all(statement)}
        return [self._resource(columns(rows[each])) for each in wanted]

    async def history(self, type_: str, resource_id: str, before: int, limit: int) -> list[Head]:
        """Return a resource's newest versions older than version `before`, newest first; none is opened."""
        statement = HEADS.where(TABLE.type == type_, TABLE.id == resource_id, TABLE.version < before)
        rows = await self._transaction.all(statement.order_by(TABLE.version.desc()).limit(limit))
        return [Head(**columns(row)) for row in rows]

    async def versions(self, type_: str, ids: Sequence[str]) -> dict[str, int]:
        """Return the newest stored version of each of these resources; none is opened."""
        statement = select(TABLE.id, func.max(TABLE.version).label("newest")).where(TABLE.type == type_)
        rows = await self._transaction.all(statement.where(TABLE.id.in_(ids)).group_by(TABLE.id))
        return {row.id: row.newest for row in rows}

    async def holders(self, type_: str, patient_id: str, identifier: Identifier) -> list[str]:
        """Return the ids of a patient's resources of this type that have an identifier."""
        table = resource_identifier.c
        statement = select(table.resource_id).where(table.type == type_, table.patient_id == patient_id)
        found = statement.where(table.digest == self._digest(identifier)).order_by(table.place)
        return [row.resource_id for row in await self._transaction.all(found)]

    async def claim(self, type_: str, patient_id: str, identifier: Identifier, resource_id: str) -> bool:
        """Take an identifier for a resource, before any other has it; False where another was first.

        Of several at once the others wait here until the first is committed.
        """
        return await self._stand((type_, patient_id, self._digest(identifier)), "", resource_id)

    async def identify(
        self, type_: str, patient_id: str, resource_id: str, identifiers: Sequence[Identifier]
    ) -> None:
        """Let a resource be found by these identifiers, and by no others from now on."""
        table = resource_identifier.c
        digests = {self._digest(each) for each in identifiers}
        own = (table.type == type_, table.resource_id == resource_id)
        known = {row.digest for row in await self._transaction.all(select(table.digest).where(*own))}
        if known - digests:
            gone = delete(resource_identifier).where(*own, table.digest.in_(known - digests))
            await self._transaction.write(gone)
        for each in sorted(digests - known):
            key = (type_, patient_id, each)
            if not await self._stand(key, "", resource_id):
                await self._stand(key, resource_id, resource_id)

    async def _stand(self, key: tuple[str, str, bytes], place: str, resource_id: str) -> bool:
        insert = postgresql_insert if self._transaction.postgresql else sqlite_insert
        row = dict(zip(("type", "patient_id", "digest"), key, strict=True))
        statement = insert(resource_identifier).values(**row, place=place, resource_id=resource_id)
        return await self._transaction.write(statement.on_conflict_do_nothing()) == 1

    def _digest(self, identifier: Identifier) -> bytes:
        return self._blind.resource_identifier(identifier.system, identifier.value)

    def _resource(self, row: dict[str, Any]) -> ResourceVersion:
        text = self._vault.open_text(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return ResourceVersion(**row, text=text)


def _newest(statement: Select[Any], patient_id: str) -> Select[Any]:
    """Narrow a statement to the newest version of each of a patient's resources."""
    newer = resource_version.alias("newer")
    newest = (
        select(func.max(newer.c.version))
        .where(newer.c.type == TABLE.type, newer.c.id == TABLE.id)
        .correlate(resource_version)
        .scalar_subquery()
    )
    return statement.where(TABLE.patient_id == patient_id, TABLE.version == newest)


def place_of(row: dict[str, Any]) -> Place:
    """Resources about nobody in particular are sealed with the system's key."""
    within = f"{row['type']}/{row['id']}"
    owner = row["patient_id"] or SYSTEM
    return Place(owner, Purpose.RESOURCE, row["organization_id"], "resource_version", within, row["version"])
