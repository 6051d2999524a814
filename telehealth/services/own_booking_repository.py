"""What services may ask of storage about bookings that patients make by themselves."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.own_booking import OwnBooking


class OwnBookings(Protocol):
    """Bookings on their way; what people tell and the code are sealed."""

    async def add(self, own: OwnBooking) -> None:
        """Insert one."""

    async def by_cookie(self, digest: bytes) -> OwnBooking | None:
        """Return the one of a browser; a writing unit locks it."""

    async def save(self, own: OwnBooking) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def forget(self, before: datetime) -> int:
        """Delete those begun before an instant, booked or not; returns how many."""
