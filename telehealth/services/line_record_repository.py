"""What services may ask of storage about the figures of lines."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from telehealth.domain.line_record import LineRecord, Summary
from telehealth.domain.scheduling import Interval


@dataclass(frozen=True, slots=True)
class Measured:
    """One member's line and where its visit takes place."""

    summary: Summary
    location_id: str
    start: datetime


class LineRecords(Protocol):
    """One record for each member of a visit."""

    async def of(self, visit_ids: Collection[str]) -> list[LineRecord]:
        """Return the records of these visits, by visit and member."""

    async def put(self, records: Sequence[LineRecord]) -> None:
        """Write records with a look at least, new or over what was there; unknown visits are left out."""

    async def measured(self, organization_id: str, window: Interval, most: int) -> list[Measured]:
        """Return the newest lines begun in `window` in visits that a house treats or sends; no tests."""

    async def forget(self, before: datetime) -> int:
        """Delete what began before this instant; return how many."""
