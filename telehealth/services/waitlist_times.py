"""Free times as one round of offers sees them: looked up once for all who wish the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery

AT_ONCE = 200
"""Free times that are looked at in one query."""
PAGES = 12
"""So many queries look for times from one instant on."""
AN_HOUR = timedelta(hours=1)
Page = tuple[list[FreeSlot], datetime | None]
"""Times, and where to look on; None where that is all."""


class FreeTimes:
    """Remembers what was found: who comes later in the round sees what those before them saw."""

    def __init__(self, finder: SlotFinder) -> None:
        self._finder = finder
        self._pages: dict[tuple[str, str, datetime, datetime], Page] = {}

    async def of_all(self, query: SlotQuery) -> AsyncIterator[FreeSlot]:
        """Yield what is free of a service with one specialist or any, whoever asks; earliest first.

        It begins up to an hour before `query.start`, so that those who wish about the same share it.
        """
        onward: datetime | None = query.start.replace(minute=0, second=0, microsecond=0)
        for _ in range(PAGES):
            if onward is None or onward >= query.end:
                return
            key = (query.service_id, query.practitioner_id, onward, query.end)
            if key not in self._pages:
                self._pages[key] = await self._finder.onward(replace(query, start=onward))
            slots, onward = self._pages[key]
            for slot in slots:
                yield slot

    async def of_one(self, query: SlotQuery) -> AsyncIterator[FreeSlot]:
        """Yield what is free for somebody alone, who needs what others do not; earliest first."""
        onward: datetime | None = query.start
        for _ in range(PAGES):
            if onward is None or onward >= query.end:
                return
            slots, onward = await self._finder.onward(replace(query, start=onward))
            for slot in slots:
                yield slot
