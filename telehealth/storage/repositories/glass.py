"""Broken glasses as rows: why, and what the review says, sealed under the patient's key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.erasure import NOBODY
from telehealth.domain.errors import Erased
from telehealth.domain.glass import Glass
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.erasures import erasures
from telehealth.storage.rows.glass import glasses
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

SEALED = ("reason", "words")
OPEN = (
    select(glasses)
    .where(
        glasses.c.practitioner_id == bindparam("who"),
        glasses.c.patient_id == bindparam("whose"),
        glasses.c.opened_at <= bindparam("now"),
        glasses.c.until > bindparam("now"),
    )
    .order_by(glasses.c.until.desc())
    .limit(1)
)


class GlassRows:
    """The GlassRows Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def queue(self, practitioner_id: str) -> None:
        """Wait until nobody else breaks a glass for this person."""
        await self._transaction.queue_for(f"glass {practitioner_id}")

    async def add(self, glass: Glass) -> None:
        """Insert a broken glass."""
        await self._transaction.insert(glasses, self._row(glass))

    async def save(self, glass: Glass) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""
        stored = (glasses.c.id == glass.id, glasses.c.version == glass.version - 1)
        await self._transaction.swap(update(glasses).where(*stored).values(self._row(glass)))

    async def get(self, glass_id: str) -> Glass | None:
        """Return one."""
        return (await self.many([glass_id])).get(glass_id)

    async def many(self, ids: Sequence[str]) -> dict[str, Glass]:
        """Return those that there are of these, by id."""
        found = await self._all(select(glasses).where(glasses.c.id.in_(ids))) if ids else []
        return {each.id: each for each in found}

    async def open_for(self, practitioner_id: str, patient_id: str, now: datetime) -> Glass | None:
        """Return what opens this patient's record to this person at this moment."""
        asked = {"who": practitioner_id, "whose": patient_id, "now": now}
        row = await self._transaction.first(OPEN, asked)
        return self._glass(columns(row)) if row else None

    async def since(self, practitioner_id: str, start: datetime) -> list[Glass]:
        """Return what a person has opened from `start` on, or can still read then, newest first."""
        late = or_(glasses.c.opened_at >= start, glasses.c.until > start)
        mine = select(glasses).where(glasses.c.practitioner_id == practitioner_id, late)
        return await self._all(mine.order_by(glasses.c.opened_at.desc(), glasses.c.id.desc()))

    async def told(self, organization_id: str, *, reviewed: bool, limit: int) -> list[Glass]:
        """Return those of a house's patients and staff: waiting oldest first, reviewed newest first.

        Whose patient was erased waits no more: nobody can judge a reason that nobody can read.
        """
        theirs = or_(
            glasses.c.organization_id == organization_id, glasses.c.reader_organization_id == organization_id
        )
        gone = glasses.c.patient_id.in_(select(erasures.c.patient_id))
        waits = and_(glasses.c.reviewed_at.is_(None), ~gone)
        done = glasses.c.reviewed_at.is_not(None) if reviewed else waits
        order = [each.desc() if reviewed else each.asc() for each in (glasses.c.opened_at, glasses.c.id)]
        return await self._all(select(glasses).where(theirs, done).order_by(*order).limit(limit))

    async def _all(self, statement: Select[Any]) -> list[Glass]:
        return [self._glass(columns(row)) for row in await self._transaction.all(statement)]

    def _row(self, glass: Glass) -> dict[str, Any]:
        row = values(glass, *SEALED)
        return row | self._vault.seal(place_of(row), _content(glass))

    def _glass(self, row: dict[str, Any]) -> Glass:
        """Return the glass of a row; of an erased patient it still tells who broke it, and what was found."""
        place, key_id, blob = place_of(row), row.pop("key_id"), row.pop("sealed")
        try:
            content = self._vault.open(place, key_id, blob)
        except Erased:
            content = dict.fromkeys(SEALED, NOBODY)
        return Glass(**row, **content)


def _content(glass: Glass) -> dict[str, str]:
    return {"reason": glass.reason, "words": glass.words}


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, organization = row["patient_id"], row["organization_id"]
    return Place(owner, Purpose.GLASS, organization, "glass", row["id"], row["version"])
