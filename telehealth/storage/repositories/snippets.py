"""Clinicians' own short texts as rows: all of a person's in one, sealed under the staff's key."""

from typing import Any

from sqlalchemy import bindparam, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.snippets import Snippet, Snippets
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.snippets import snippets
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

OF_PERSON = select(snippets).where(snippets.c.practitioner_id == bindparam("person"))


class SnippetTable:
    """The SnippetRows Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def of(self, practitioner_id: str) -> Snippets | None:
        """Return a clinician's texts; None where nothing was kept."""
        row = await self._transaction.first(OF_PERSON, {"person": practitioner_id})
        if row is None:
            return None
        clear = columns(row)
        kept = self._vault.open(place_of(clear), clear.pop("key_id"), clear.pop("sealed"))
        return Snippets(**clear, texts=tuple(Snippet(*each) for each in kept))

    async def put(self, kept: Snippets) -> None:
        """Write them: version 1 is new; raises StaleVersion unless one less is stored."""
        row = values(kept, "texts")
        row |= self._vault.seal(place_of(row), [[each.name, each.text] for each in kept.texts])
        if kept.version == 1:
            await self._transaction.insert(snippets, row)
            return
        whose = snippets.c.practitioner_id == kept.practitioner_id
        stored = (whose, snippets.c.version == kept.version - 1)
        await self._transaction.swap(update(snippets).where(*stored).values(row))


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, organization = staff_of(row["organization_id"]), row["organization_id"]
    return Place(owner, Purpose.SNIPPET, organization, "snippet", row["practitioner_id"], row["version"])
