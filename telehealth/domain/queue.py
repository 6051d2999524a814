"""A specialist's line: who comes before whom and how long it may take. Facts and the time in, places out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Self

ENOUGH = 5
"""Consultations from which a median says something; with fewer only the place is told."""
REMEMBERED = 20
"""The newest consultations count, so that the estimate follows how the clinic works these days."""
SHORTEST = timedelta(minutes=1)
"""What was over sooner was a wrong press, no consultation."""
STEP = timedelta(minutes=5)
LATE_LIMIT = 240
"""Minutes that a clinic can be said to run late."""
OVERRUN_LIMIT = timedelta(hours=1)
"""A call that lasts longer beyond the usual was most likely never ended; it delays nobody by more."""
SOON = 1
"""Who has so many people before them, or fewer, is told that it is nearly their turn."""


class Priority(StrEnum):
    """How soon somebody has to be seen, in FHIR's words (ActPriority)."""

    ROUTINE = "routine"
    URGENT = "urgent"


class TextMe(StrEnum):
    """Whether the patient wants a message when it is nearly their turn, and whether it was written."""

    NO = "no"
    WANTED = "wanted"
    SENT = "sent"


class Reason(StrEnum):
    """Why a clinic is late or paused, as somebody of it chooses; patients read it in their language."""

    NONE = ""
    EMERGENCY = "emergency"
    LONGER = "longer"
    TECHNICAL = "technical"
    BREAK = "break"


class Why(StrEnum):
    """Why somebody waits longer: a reason that was given, or what the line itself shows."""

    NONE = ""
    EMERGENCY = "emergency"
    LONGER = "longer"
    TECHNICAL = "technical"
    BREAK = "break"
    URGENT_FIRST = "urgent-first"
    EARLIER_FIRST = "earlier-first"


@dataclass(frozen=True, slots=True)
class Running:
    """How a specialist's clinic runs on one day: late or paused, since when and why; it ends with the day.

    `day` is the calendar's at the specialist's site, `ends_at` when it ends there.
    """

    practitioner_id: str
    organization_id: str
    day: date
    ends_at: datetime
    late_minutes: int = 0
    late_reason: Reason = Reason.NONE
    paused_at: datetime | None = None
    pause_reason: Reason = Reason.NONE
    version: int = 0

    @property
    def paused(self) -> bool:
        """Whether nobody is called for the time being."""
        return self.paused_at is not None

    def late(self, minutes: int, reason: Reason) -> Self:
        """Return the clinic running so late; 0 minutes is on time, for which there is no reason."""
        said = reason if minutes else Reason.NONE
        return self._changed(late_minutes=minutes, late_reason=said)

    def pause(self, reason: Reason, now: datetime) -> Self:
        """Return the clinic paused; a second press changes the reason only."""
        return self._changed(paused_at=self.paused_at or now, pause_reason=reason)

    def resume(self) -> Self:
        """Return the clinic calling people again."""
        return self._changed(paused_at=None, pause_reason=Reason.NONE)

    def _changed(self, **changes: object) -> Self:
        after = replace(self, **changes)  # type: ignore[arg-type]
        return self if after == self else replace(after, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody who waits as the line sees them: no name. `waiting_at` is when they first came in."""

    visit_id: str
    priority: Priority
    start: datetime
    waiting_at: datetime
    text_me: TextMe = TextMe.NO

    @property
    def due(self) -> datetime:
        """From when on waiting counts: the agreed time, or the arrival of who came later."""
        return max(self.start, self.waiting_at)


@dataclass(frozen=True, slots=True)
class Line:
    """One specialist's line: who waits, since when somebody is in the call, how long calls took.

    `durations` are those of ended calls, newest first.
    """

    waiting: tuple[Stand, ...]
    called_at: datetime | None = None
    durations: tuple[timedelta, ...] = ()
    running: Running | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What a waiting patient is told. `minutes` is None where nobody can say, `late` the clinic's minutes."""

    visit_id: str
    ahead: int
    minutes: int | None
    late: int
    why: Why
    paused: bool


def in_order(waiting: Sequence[Stand]) -> list[Stand]:
    """Return the line: by priority, then the appointment's time, then arrival."""
    return sorted(
        waiting,
        key=lambda one: (one.priority is not Priority.URGENT, one.start, one.waiting_at, one.visit_id),
    )


def usual(durations: Sequence[timedelta]) -> timedelta | None:
    """Return the median of the newest consultations; None while there are too few to say."""
    counted = [each for each in durations if each >= SHORTEST][:REMEMBERED]
    return (
        timedelta(seconds=median(each.total_seconds() for each in counted))
        if len(counted) >= ENOUGH
        else None
    )


def late_minutes(line: Line, now: datetime) -> int:
    """Return how late the clinic runs: as somebody said, or else by the clock, in whole steps of 5."""
    if line.running is not None and line.running.late_minutes:
        return line.running.late_minutes
    overdue = max((now - one.due for one in line.waiting), default=timedelta(0))
    return max(0, overdue // STEP) * int(STEP.total_seconds() // 60)


def places(line: Line, now: datetime, told: Mapping[str, Place]) -> list[Place]:
    """Return every place, first in line first; `told` is what each of them was told last.

    The estimate is the median of the clinic's actual durations × people ahead + what is left of the call or
    its overrun; before the agreed time, and the minutes that the clinic says it runs late, nobody is promised
    to be called. Whenever more minutes are told than before, so is a reason.
    """
    paused = line.running is not None and line.running.paused
    late, waits = late_minutes(line, now), _waits(line, now)
    found = []
    for ahead, (one, wait) in enumerate(zip(in_order(line.waiting), waits, strict=True)):
        minutes = None if paused or wait is None else _rounded(wait)
        place = Place(one.visit_id, ahead, minutes, late, Why.NONE, paused)
        found.append(replace(place, why=_why(line, now, place, told.get(one.visit_id))))
    return found


def _waits(line: Line, now: datetime) -> list[timedelta | None]:
    """Return how long each in line has to wait; nobody shorter than those before them."""
    length = usual(line.durations)
    if length is None:
        return [None] * len(line.waiting)
    late = timedelta(minutes=line.running.late_minutes if line.running else 0)
    free, found = _left(line, length, now), []
    for one in in_order(line.waiting):
        agreed = timedelta(0) if one.priority is Priority.URGENT else one.start + late - now
        wait = max(free, agreed)
        found.append(wait)
        free = wait + length
    return list(found)


def _left(line: Line, length: timedelta, now: datetime) -> timedelta:
    """Return when the specialist is free: what is left of the usual length, beyond it as long again."""
    if line.called_at is None:
        return timedelta(0)
    return min(abs(length - (now - line.called_at)), max(length, OVERRUN_LIMIT))


def _rounded(wait: timedelta) -> int:
    """Return minutes, up to the next 5; the shortest wait is 5."""
    return max(1, ceil(wait / STEP)) * int(STEP.total_seconds() // 60)


def _why(line: Line, now: datetime, place: Place, before: Place | None) -> Why:
    """Return what to say about the wait: what the clinic said, else what the clock shows, else the line."""
    running = line.running
    if running is not None and running.paused:
        return Why(running.pause_reason)
    if running is not None and running.late_minutes:
        return Why(running.late_reason or Reason.LONGER)
    length = usual(line.durations)
    if length is not None and line.called_at is not None and now - line.called_at > length:
        return Why.LONGER
    return _since(line, place, before) if before else Why.NONE


def _since(line: Line, place: Place, before: Place) -> Why:
    """Return why somebody waits longer than they were told before; said again as long as that stands."""
    if place.ahead > before.ahead:
        first = in_order(line.waiting)[: place.ahead]
        urgent = any(one.priority is Priority.URGENT for one in first)
        return Why.URGENT_FIRST if urgent else Why.EARLIER_FIRST
    if place.minutes and before.minutes and place.minutes > before.minutes:
        return Why.LONGER
    same = (place.ahead, place.minutes, place.paused) == (before.ahead, before.minutes, before.paused)
    return before.why if same and before.why in OF_THE_LINE else Why.NONE


OF_THE_LINE = frozenset({Why.LONGER, Why.URGENT_FIRST, Why.EARLIER_FIRST})
