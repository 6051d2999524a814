"""What services may ask of storage about the guests of a visit."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.guests import Guest


class Guests(Protocol):
    """Invitations to one visit and whoever came by them; names are sealed under the patient's key."""

    async def add(self, guest: Guest) -> None:
        """Insert a guest; raises StaleVersion when the visit has one of that number."""

    async def get(self, guest_id: str) -> Guest | None:
        """Return one guest."""

    async def by_token(self, digest: bytes) -> Guest | None:
        """Return the guest of a link."""

    async def of_visit(self, visit_id: str) -> list[Guest]:
        """Return a visit's guests in the order of their numbers, removed ones too."""

    async def save(self, guest: Guest) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def invite_all_anew(self, now: datetime) -> int:
        """Put every guest who came back to where they were invited; return how many. Removed ones stay so."""
