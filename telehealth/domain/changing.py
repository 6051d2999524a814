"""What patients may change about their visit by themselves: not at the last moment, and not for ever."""

from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.appointment import Appointment
from telehealth.domain.consultation import TRANSITIONS, Consultation, VisitEvent
from telehealth.domain.errors import BadInput, ChangeTooLate, FieldProblem, MovedTooOften, WrongState

LEAST_NOTICE = timedelta(hours=2)
"""So long before its start a visit is made ready for: from then on the clinic changes it, by phone."""
FARTHEST = timedelta(days=184)
"""So far ahead patients may choose a time."""
MOST_MOVES = 3
"""Times that a patient may move one visit."""


class Barrier(StrEnum):
    """What keeps a patient from changing a visit; one that was moved too often can still be cancelled."""

    NONE = "none"
    OVER = "over"
    LATE = "late"
    OFTEN = "often"


def barrier(visit: Consultation, appointment: Appointment, now: datetime) -> Barrier:
    """Return what stands in the way of the patient's own change."""
    if (visit.status, VisitEvent.MOVE) not in TRANSITIONS:
        return Barrier.OVER
    if appointment.start - now < LEAST_NOTICE:
        return Barrier.LATE
    return Barrier.OFTEN if appointment.patient_moves >= MOST_MOVES else Barrier.NONE


def changeable(visit: Consultation, appointment: Appointment, now: datetime) -> bool:
    """Whether the patient may at least cancel it, so that the page has anything to offer."""
    return barrier(visit, appointment, now) in {Barrier.NONE, Barrier.OFTEN}


def may_cancel(visit: Consultation, appointment: Appointment, now: datetime) -> None:
    """Pass when the patient may cancel; raises WrongState or ChangeTooLate."""
    match barrier(visit, appointment, now):
        case Barrier.OVER:
            raise WrongState
        case Barrier.LATE:
            raise ChangeTooLate


def may_move(visit: Consultation, appointment: Appointment, start: datetime, now: datetime) -> None:
    """Pass when the patient may move it to `start`; raises as `may_cancel`, MovedTooOften, BadInput."""
    may_cancel(visit, appointment, now)
    if barrier(visit, appointment, now) is Barrier.OFTEN:
        raise MovedTooOften
    if not LEAST_NOTICE <= start - now <= FARTHEST:
        raise BadInput(FieldProblem("start", "not-offered", "Please choose one of the times that are shown."))
