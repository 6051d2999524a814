"""What services may ask of storage about broken glasses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.glass import Glass


class GlassRows(Protocol):
    """Who opened whose record in an emergency; reasons and reviews are sealed under the patient's key."""

    async def queue(self, practitioner_id: str) -> None:
        """Wait until nobody else breaks a glass for this person; they are held until this unit ends."""

    async def add(self, glass: Glass) -> None:
        """Insert a broken glass."""

    async def save(self, glass: Glass) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""

    async def get(self, glass_id: str) -> Glass | None:
        """Return one."""

    async def many(self, ids: Sequence[str]) -> dict[str, Glass]:
        """Return those that there are of these, by id."""

    async def open_for(self, practitioner_id: str, patient_id: str, now: datetime) -> Glass | None:
        """Return what opens this patient's record to this person at this moment."""

    async def since(self, practitioner_id: str, start: datetime) -> list[Glass]:
        """Return what a person has opened from `start` on, or can still read then, newest first."""

    async def told(self, organization_id: str, *, reviewed: bool, limit: int) -> list[Glass]:
        """Return those of a house's patients and staff: waiting oldest first, reviewed newest first.

        Whose patient was erased waits no more.
        """
