"""What is corrected afterwards about who was there, and why: words of a list, for they stand in the audit."""

from datetime import datetime
from enum import StrEnum

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.consultation import Consultation, VisitEvent, VisitStatus
from telehealth.domain.errors import WrongState


class Presence(StrEnum):
    """How a visit whose hours are over went."""

    ATTENDED = "attended"
    UNSEEN = "unseen"
    MISSED = "missed"


class Because(StrEnum):
    """Why what was noted is wrong."""

    MISTAKE = "mistake"
    PHONE = "phone"
    TECHNICAL = "technical"
    TOLD = "told"
    OTHER = "other"


STEPS: dict[Presence, tuple[VisitEvent, AppointmentStatus]] = {
    Presence.ATTENDED: (VisitEvent.ATTEND, AppointmentStatus.FULFILLED),
    Presence.UNSEEN: (VisitEvent.OVERLOOK, AppointmentStatus.BOOKED),
    Presence.MISSED: (VisitEvent.MISS, AppointmentStatus.NOSHOW),
}
"""What a correction does to a visit, and how its appointment stands by it."""
CORRECTABLE = frozenset({VisitStatus.MISSED, VisitStatus.UNSEEN})


def corrected(before: Consultation, to: Presence, now: datetime) -> Consultation:
    """Return the visit as it went after all; raises WrongState unless it counts as missed or not seen."""
    if before.status not in CORRECTABLE:
        raise WrongState("Only a visit that did not take place can be corrected.")
    return before.step(STEPS[to][0], now)
