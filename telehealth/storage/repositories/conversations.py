"""Utterances as rows: words and name sealed under the patient's key, bound to visit, author and number."""

from typing import Any

from sqlalchemy import func, select

from telehealth.crypto.purposes import Purpose
from telehealth.domain.conversation import Utterance
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.conversations import utterances
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

SEALED = ("name", "text")


class ConversationRows:
    """The Conversations Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, utterance: Utterance) -> None:
        """Insert; raises StaleVersion where number or key is taken."""
        row = values(utterance, *SEALED)
        sealed = self._vault.seal(place_of(row), {name: getattr(utterance, name) for name in SEALED})
        await self._transaction.insert(utterances, row | sealed)

    async def by_key(self, visit_id: str, author_id: str, key: str) -> Utterance | None:
        """Return what somebody has said under this key."""
        statement = select(utterances).where(
            utterances.c.visit_id == visit_id, utterances.c.author_id == author_id, utterances.c.key == key
        )
        row = await self._transaction.first(statement)
        return self._utterance(columns(row)) if row else None

    async def last(self, visit_id: str) -> int:
        """Return the number of the newest utterance, 0 for none."""
        statement = select(func.max(utterances.c.seq).label("last")).where(utterances.c.visit_id == visit_id)
        row = await self._transaction.first(statement)
        return (row.last if row else None) or 0

    async def by_guests(self, visit_id: str) -> int:
        """Return how many of a visit's utterances guests have said."""
        statement = select(func.count().label("number")).where(
            utterances.c.visit_id == visit_id, utterances.c.part.is_not(None)
        )
        row = await self._transaction.first(statement)
        return row.number if row else 0

    async def since(self, visit_id: str, seq: int, limit: int) -> list[Utterance]:
        """Return up to `limit` utterances after a number, oldest first."""
        statement = select(utterances).where(utterances.c.visit_id == visit_id, utterances.c.seq > seq)
        rows = await self._transaction.all(statement.order_by(utterances.c.seq).limit(limit))
        return [self._utterance(columns(row)) for row in rows]

    def _utterance(self, row: dict[str, Any]) -> Utterance:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return Utterance(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    within = f"{row['visit_id']}/{row['author_id']}/{row['id']}"
    owner, organization = row["patient_id"], row["organization_id"]
    return Place(owner, Purpose.CONVERSATION, organization, "utterance", within, row["seq"])
