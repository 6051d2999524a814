"""What services may ask of storage about all the clinics of an organization on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from telehealth.domain.consultation import VisitStatus
from telehealth.domain.queue import Running
from telehealth.domain.scheduling import Interval


@dataclass(frozen=True, slots=True)
class Counted:
    """How many visits of one specialist stand so; `since` is when the first of them began to wait."""

    practitioner_id: str
    status: VisitStatus
    number: int
    since: datetime | None = None


class Boards(Protocol):
    """Clinics by their figures, without a name; visits that only test the service are left out."""

    async def counted(self, organization_id: str, window: Interval) -> list[Counted]:
        """Return the counts of visits that start in `window` and that the organization treats or sends."""

    async def visits(self, organization_id: str, practitioner_id: str, window: Interval) -> list[str]:
        """Return ids of one specialist's visits among these."""

    async def running(self, practitioner_ids: Sequence[str], now: datetime) -> dict[str, Running]:
        """Return how these specialists' clinics run on the day of `now`, where anybody said so."""
