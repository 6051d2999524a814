"""Group sessions: several patients have one time with one specialist, each in a seat of their own.

A session is no thing of its own that somebody makes first and somebody deletes last. It is what several
visits say in the same words: this service, this specialist, this start. Each of them takes the specialist,
the room and whatever else for itself; only visits of one session do not get in each other's way. So there is
nothing for two first bookers to race for, and the time is free when the last visit in it is gone.
"""

from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.organizations import HealthcareService

LARGEST = 30
"""Patients in one session at most."""


def session_of(service: HealthcareService, practitioner_id: str, start: datetime) -> str:
    """Return the session of a visit that starts then (UTC); empty where each patient is seen alone."""
    if service.capacity == 1:
        return ""
    return f"{service.id}/{practitioner_id}/{start.isoformat()}"


@dataclass(frozen=True, slots=True)
class Session:
    """A group session as it stands: how many seats are taken, held ones too, and the ids of what it has."""

    practitioner_id: str
    start: datetime
    taken: int
    resources: frozenset[str] = frozenset()

    def left(self, service: HealthcareService) -> int:
        """Return how many can still join it."""
        return max(0, service.capacity - self.taken)
