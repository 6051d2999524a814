"""A specialist's visits as a calendar that programs fetch by a secret address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telehealth.domain.appointment import TAKES_TIME, AppointmentStatus

PAST, AHEAD = timedelta(days=7), timedelta(days=120)
"""How much of the calendar is told, from now."""
MOST = 2000
"""Visits that are told, the earliest first."""
SHOWN = (TAKES_TIME - {AppointmentStatus.PENDING}) | {AppointmentStatus.NOSHOW}
"""A held time is nobody's visit yet, and what was cancelled is not in a calendar that is read whole."""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The one address of a specialist's calendar. Its secret's SHA-256 is `digest`; the secret is nowhere."""

    practitioner_id: str
    organization_id: str
    digest: bytes
    made_at: datetime
