"""What services may ask of storage about notes and their addenda."""

from collections.abc import Sequence
from typing import Protocol

from telehealth.domain.note import Addendum, Note


class Notes(Protocol):
    """Notes and addenda, sealed under the patient's key with visit, author and version bound in."""

    async def of_visit(self, visit_id: str, author_id: str) -> Note | None:
        """Return the author's note of a visit, of several the newest."""

    async def all_of_visit(self, visit_id: str, author_id: str) -> list[Note]:
        """Return the author's notes of a visit, newest first: the others were taken out of the record."""

    async def get(self, note_id: str) -> Note | None:
        """Return one note."""

    async def add(self, note: Note) -> None:
        """Insert; raises StaleVersion when the author has a note of this visit and number."""

    async def save(self, note: Note) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def unsigned(self, author_id: str) -> list[Note]:
        """Return the author's drafts, oldest first."""

    async def versions(self, visit_ids: Sequence[str]) -> dict[tuple[str, str], int]:
        """Return the newest stored version of these visits' notes by visit and author; none is opened."""

    async def add_addendum(self, addendum: Addendum) -> None:
        """Insert an addendum."""

    async def addenda(self, note_id: str) -> list[Addendum]:
        """Return a note's addenda, oldest first."""
