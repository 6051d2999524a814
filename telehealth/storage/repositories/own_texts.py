"""Organizations' own wordings as rows, sealed with the key of the organization's staff."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.own_text import OwnText
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.outbox import own_text
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("subject", "body", "sms")


class OwnTextRows:
    """The OwnTexts Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def get(self, organization_id: str, template: str, language: str) -> OwnText | None:
        """Return an organization's wording."""
        one = (own_text.c.template == template, own_text.c.language == language)
        statement = select(own_text).where(own_text.c.organization_id == organization_id, *one)
        row = await self._transaction.first(statement)
        return self._text(columns(row)) if row else None

    async def of(self, organization_id: str) -> list[OwnText]:
        """Return all wordings of an organization."""
        statement = select(own_text).where(own_text.c.organization_id == organization_id)
        rows = await self._transaction.all(statement.order_by(own_text.c.template, own_text.c.language))
        return [self._text(columns(row)) for row in rows]

    async def put(self, text: OwnText) -> None:
        """Insert version 1, or write over the version before; raises StaleVersion."""
        row = values(text, *SEALED)
        row |= self._vault.seal(place_of(row), {name: getattr(text, name) for name in SEALED})
        if text.version == 1:
            await self._transaction.write(insert(own_text).values(row))
            return
        before = (*_key(text), own_text.c.version == text.version - 1)
        await self._transaction.swap(update(own_text).where(*before).values(row))

    async def remove(self, text: OwnText) -> None:
        """Forget a wording."""
        await self._transaction.write(delete(own_text).where(*_key(text)))

    def _text(self, row: dict[str, Any]) -> OwnText:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return OwnText(**row, **content)


def _key(text: OwnText) -> tuple[Any, ...]:
    return (
        own_text.c.organization_id == text.organization_id,
        own_text.c.template == text.template,
        own_text.c.language == text.language,
    )


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, name = staff_of(row["organization_id"]), f"{row['template']}\n{row['language']}"
    return Place(owner, Purpose.SETTING, row["organization_id"], "own_text", name, row["version"])
