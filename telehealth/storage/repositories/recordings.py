"""Recordings as rows: each one's key and whose pictures there are, sealed under the patient's key."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.recording import Consent, Recording, View
from telehealth.storage.repositories.shapes import columns, readable, values
from telehealth.storage.rows.recordings import recording_consents, recordings
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

SEALED = ("key", "views")


class RecordingRows:
    """The Recordings Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, recording: Recording) -> None:
        """Insert a recording."""
        await self._transaction.insert(recordings, self._row(recording))

    async def save(self, recording: Recording) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""
        stored = (recordings.c.id == recording.id, recordings.c.version == recording.version - 1)
        await self._transaction.swap(update(recordings).where(*stored).values(self._row(recording)))

    async def get(self, recording_id: str) -> Recording | None:
        """Return one recording."""
        found = await self._all(select(recordings).where(recordings.c.id == recording_id))
        return found[0] if found else None

    async def of_visit(self, visit_id: str) -> list[Recording]:
        """Return a visit's recordings, oldest first."""
        mine = select(recordings).where(recordings.c.visit_id == visit_id)
        return await self._all(mine.order_by(recordings.c.asked_at, recordings.c.id))

    async def unended(self) -> list[Recording]:
        """Return what has begun, or was only asked for, and has no end."""
        return await self._all(select(recordings).where(recordings.c.ended_at.is_(None)))

    async def overdue(self, now: datetime, limit: int) -> list[Recording]:
        """Return up to `limit` recordings that are kept no longer and are not erased yet."""
        over = select(recordings).where(recordings.c.kept_until <= now, recordings.c.erased_at.is_(None))
        return await self._all(over.order_by(recordings.c.kept_until).limit(limit))

    async def answered(self, consent: Consent) -> None:
        """Insert what somebody said to being recorded."""
        await self._transaction.insert(recording_consents, values(consent))

    async def answers(self, recording_id: str) -> list[Consent]:
        """Return all that was said to a recording, oldest first."""
        said = select(recording_consents).where(recording_consents.c.recording_id == recording_id)
        rows = await self._transaction.all(
            said.order_by(recording_consents.c.said_at, recording_consents.c.id)
        )
        return [Consent(**columns(row)) for row in rows]

    async def _all(self, statement: Select[Any]) -> list[Recording]:
        rows = await self._transaction.all(self._transaction.kept(statement))
        return readable(rows, self._recording)

    def _row(self, recording: Recording) -> dict[str, Any]:
        row = values(recording, *SEALED)
        content = {"key": recording.key, "views": [asdict(each) for each in recording.views]}
        return row | self._vault.seal(place_of(row), content)

    def _recording(self, row: dict[str, Any]) -> Recording:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        views = tuple(View(**each) for each in content["views"])
        return Recording(**row, key=content["key"], views=views)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    within = f"{row['visit_id']}/{row['id']}"
    owner, organization = row["patient_id"], row["organization_id"]
    return Place(owner, Purpose.RECORDING, organization, "recording", within, row["version"])
