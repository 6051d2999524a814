"""Answers kept for idempotent retries, sealed with the system's key."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from telehealth.crypto.purposes import Purpose
from telehealth.services.repositories import KeptAnswer
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.outbox import kept_answer
from telehealth.storage.sealing import SYSTEM, Place, Vault
from telehealth.storage.transaction import Transaction

ANSWER = select(kept_answer).where(
    kept_answer.c.client == bindparam("client"), kept_answer.c.key == bindparam("key")
)


class AnswerRows:
    """The Answers Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def get(self, client: str, key: str) -> KeptAnswer | None:
        """Return what this client was answered to this key.

        A writing unit goes on to make what is not there: of two that bring one key, the second waits here.
        """
        await self._transaction.queue_for(f"kept_answer\n{client}\n{key}")
        row = await self._transaction.first(ANSWER, {"client": client, "key": key})
        if row is None:
            return None
        found = columns(row)
        body = self._vault.open_text(place_of(found), found.pop("key_id"), found.pop("sealed"))
        return KeptAnswer(**found, body=body)

    async def put(self, answer: KeptAnswer) -> None:
        """Insert; raises StaleVersion when the client's key has an answer."""
        row = values(answer, "body")
        sealed = self._vault.seal_text(place_of(row), answer.body)
        await self._transaction.insert(kept_answer, row | sealed)

    async def forget(self, before: datetime) -> int:
        """Delete answers older than `before`; returns how many."""
        return await self._transaction.write(delete(kept_answer).where(kept_answer.c.at < before))


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    return Place(SYSTEM, Purpose.SETTING, "", "kept_answer", f"{row['client']}\n{row['key']}")
