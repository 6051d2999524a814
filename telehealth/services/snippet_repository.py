"""What services may ask of storage about clinicians' own short texts."""

from typing import Protocol

from telehealth.domain.snippets import Snippets


class SnippetRows(Protocol):
    """Each clinician's texts, sealed for the staff of their organization."""

    async def of(self, practitioner_id: str) -> Snippets | None:
        """Return them; None where nothing was kept."""

    async def put(self, snippets: Snippets) -> None:
        """Write them: version 1 is new; raises StaleVersion unless one less is stored."""
