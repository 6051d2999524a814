"""Specialists' calendar addresses as rows, and the visits that they tell."""

from sqlalchemy import ColumnElement, delete, func, select

from telehealth.domain.appointment import Appointment
from telehealth.domain.calendar_feed import SHOWN, CalendarFeed
from telehealth.domain.scheduling import Interval
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.calendars import calendar_feed
from telehealth.storage.transaction import Transaction


class CalendarFeedRows:
    """The CalendarFeeds Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, feed: CalendarFeed) -> None:
        """Keep an address instead of the one before."""
        await self.remove(feed.practitioner_id)
        await self._transaction.insert(calendar_feed, values(feed))

    async def of(self, practitioner_id: str) -> CalendarFeed | None:
        """Return a specialist's address."""
        return await self._one(calendar_feed.c.practitioner_id == practitioner_id)

    async def by_digest(self, digest: bytes) -> CalendarFeed | None:
        """Return the address with this secret."""
        return await self._one(calendar_feed.c.digest == digest)

    async def remove(self, practitioner_id: str) -> int:
        """Forget a specialist's address; returns how many there were."""
        own = calendar_feed.c.practitioner_id == practitioner_id
        return await self._transaction.write(delete(calendar_feed).where(own))

    async def visits(self, practitioner_id: str, window: Interval, limit: int) -> list[Appointment]:
        """Return real visits that start in `window`, the earliest first; of a group the first booked."""
        c = appointments.c
        shown = (
            select(func.min(c.id))
            .where(
                c.practitioner_id == practitioner_id,
                c.start >= window.start,
                c.start < window.end,
                c.status.in_(SHOWN),
                ~c.test,
            )
            .group_by(c.start, c.service_id)
        )
        statement = select(appointments).where(c.id.in_(shown)).order_by(c.start, c.id).limit(limit)
        return [Appointment(**columns(row)) for row in await self._transaction.all(statement)]

    async def _one(self, condition: ColumnElement[bool]) -> CalendarFeed | None:
        row = await self._transaction.first(select(calendar_feed).where(condition))
        return CalendarFeed(**columns(row)) if row else None
