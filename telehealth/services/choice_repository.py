"""What services may ask of storage about invitations to choose a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.choice import Choice


class Choices(Protocol):
    """All invitations to choose a time; nobody has two open ones for one service."""

    async def add(self, choice: Choice) -> None:
        """Insert one; raises StaleVersion when one is open for this patient and service."""

    async def get(self, choice_id: str) -> Choice | None:
        """Return one of them; a writing unit keeps the row to itself from here on."""

    async def by_link(self, digest: bytes) -> Choice | None:
        """Return the one whose link has this digest; as `get`."""

    async def by_code(self, code_digest: bytes) -> Choice | None:
        """Return the one whose code has this digest; as `get`."""

    async def standing(self, patient_id: str, service_id: str) -> Choice | None:
        """Return the one that is open, expired or not; as `get`."""

    async def save(self, choice: Choice) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def of_patient(self, patient_id: str, since: datetime) -> list[Choice]:
        """Return those of a patient that end or ended after an instant, the newest first."""

    async def lost(self, organization_id: str, now: datetime, count: int) -> list[Choice]:
        """Return open invitations of an organization's patients of which nothing reached them.

        At most `count`, those that end first.
        """

    async def unreached(self, choice_ids: Sequence[str]) -> frozenset[str]:
        """Return of which of these nothing reached the patient; reminders to come do not count."""
