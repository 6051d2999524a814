"""A clinic's day looked back at: what became of each visit, and whether it began late."""

from datetime import datetime
from enum import StrEnum

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.queue import STEP


class End(StrEnum):
    """What became of a visit by the end of the day."""

    SEEN = "seen"
    MISSED = "missed"
    CANCELLED = "cancelled"
    OPEN = "open"
    """It is still to come, or still running."""


ENDS = {
    VisitStatus.FINISHED: End.SEEN,
    VisitStatus.COMPLETED: End.SEEN,
    VisitStatus.MISSED: End.MISSED,
    VisitStatus.CANCELLED: End.CANCELLED,
}


def end_of(visit: Consultation) -> End:
    """Return what became of a visit."""
    return ENDS.get(visit.status, End.OPEN)


def late_by(visit: Consultation, start: datetime) -> int:
    """Return how many minutes after its time the visit began, 0 below five.

    The time counts from the patient's arrival where that came later: who is late makes no clinic late.
    """
    if visit.admitted_at is None:
        return 0
    waited = visit.admitted_at - max(start, visit.waiting_at or start)
    return int(waited.total_seconds() // 60) if waited >= STEP else 0
