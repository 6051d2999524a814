"""A clinic's day looked back at: what became of each visit, and who was late for it."""

from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.queue import STEP


class End(StrEnum):
    """What became of a visit by the end of the day."""

    SEEN = "seen"
    MISSED = "missed"
    UNSEEN = "unseen"
    CANCELLED = "cancelled"
    OPEN = "open"
    """It is still to come, or still running."""


ENDS = {
    VisitStatus.FINISHED: End.SEEN,
    VisitStatus.COMPLETED: End.SEEN,
    VisitStatus.MISSED: End.MISSED,
    VisitStatus.UNSEEN: End.UNSEEN,
    VisitStatus.CANCELLED: End.CANCELLED,
}


def end_of(visit: Consultation) -> End:
    """Return what became of a visit."""
    return ENDS.get(visit.status, End.OPEN)


def late_by(visit: Consultation, start: datetime) -> int:
    """Return how many minutes the clinic was late to begin the visit, 0 below five.

    The time counts from the patient's arrival where that came later: who is late makes no clinic late.
    """
    if visit.admitted_at is None:
        return 0
    return _minutes(visit.admitted_at - max(start, visit.waiting_at or start))


def came_late_by(visit: Consultation, start: datetime) -> int:
    """Return how many minutes after the visit's time the patient came to the waiting room, 0 below five.

    Whom the clinic phoned instead was put through the waiting room at that moment, and came nowhere.
    """
    if visit.waiting_at is None or visit.waiting_at == visit.admitted_at:
        return 0
    return _minutes(visit.waiting_at - start)


def _minutes(late: timedelta) -> int:
    return int(late.total_seconds() // 60) if late >= STEP else 0
