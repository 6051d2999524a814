"""What services may ask of storage about waiting lists and what was offered to those on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.waitlist import EVERYBODY, Offer, Sought, Waiting


class WaitlistRows(Protocol):
    """The waiting lists of all services; nobody waits twice for one, and has two open offers of it."""

    async def add(self, waiting: Waiting) -> None:
        """Insert one; raises StaleVersion when the patient waits for this service already."""

    async def get(self, waiting_id: str) -> Waiting | None:
        """Return one of them; a writing unit keeps the row to itself from here on."""

    async def save(self, waiting: Waiting) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def standing(self, patient_id: str, service_id: str) -> Waiting | None:
        """Return for what the patient waits in this service; a writing unit keeps the row to itself."""

    async def of(self, organization_id: str, sought: Sought = EVERYBODY) -> list[Waiting]:
        """Return who of those sought waits for a service of this house, or is its patient, longest first."""

    async def number(self, organization_id: str, sought: Sought) -> int:
        """Return how many of those sought wait, whatever their `count`."""

    async def all(self) -> list[Waiting]:
        """Return everybody who waits, longest waiting first."""

    async def add_offer(self, offer: Offer) -> None:
        """Insert an offer; raises StaleVersion when one is open for the same wish."""

    async def offer(self, offer_id: str) -> Offer | None:
        """Return one offer; a writing unit keeps the row to itself from here on."""

    async def by_link(self, digest: bytes) -> Offer | None:
        """Return the offer whose link has this digest; as `offer`."""

    async def by_code(self, code_digest: bytes) -> Offer | None:
        """Return the offer whose code has this digest; as `offer`."""

    async def save_offer(self, offer: Offer) -> None:
        """Compare-and-swap as `save`."""

    async def offers_of(self, waiting_ids: Sequence[str]) -> list[Offer]:
        """Return all that was offered for these wishes, the newest first."""

    async def unreached(self, waiting_ids: Sequence[str]) -> frozenset[str]:
        """Return which offers for these wishes reached nobody and were not answered.

        All that was written of them is lost, and nothing is on its way.
        """

    async def run_out(self, now: datetime) -> list[Offer]:
        """Return open offers that expired, earliest first."""
