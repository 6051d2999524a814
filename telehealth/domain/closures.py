"""When a clinic is closed: whoever has a visit then cannot be seen, and is told so before they wait."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClosedBecause(StrEnum):
    """Why a clinic is closed: a word of a list, which patients are told in their own language."""

    WEATHER = "weather"
    POWER = "power"
    ILLNESS = "illness"
    HOLIDAY = "holiday"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Closure:
    """An organization, or one of its sites, is closed from `start` until before `end` (UTC).

    `location_id` is empty for all sites. `phone` is whom to ring meanwhile; empty for the usual number.
    """

    id: str
    organization_id: str
    location_id: str
    start: datetime
    end: datetime
    reason: ClosedBecause
    phone: str = ""
