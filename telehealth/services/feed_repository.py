"""What services may ask of storage about specialists' calendars."""

from typing import Protocol

from telehealth.domain.appointment import Appointment
from telehealth.domain.calendar_feed import CalendarFeed
from telehealth.domain.scheduling import Interval


class CalendarFeeds(Protocol):
    """Addresses of calendars, one for each specialist at most, and the visits that they tell."""

    async def put(self, feed: CalendarFeed) -> None:
        """Keep an address; the one before opens nothing any more."""

    async def of(self, practitioner_id: str) -> CalendarFeed | None:
        """Return a specialist's address."""

    async def by_digest(self, digest: bytes) -> CalendarFeed | None:
        """Return the address with this secret."""

    async def remove(self, practitioner_id: str) -> int:
        """Forget a specialist's address; returns how many there were."""

    async def visits(self, practitioner_id: str, window: Interval, limit: int) -> list[Appointment]:
        """Return real visits that start in `window`, the earliest first; of a group session one of them."""
