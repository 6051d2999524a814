"""Bookings on their way as rows; who somebody says they are is sealed until it is shown."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.own_booking import Asked, OwnBooking
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.own_bookings import own_bookings
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("asked", "code")


class OwnBookingRows:
    """The OwnBookings Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, own: OwnBooking) -> None:
        """Insert one."""
        await self._transaction.insert(own_bookings, self._row(own))

    async def by_cookie(self, digest: bytes) -> OwnBooking | None:
        """Return the one of a browser; a writing unit locks it."""
        statement = select(own_bookings).where(own_bookings.c.digest == digest)
        row = await self._transaction.first(self._transaction.kept(statement))
        return self._own(columns(row)) if row else None

    async def save(self, own: OwnBooking) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""
        stored = (own_bookings.c.id == own.id, own_bookings.c.version == own.version - 1)
        await self._transaction.swap(update(own_bookings).where(*stored).values(self._row(own)))

    async def forget(self, before: datetime) -> int:
        """Delete those begun before an instant, booked or not; returns how many."""
        return await self._transaction.write(delete(own_bookings).where(own_bookings.c.made_at < before))

    def _row(self, own: OwnBooking) -> dict[str, Any]:
        asked = own.asked and asdict(own.asked) | {"birth_date": own.asked.birth_date.isoformat()}
        row = values(own, *SEALED)
        return row | self._vault.seal(place_of(row), {"asked": asked, "code": own.code})

    def _own(self, row: dict[str, Any]) -> OwnBooking:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        told = content["asked"]
        asked = told and Asked(**told | {"birth_date": date.fromisoformat(told["birth_date"])})
        return OwnBooking(**row, asked=asked, code=content["code"])


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, within = staff_of(row["organization_id"]), row["id"]
    purpose = Purpose.OWN_BOOKING
    return Place(owner, purpose, row["organization_id"], "own_booking", within, row["version"])
