"""What services may ask of storage about those who come without an appointment."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from telehealth.domain.walk_in import WalkIn


class WalkInRows(Protocol):
    """The queues of all clinics; nobody waits in two at once."""

    async def add(self, walk_in: WalkIn) -> None:
        """Insert one; raises StaleVersion when the patient waits already."""

    async def hold(self, service_id: str) -> None:
        """Wait until nobody else calls somebody for this service, and keep others waiting."""

    async def get(self, walk_in_id: str) -> WalkIn | None:
        """Return one of them; a writing unit keeps the row to itself from here on."""

    async def by_link(self, digest: bytes) -> WalkIn | None:
        """Return the one whose link has this digest."""

    async def save(self, walk_in: WalkIn) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def of_patient(self, patient_id: str) -> WalkIn | None:
        """Return the one with which a patient waits, since whenever."""

    async def of_clinic(self, organization_id: str, since: datetime) -> list[WalkIn]:
        """Return who came to a clinic since an instant, or was sent on from it, in any state, by arrival."""

    async def waiting(self, service_ids: Collection[str], since: datetime) -> list[WalkIn]:
        """Return who came for these services since an instant and waits, by arrival."""
