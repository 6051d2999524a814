"""The fake repository of bookings that patients make by themselves."""

from datetime import datetime
from typing import Any

from telehealth.domain.own_booking import OwnBooking
from tests.fakes.rows import insert, swap


class FakeOwnBookings:
    """The OwnBookings Protocol."""

    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, own: OwnBooking) -> None:
        insert(self._t.own_bookings, own.id, own)

    async def by_cookie(self, digest: bytes) -> OwnBooking | None:
        return next((each for each in self._t.own_bookings.values() if each.digest == digest), None)

    async def save(self, own: OwnBooking) -> None:
        swap(self._t.own_bookings, own)

    async def forget(self, before: datetime) -> int:
        old = [each.id for each in self._t.own_bookings.values() if each.made_at < before]
        for each in old:
            del self._t.own_bookings[each]
        return len(old)
