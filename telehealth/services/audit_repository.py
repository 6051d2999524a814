"""What services may ask of the audit log, as a Protocol."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.audit import AuditAction, AuditEntry, ChainLink

Position = tuple[datetime, str]
"""Where an entry stands among all: its instant and id."""


class AuditLog(Protocol):
    """The audit log: entries are written with what they record and linked into the chain afterwards."""

    async def enter(self, entry: AuditEntry) -> None:
        """Write an entry in the transaction of what it records."""

    async def unlinked(self, limit: int) -> list[AuditEntry]:
        """Return entries that wait for their place in the chain, oldest first."""

    async def waiting(self) -> int:
        """Return how many entries are not in the chain yet."""

    async def head(self) -> ChainLink | None:
        """Return the newest link."""

    async def link(self, links: Sequence[ChainLink]) -> None:
        """Append to the chain; raises StaleVersion when another took a number or an entry."""

    async def chain(self, after: int, limit: int) -> list[tuple[ChainLink, AuditEntry | None]]:
        """Return links beyond number `after` in order, each with its entry or None where that is gone."""

    async def stray(self) -> str:
        """Return the id of an entry marked as linked without a link, or the other way; empty when none is."""

    async def touched(self, entry_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return the patients under whom each of these entries is found."""

    async def entry(self, entry_id: str) -> AuditEntry | None:
        """Return one entry."""

    async def entries(
        self,
        *,
        patient_id: str = "",
        organization_id: str = "",
        actor_id: str = "",
        actions: Collection[AuditAction] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        before: Position | None = None,
        limit: int = 200,
    ) -> list[AuditEntry]:
        """Return the newest entries that meet all that is asked, newest first.

        What is empty asks for nothing. `start` counts, `end` does not; `before` is where a page before ended.
        """
