"""Exports as rows: what was asked and the key of the files are sealed with the staff of the house."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.exports import Export, ExportFile, ExportState
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.exports import exports
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("request", "key")
TABLE = exports.c


class ExportRows:
    """The Exports Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, export: Export) -> None:
        """Insert one; raises StaleVersion where its program has one."""
        await self._transaction.insert(exports, self._row(export))

    async def save(self, export: Export, rests_until: datetime | None = None) -> None:
        """Write how far it is and end its claim, or let nobody claim it until then.

        Raises StaleVersion when it changed, or is over.
        """
        row = self._row(export) | {"claimed_until": rests_until}
        stored = (TABLE.id == export.id, TABLE.version == export.version - 1)
        await self._transaction.swap(update(exports).where(*stored).values(row))

    async def get(self, export_id: str) -> Export | None:
        """Return one."""
        row = await self._transaction.first(select(exports).where(TABLE.id == export_id))
        return self._export(columns(row)) if row else None

    async def of(self, program_id: str) -> Export | None:
        """Return a program's."""
        row = await self._transaction.first(select(exports).where(TABLE.program_id == program_id))
        return self._export(columns(row)) if row else None

    async def claim(self, now: datetime, until: datetime) -> Export | None:
        """Take one that runs, the one that has waited longest; nobody else gets it until `until`."""
        free = or_(TABLE.claimed_until.is_(None), TABLE.claimed_until <= now)
        due = (
            select(TABLE.id)
            .where(TABLE.state == ExportState.RUNNING, free)
            .order_by(TABLE.changed_at, TABLE.id)
            .limit(1)
            .with_for_update(skip_locked=True)  # PostgreSQL; SQLite leaves it out
            .cte("due")
        )
        taken = update(exports).where(TABLE.id.in_(select(due.c.id))).values(claimed_until=until)
        row = await self._transaction.first(taken.returning(*TABLE))
        return self._export(columns(row)) if row else None

    async def remove(self, export_id: str) -> int:
        """Delete one; returns how many that was."""
        return await self._transaction.write(delete(exports).where(TABLE.id == export_id))

    async def forget(self, before: datetime) -> int:
        """Delete those that got no further since then; returns how many."""
        return await self._transaction.write(delete(exports).where(TABLE.changed_at <= before))

    async def remove_of(self, organization_id: str) -> int:
        """Delete all of a house."""
        return await self._transaction.write(delete(exports).where(TABLE.organization_id == organization_id))

    async def ids(self) -> list[str]:
        """Return the ids of all."""
        return [row.id for row in await self._transaction.all(select(TABLE.id).order_by(TABLE.id))]

    def _row(self, export: Export) -> dict[str, Any]:
        row = values(export, *SEALED) | {"files": json.dumps([asdict(each) for each in export.files])}
        return row | self._vault.seal(place_of(row), {each: getattr(export, each) for each in SEALED})

    def _export(self, row: dict[str, Any]) -> Export:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        del row["claimed_until"]
        files = tuple(ExportFile(**each) for each in json.loads(row.pop("files")))
        return Export(**row, files=files, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand: the same while it gets further."""
    owner = staff_of(row["organization_id"])
    return Place(owner, Purpose.EXPORT, row["organization_id"], "export", row["id"])
