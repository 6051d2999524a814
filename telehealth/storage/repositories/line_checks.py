"""The last check of each visit's line as a row."""

from sqlalchemy import bindparam, insert, select, update

from telehealth.domain.line_check import LineCheck
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.line_checks import line_check
from telehealth.storage.transaction import Transaction

OF_VISIT = select(line_check).where(line_check.c.visit_id == bindparam("visit"))


class LineCheckRows:
    """The LineChecks Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, visit_id: str) -> LineCheck | None:
        """Return a visit's last check."""
        row = await self._transaction.first(OF_VISIT, {"visit": visit_id})
        return LineCheck(**columns(row)) if row else None

    async def put(self, check: LineCheck) -> None:
        """Write a check: version 1 is new; raises StaleVersion unless one less is stored."""
        if check.version == 1:
            await self._transaction.write(insert(line_check).values(values(check)))
            return
        stored = (line_check.c.visit_id == check.visit_id, line_check.c.version == check.version - 1)
        await self._transaction.swap(update(line_check).where(*stored).values(values(check)))
