"""Takes what pages tell of their lines into memory, and writes many of them at once, every minute.

It is telemetry: what was taken and not written yet is lost with the process, and a batch that cannot be
written is dropped rather than kept. So an acknowledgement promises nothing, and memory stays bounded.
"""

from datetime import datetime, timedelta

from telehealth.domain.line_record import LineRecord, Look, Marks, begun
from telehealth.services.trail import Work

Key = tuple[str, str]
"""Visit and member."""

LEAST_APART = timedelta(seconds=5)
"""Looks come every ten seconds; what comes sooner after the one before is not taken."""
HELD = 20_000
"""Looks in memory, of all members together, until they are written: ten minutes of 150 calls."""
AT_ONCE = 50
"""Members whose looks are written in one transaction: longer, it would hold everybody else up."""


class LineRecorder:
    """Takes looks without waiting; `flush` writes them."""

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self._taken: dict[Key, list[tuple[datetime, Look]]] = {}
        self._marks: dict[Key, Marks] = {}
        self._last: dict[Key, datetime] = {}
        self._held = 0

    def take(self, visit_id: str, member: str, look: Look, marks: Marks | None) -> bool:
        """Keep a member's look for the next flush; False when it comes too soon or there are too many."""
        key, now = (visit_id, member), self._work.clock.now()
        last = self._last.get(key)
        if self._held >= HELD or (last is not None and now - last < LEAST_APART):
            return False
        self._last[key] = now
        self._taken.setdefault(key, []).append((now, look))
        if marks is not None:
            self._marks[key] = marks
        self._held += 1
        return True

    async def flush(self) -> None:
        """Write what was taken since the last time."""
        taken, marks, self._taken, self._marks, self._held = self._taken, self._marks, {}, {}, 0
        soon = self._work.clock.now() - LEAST_APART
        self._last = {key: at for key, at in self._last.items() if at > soon}
        waiting = sorted(taken)
        for first in range(0, len(waiting), AT_ONCE):
            keys = waiting[first : first + AT_ONCE]
            async with self._work.units.writing() as uow:
                stored = await uow.line_records.of({visit for visit, _ in keys})
                known = {(each.visit_id, each.member): each for each in stored}
                records = [_record(known.get(key), key, taken[key], marks.get(key)) for key in keys]
                await uow.line_records.put(records)


def _record(
    known: LineRecord | None, key: Key, taken: list[tuple[datetime, Look]], marks: Marks | None
) -> LineRecord:
    record = known or begun(*key, *taken[0])
    return record.then(taken, marks)
