"""Free times as one round of offers sees them: looked up once for all who wish the same."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery

AT_ONCE = 200
"""Free times that are looked at in one query."""
PAGES = 12
"""So many queries look for times from one instant on."""
Page = tuple[list[FreeSlot], datetime | None]
"""Times, and where to look on; None where that is all."""


class FreeTimes:
    """Remembers what was found: who comes later in the round sees what those before them saw."""

    def __init__(self, finder: SlotFinder) -> None:
        self._finder = finder
        self._pages: dict[tuple[str, str, datetime, datetime], Page] = {}

    def of_all(self, query: SlotQuery) -> AsyncIterator[FreeSlot]:
        """Return what is free of a service with one specialist or any, whoever asks; earliest first.

        It begins up to an hour before `query.start`, so that those who wish about the same share it.
        """
        hour = query.start.replace(minute=0, second=0, microsecond=0)
        return _paged(replace(query, start=hour), self._remembered)

    def of_one(self, query: SlotQuery) -> AsyncIterator[FreeSlot]:
        """Return what is free for somebody alone, who needs what others do not; earliest first."""
        return _paged(query, self._finder.onward)

    async def _remembered(self, query: SlotQuery) -> Page:
        key = (query.service_id, query.practitioner_id, query.start, query.end)
        if key not in self._pages:
            self._pages[key] = await self._finder.onward(query)
        return self._pages[key]


async def _paged(query: SlotQuery, look: Callable[[SlotQuery], Awaitable[Page]]) -> AsyncIterator[FreeSlot]:
    onward: datetime | None = query.start
    for _ in range(PAGES):
        if onward is None or onward >= query.end:
            return
        slots, onward = await look(replace(query, start=onward))
        for slot in slots:
            yield slot
