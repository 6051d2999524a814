"""What services may ask of storage about checks of lines."""

from typing import Protocol

from telehealth.domain.line_check import LineCheck


class LineChecks(Protocol):
    """The last check of each visit, written over the one before."""

    async def of(self, visit_id: str) -> LineCheck | None:
        """Return a visit's last check."""

    async def put(self, check: LineCheck) -> None:
        """Write a check: version 1 is new; raises StaleVersion unless one less is stored."""
