"""Notes and addenda as rows sealed under the patient's key; a signed note is never written again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.note import Addendum, Note, NoteContent, NoteState, Outcome
from telehealth.storage.repositories.shapes import columns, readable, values
from telehealth.storage.rows.notes import addenda, notes
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

ALL_OF_VISIT = (
    select(notes)
    .where(notes.c.visit_id == bindparam("visit"), notes.c.author_id == bindparam("author"))
    .order_by(notes.c.number.desc())
)
OF_VISIT = ALL_OF_VISIT.limit(1)
NOTE = select(notes).where(notes.c.id == bindparam("sought"))
SAVE = update(notes).where(
    notes.c.id == bindparam("which"),
    notes.c.version == bindparam("before"),
    notes.c.state == NoteState.DRAFT,
)


class NoteRows:
    """The Notes Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def of_visit(self, visit_id: str, author_id: str) -> Note | None:
        """Return the author's note of a visit, of several the newest."""
        return await self._one(OF_VISIT, {"visit": visit_id, "author": author_id})

    async def all_of_visit(self, visit_id: str, author_id: str) -> list[Note]:
        """Return the author's notes of a visit, newest first: the others were taken out of the record."""
        rows = await self._transaction.all(ALL_OF_VISIT, {"visit": visit_id, "author": author_id})
        return [self._note(columns(row)) for row in rows]

    async def get(self, note_id: str) -> Note | None:
        """Return one note."""
        return await self._one(NOTE, {"sought": note_id})

    async def add(self, note: Note) -> None:
        """Insert; raises StaleVersion when the author has a note of this visit and number."""
        await self._transaction.insert(notes, self._row(note))

    async def save(self, note: Note) -> None:
        """Write all of a note; raises StaleVersion unless a draft of exactly one version less is stored."""
        guard = {"which": note.id, "before": note.version - 1}
        await self._transaction.swap(SAVE, self._row(note) | guard)

    async def unsigned(self, author_id: str) -> list[Note]:
        """Return the author's drafts, oldest first."""
        statement = select(notes).where(notes.c.author_id == author_id, notes.c.state == NoteState.DRAFT)
        rows = await self._transaction.all(statement.order_by(notes.c.id))
        return readable(rows, self._note)

    async def versions(self, visit_ids: Sequence[str]) -> dict[tuple[str, str], int]:
        """Return the newest stored version of these visits' notes by visit and author; none is opened."""
        whose = notes.c.visit_id, notes.c.author_id
        statement = select(*whose, func.max(notes.c.version).label("newest")).group_by(*whose)
        rows = await self._transaction.all(statement.where(notes.c.visit_id.in_(visit_ids)))
        return {(row.visit_id, row.author_id): row.newest for row in rows}

    async def add_addendum(self, addendum: Addendum) -> None:
        """Insert an addendum."""
        row = values(addendum, "text")
        sealed = self._vault.seal_text(addendum_place_of(row), addendum.text)
        await self._transaction.insert(addenda, row | sealed)

    async def addenda(self, note_id: str) -> list[Addendum]:
        """Return a note's addenda, oldest first."""
        statement = select(addenda).where(addenda.c.note_id == note_id)
        rows = await self._transaction.all(statement.order_by(addenda.c.added_at, addenda.c.id))
        return [self._addendum(columns(row)) for row in rows]

    async def _one(self, statement: Select[Any], sought: dict[str, str]) -> Note | None:
        row = await self._transaction.first(self._transaction.kept(statement), sought)
        return self._note(columns(row)) if row else None

    def _row(self, note: Note) -> dict[str, Any]:
        row = values(note, "content")
        return row | self._vault.seal(place_of(row), values(note.content))

    def _note(self, row: dict[str, Any]) -> Note:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        content["outcome"] = Outcome(content["outcome"])
        return Note(**row, content=NoteContent(**content))

    def _addendum(self, row: dict[str, Any]) -> Addendum:
        text = self._vault.open_text(addendum_place_of(row), row.pop("key_id"), row.pop("sealed"))
        return Addendum(**row, text=text)


def place_of(row: dict[str, Any]) -> Place:
    """Bind visit and author as well: a draft never opens under another patient, visit or author."""
    purpose = Purpose.DRAFT if row["state"] == NoteState.DRAFT else Purpose.NOTE
    within = f"{row['visit_id']}/{row['author_id']}/{row['id']}"
    return Place(row["patient_id"], purpose, row["organization_id"], "note", within, row["version"])


def addendum_place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of an addendum stand."""
    within = f"{row['note_id']}/{row['author_id']}/{row['id']}"
    return Place(row["patient_id"], Purpose.NOTE, row["organization_id"], "addendum", within)
