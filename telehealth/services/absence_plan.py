"""What to propose for the visits of somebody who is away: no two get one time, but a group stays together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.absences import Answer
from telehealth.domain.groups import session_of
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow
from telehealth.services.slots import FreeSlot

MOST_WAYS = 3
"""Stand-ins, and later times, that are offered for one visit."""
Group = tuple[str, datetime]
"""Service and start of visits of one specialist: who has both in common is in one session."""
Proposed = tuple[Answer, FreeSlot]


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can become of a visit; with whom and when, unless it is cancelled or kept."""

    answer: Answer
    practitioner: Practitioner | None = None
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Concerned:
    """A visit of somebody who is away, and what can become of it: the first is what is proposed."""

    row: DayRow
    ways: tuple[Way, ...]


class Given:
    """Times that were proposed already, by specialist and by patient; groups are kept together."""

    def __init__(self, busy: Mapping[str, Sequence[Interval]], rows: Sequence[DayRow]) -> None:
        """`busy` are times of the patients that are taken by other visits than `rows`."""
        self._spans: dict[str, list[Interval]] = defaultdict(list)
        for patient, spans in busy.items():
            self._spans[patient] += spans
        self._seats = Counter[str]()
        self._left = Counter(_group(row) for row in rows)
        self._with: dict[Group, FreeSlot] = {}

    def free(self, slot: FreeSlot, patient_id: str) -> bool:
        """Whether specialist and patient have this time for each other."""
        session = session_of(slot.service, slot.practitioner.id, slot.start)
        if any(_span(slot).overlaps(other) for other in self._spans[patient_id]):
            return False
        if self._seats[session]:
            return self._seats[session] < slot.left
        return not any(_span(slot).overlaps(other) for other in self._spans[slot.practitioner.id])

    def together(self, row: DayRow, slots: Sequence[Proposed]) -> list[Proposed]:
        """Return the times for one of a group so that all can have the first: others have it, or it has room.

        Who is seen alone has them as they came.
        """
        group = _group(row)

        def apart(proposed: Proposed) -> tuple[bool, bool]:
            _, slot = proposed
            session = session_of(slot.service, slot.practitioner.id, slot.start)
            room = slot.left - self._seats[session] >= self._left[group]
            return slot is not self._with.get(group), not room

        return sorted(slots, key=apart) if row.together else list(slots)

    def give(self, slot: FreeSlot, row: DayRow) -> None:
        """Keep a time that is proposed."""
        for each in (slot.practitioner.id, row.patient.id):
            self._spans[each].append(_span(slot))
        if session := session_of(slot.service, slot.practitioner.id, slot.start):
            self._seats[session] += 1
        self._left[_group(row)] -= 1
        self._with[_group(row)] = slot


def proposals(
    rows: Sequence[DayRow],
    others: Mapping[tuple[str, datetime], Sequence[FreeSlot]],
    later: Mapping[str, Sequence[FreeSlot]],
    busy: Mapping[str, Sequence[Interval]],
) -> list[Concerned]:
    """Return what can become of each visit, in the order of `rows`.

    `others` are free times of other specialists by service and start, `later` the same one's by service,
    `busy` the patients' times that are taken by other visits.
    """
    given = Given(busy, rows)
    return [_concerned(row, others, later, given) for row in rows]


def _concerned(
    row: DayRow,
    others: Mapping[tuple[str, datetime], Sequence[FreeSlot]],
    later: Mapping[str, Sequence[FreeSlot]],
    given: Given,
) -> Concerned:
    same, after = others.get(_group(row), ()), later.get(row.service.id, ())
    slots = [*((Answer.STAND_IN, slot) for slot in same), *((Answer.LATER, slot) for slot in after)]
    free = given.together(row, [each for each in slots if given.free(each[1], row.patient.id)])
    for _, slot in free[:1]:
        given.give(slot, row)
    ways = [Way(answer, slot.practitioner, slot.start) for answer, slot in _few_of_each(free)]
    return Concerned(row, (*ways, Way(Answer.CANCEL), Way(Answer.KEEP)))


def _few_of_each(slots: Sequence[Proposed]) -> Iterator[Proposed]:
    shown = Counter[Answer]()
    for answer, slot in slots:
        shown[answer] += 1
        if shown[answer] <= MOST_WAYS:
            yield answer, slot


def _group(row: DayRow) -> Group:
    return row.service.id, row.appointment.start


def _span(slot: FreeSlot) -> Interval:
    return Interval(slot.start, slot.end)
