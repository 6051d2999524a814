"""What differs from the weekly hours: a specialist is away or works more, a site works on a holiday."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from telehealth.domain.scheduling import Interval, begins, ends


class ExceptionKind(StrEnum):
    """How it differs.

    AWAY: the specialist works nowhere; the site says whose clocks are meant. EXTRA: the specialist can be
    booked at the site, as in weekly hours. OPEN: the site works although the day is a holiday.
    """

    AWAY = "away"
    EXTRA = "extra"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class HoursException:
    """From `start` on the day `first` until `end` on the day `last`, as clocks at the site show.

    An `end` of 00:00 is midnight at that day's end. `practitioner_id` is empty for a whole site (OPEN),
    `service_id` for any service.
    """

    id: str
    organization_id: str
    practitioner_id: str
    location_id: str
    service_id: str
    kind: ExceptionKind
    first: date
    start: time
    last: date
    end: time
    version: int = 0

    def span(self, zone: ZoneInfo) -> Interval | None:
        """Return it in UTC; None where a clock change swallows all of it."""
        start, end = begins(self.first, self.start, zone), ends(self.last, self.end, zone)
        return Interval(start, end) if start < end else None

    def covers(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.first <= day <= self.last
