"""The fake repository of specialists' calendars."""

from typing import Any

from telehealth.domain.appointment import Appointment
from telehealth.domain.calendar_feed import SHOWN, CalendarFeed
from telehealth.domain.scheduling import Interval


class FakeCalendarFeeds:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def put(self, feed: CalendarFeed) -> None:
        self._t.feeds[feed.practitioner_id] = feed

    async def of(self, practitioner_id: str) -> CalendarFeed | None:
        return self._t.feeds.get(practitioner_id)

    async def by_digest(self, digest: bytes) -> CalendarFeed | None:
        return next((each for each in self._t.feeds.values() if each.digest == digest), None)

    async def remove(self, practitioner_id: str) -> int:
        return int(self._t.feeds.pop(practitioner_id, None) is not None)

    async def visits(self, practitioner_id: str, window: Interval, limit: int) -> list[Appointment]:
        found = [
            each
            for each in self._t.appointments.values()
            if each.practitioner_id == practitioner_id
            and window.start <= each.start < window.end
            and each.status in SHOWN
            and not each.test
        ]
        once = {(each.start, each.service_id): each for each in sorted(found, key=_by_id, reverse=True)}
        return sorted(once.values(), key=lambda each: (each.start, each.id))[:limit]


def _by_id(appointment: Appointment) -> str:
    return appointment.id
