"""The fake repository of the guests of a visit."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.guests import Guest, GuestState
from tests.fakes.rows import insert, swap


class FakeGuests:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, guest: Guest) -> None:
        if any(each.number == guest.number for each in await self.of_visit(guest.visit_id)):
            raise StaleVersion
        insert(self._t.guests, guest.id, guest)

    async def get(self, guest_id: str) -> Guest | None:
        found: Guest | None = self._t.guests.get(guest_id)
        return found

    async def by_token(self, digest: bytes) -> Guest | None:
        return next((each for each in self._t.guests.values() if each.digest == digest), None)

    async def of_visit(self, visit_id: str) -> list[Guest]:
        found = [each for each in self._t.guests.values() if each.visit_id == visit_id]
        return sorted(found, key=lambda each: each.number)

    async def invite_all_anew(self, now: datetime) -> int:
        kept = {GuestState.INVITED, GuestState.REMOVED}
        came = [each for each in self._t.guests.values() if each.state not in kept]
        for each in came:
            anew = replace(each, state=GuestState.INVITED, since=now, session_digest=None)
            await self.save(replace(anew, version=each.version + 1))
        return len(came)

    async def save(self, guest: Guest) -> None:
        swap(self._t.guests, guest)
