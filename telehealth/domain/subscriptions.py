"""A program that wants to be told of what is new in the record: what it watches, where it hears of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_SUBSCRIPTIONS = 20
"""Of one program at a time."""
KEPT = timedelta(days=30)
"""So long one that is over can still be looked at."""


class SubscriptionState(StrEnum):
    """FHIR's subscription-status, as far as it is used: one that is asked for is active at once."""

    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a program watches. `patient_id` is empty where it watches all patients of its house.

    Without `ids` an empty message says that there is something new; `header` goes with each one. `attempts`
    have failed since the last that arrived, the next is due at `due_at`; `told` is how many events arrived.
    """

    id: str
    program_id: str
    organization_id: str
    type: str
    patient_id: str
    criteria: str
    reason: str
    endpoint: str
    ids: bool
    header: tuple[str, ...]
    made_at: datetime
    changed_at: datetime
    due_at: datetime
    ends_at: datetime | None = None
    state: SubscriptionState = SubscriptionState.ACTIVE
    error: str = ""
    attempts: int = 0
    told: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A version of a resource that somebody may have to be told of."""

    subscription_id: str
    resource_id: str
    version: int
    patient_id: str
    at: datetime
