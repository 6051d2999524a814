"""A specialist is away: what becomes of each visit that was booked meanwhile, as a coordinator decides it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MOST_DAYS = 14
"""Days that are arranged at one time."""
MOST_VISITS = 100
"""Visits that are arranged at one time; where there are more, fewer days are."""


class Answer(StrEnum):
    """What becomes of a visit: another specialist has it, the same one later, nobody, or it stays for now."""

    STAND_IN = "stand-in"
    LATER = "later"
    CANCEL = "cancel"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """The answer for one appointment, as it was read in `version`; with whom and when where that matters."""

    appointment_id: str
    version: int
    answer: Answer
    practitioner_id: str = ""
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Whole days of a specialist, at their own site, on which nothing more is to be booked."""

    practitioner_id: str
    first: date
    last: date
