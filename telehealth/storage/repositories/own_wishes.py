"""Own wishes as rows; who somebody says they are is sealed until it is shown, and not kept afterwards."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.own_booking import Asked
from telehealth.domain.own_wish import OwnWish
from telehealth.domain.waitlist import Suits
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.own_wishes import own_wishes
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("asked", "suits", "code")


class OwnWishRows:
    """The OwnWishes Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, wish: OwnWish) -> None:
        """Insert one."""
        await self._transaction.insert(own_wishes, self._row(wish))

    async def by_cookie(self, digest: bytes) -> OwnWish | None:
        """Return the one of a browser; a writing unit locks it."""
        statement = select(own_wishes).where(own_wishes.c.digest == digest)
        row = await self._transaction.first(self._transaction.kept(statement))
        return self._wish(columns(row)) if row else None

    async def save(self, wish: OwnWish) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""
        stored = (own_wishes.c.id == wish.id, own_wishes.c.version == wish.version - 1)
        await self._transaction.swap(update(own_wishes).where(*stored).values(self._row(wish)))

    async def forget(self, before: datetime, unproven: datetime) -> int:
        """Delete those made before an instant, and before `unproven` where no code was typed; how many."""
        told = and_(own_wishes.c.waiting_id.is_(None), own_wishes.c.made_at < unproven)
        old = or_(told, own_wishes.c.made_at < before)
        return await self._transaction.write(delete(own_wishes).where(old))

    def _row(self, wish: OwnWish) -> dict[str, Any]:
        asked = wish.asked and asdict(wish.asked) | {"birth_date": wish.asked.birth_date.isoformat()}
        row, content = values(wish, *SEALED), {"asked": asked, "suits": asdict(wish.suits), "code": wish.code}
        return row | self._vault.seal(place_of(row), content)

    def _wish(self, row: dict[str, Any]) -> OwnWish:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        told, suits = content["asked"], content["suits"]
        asked = told and Asked(**told | {"birth_date": date.fromisoformat(told["birth_date"])})
        suits = Suits(**suits | {"weekdays": tuple(suits["weekdays"])})
        return OwnWish(**row, asked=asked, suits=suits, code=content["code"])


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, organization = staff_of(row["organization_id"]), row["organization_id"]
    return Place(owner, Purpose.OWN_BOOKING, organization, "own_wish", row["id"], row["version"])
