"""The fake repository of wishes that people leave by themselves."""

from datetime import datetime
from typing import Any

from telehealth.domain.own_wish import OwnWish
from tests.fakes.rows import insert, swap


class FakeOwnWishes:
    """The OwnWishes Protocol."""

    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, wish: OwnWish) -> None:
        insert(self._t.own_wishes, wish.id, wish)

    async def by_cookie(self, digest: bytes) -> OwnWish | None:
        return next((each for each in self._t.own_wishes.values() if each.digest == digest), None)

    async def save(self, wish: OwnWish) -> None:
        swap(self._t.own_wishes, wish)

    async def forget(self, before: datetime, unproven: datetime) -> int:
        wishes = self._t.own_wishes.values()
        old = [each.id for each in wishes if each.made_at < (before if each.waiting_id else unproven)]
        for each in old:
            del self._t.own_wishes[each]
        return len(old)
