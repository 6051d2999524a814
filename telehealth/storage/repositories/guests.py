"""The guests of a visit as rows; what they are called is sealed under the patient's key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.guests import Guest, GuestState
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.guests import guests
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

CHANGING = ("state", "since", "session_digest", "agreed_at", "hears_after", "version")


class GuestRows:
    """The Guests Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, guest: Guest) -> None:
        """Insert a guest; raises StaleVersion when the visit has one of that number."""
        row = values(guest, "name")
        await self._transaction.insert(guests, row | self._vault.seal(place_of(row), {"name": guest.name}))

    async def get(self, guest_id: str) -> Guest | None:
        """Return one guest."""
        return await self._one(guests.c.id == guest_id)

    async def by_token(self, digest: bytes) -> Guest | None:
        """Return the guest of a link."""
        return await self._one(guests.c.digest == digest)

    async def of_visit(self, visit_id: str) -> list[Guest]:
        """Return a visit's guests in the order of their numbers, removed ones too."""
        statement = select(guests).where(guests.c.visit_id == visit_id).order_by(guests.c.number)
        return [self._guest(columns(row)) for row in await self._transaction.all(statement)]

    async def save(self, guest: Guest) -> None:
        """Write what may change of a guest; the name was sealed for good when it was added."""
        changes = {name: getattr(guest, name) for name in CHANGING}
        stored = (guests.c.id == guest.id, guests.c.version == guest.version - 1)
        await self._transaction.swap(update(guests).where(*stored).values(changes))

    async def invite_all_anew(self, now: datetime) -> int:
        """Put every guest who came back to where they were invited; return how many. Removed ones stay so."""
        came = guests.c.state.not_in([GuestState.INVITED, GuestState.REMOVED])
        anew = {"state": GuestState.INVITED, "since": now, "session_digest": None}
        statement = update(guests).where(came).values(**anew, version=guests.c.version + 1)
        return await self._transaction.write(statement)

    async def _one(self, condition: ColumnElement[bool]) -> Guest | None:
        row = await self._transaction.first(self._transaction.kept(select(guests).where(condition)))
        return self._guest(columns(row)) if row else None

    def _guest(self, row: dict[str, Any]) -> Guest:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return Guest(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    within = f"{row['visit_id']}/{row['number']}/{row['id']}"
    return Place(row["patient_id"], Purpose.GUEST, row["organization_id"], "visit_guest", within)
