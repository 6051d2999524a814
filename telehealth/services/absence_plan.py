"""What to propose for the visits of somebody who is away: no two of them get the same time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.absences import Answer
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow
from telehealth.services.slots import FreeSlot

MOST_WAYS = 3
"""Stand-ins, and later times, that are offered for one visit."""


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
    """Times that were proposed already, by specialist and by patient."""

    def __init__(self, busy: Mapping[str, Sequence[Interval]]) -> None:
        """`busy` are times of the patients that are taken by other visits."""
        self._spans: dict[str, list[Interval]] = defaultdict(list)
        for patient, spans in busy.items():
            self._spans[patient] += spans

    def free(self, slot: FreeSlot, patient_id: str) -> bool:
        """Whether specialist and patient have this time for each other."""
        spans = self._spans[slot.practitioner.id] + self._spans[patient_id]
        return not any(_span(slot).overlaps(other) for other in spans)

    def give(self, slot: FreeSlot, patient_id: str) -> None:
        """Keep a time that is proposed."""
        for each in (slot.practitioner.id, patient_id):
            self._spans[each].append(_span(slot))


def proposals(
    rows: Sequence[DayRow],
    others: Mapping[tuple[str, datetime], Sequence[FreeSlot]],
    later: Mapping[str, Sequence[FreeSlot]],
    given: Given,
) -> list[Concerned]:
    """Return what can become of each visit, in the order of `rows`.

    `others` are free times of other specialists by service and start, `later` the same one's by service.
    """
    return [_concerned(row, others, later, given) for row in rows]


def _concerned(
    row: DayRow,
    others: Mapping[tuple[str, datetime], Sequence[FreeSlot]],
    later: Mapping[str, Sequence[FreeSlot]],
    given: Given,
) -> Concerned:
    service, start, patient = row.service.id, row.appointment.start, row.patient.id
    same = [slot for slot in others.get((service, start), ()) if given.free(slot, patient)]
    after = [slot for slot in later.get(service, ()) if given.free(slot, patient)]
    ways = [Way(Answer.STAND_IN, slot.practitioner, slot.start) for slot in same[:MOST_WAYS]]
    ways += [Way(Answer.LATER, slot.practitioner, slot.start) for slot in after[:MOST_WAYS]]
    for slot in [*same, *after][:1]:
        given.give(slot, patient)
    return Concerned(row, (*ways, Way(Answer.CANCEL), Way(Answer.KEEP)))


def _span(slot: FreeSlot) -> Interval:
    return Interval(slot.start, slot.end)
