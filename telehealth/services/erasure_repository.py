"""What services may ask of storage about erasing patients, and about records that must not be erased."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.erasure import Erasure, LegalHold


class Erasures(Protocol):
    """Who is erased, who must not be, and taking away what no key of a patient's seals."""

    async def alone(self, patient_id: str) -> None:
        """Wait until nobody else erases, keeps or books for this patient; none does until this unit ends."""

    async def add(self, erasure: Erasure) -> None:
        """Insert one; raises StaleVersion where it was begun before."""

    async def get(self, patient_id: str) -> Erasure | None:
        """Return a patient's."""

    async def finish(self, patient_id: str, at: datetime) -> int:
        """Note that nothing is left, unless that is noted; returns how many that was."""

    async def unfinished(self) -> list[Erasure]:
        """Return those that were begun and cut short, the oldest first."""

    async def hold(self, hold: LegalHold) -> None:
        """Keep a record from being erased; a newer reason takes the place of the one before."""

    async def release(self, patient_id: str) -> int:
        """Take that back; returns how many that was."""

    async def held(self, patient_id: str) -> LegalHold | None:
        """Return what keeps a record from being erased, if anything."""

    async def last_entry(self, patient_id: str) -> datetime | None:
        """Return when a record was last written in, or the last visit was, if ever."""

    async def visits(self, patient_id: str, now: datetime) -> int:
        """Return how many of their visits are ahead or going on; a test of the line is none."""

    async def clear(self, patient_id: str) -> None:
        """Delete what leads to a patient or waits for them, and what opens no more; end what is kept.

        Kept are signed notes and versions of the record, that a glass was broken and what its review has
        found, and that and when somebody was recorded.
        """

    async def recordings(self, patient_id: str) -> list[str]:
        """Return the ids of what was recorded of them."""
