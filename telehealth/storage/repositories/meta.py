"""A few facts about the database itself."""

from sqlalchemy import delete, select, update

from telehealth.storage.rows.outbox import meta
from telehealth.storage.transaction import Transaction


class MetaRows:
    """The Meta Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, name: str) -> str | None:
        """Return a fact."""
        row = await self._transaction.first(select(meta.c.value).where(meta.c.name == name))
        return row.value if row else None

    async def put(self, name: str, value: str) -> None:
        """Write a fact over what it was."""
        if not await self._transaction.write(update(meta).where(meta.c.name == name).values(value=value)):
            await self._transaction.insert(meta, {"name": name, "value": value})

    async def remove(self, name: str) -> None:
        """Forget a fact, if it is there."""
        await self._transaction.write(delete(meta).where(meta.c.name == name))
