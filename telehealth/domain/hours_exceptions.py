"""What differs from the weekly hours: a specialist is away or works more, a site works on a holiday."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from telehealth.domain.scheduling import MIDNIGHT, Interval, shown


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

    def spans(self, zone: ZoneInfo) -> tuple[Interval, ...]:
        """Return it in UTC: extra hours as weekly hours are read, all else from its beginning to its end.

        Nothing where a clock change swallows all of it.
        """
        if self.kind is ExceptionKind.EXTRA:
            return shown(self.first, self.start, self.end, zone)
        begins, ends = (
            shown(self.first, self.start, MIDNIGHT, zone),
            shown(self.last, MIDNIGHT, self.end, zone),
        )
        if not begins or not ends or begins[0].start >= ends[-1].end:
            return ()
        return (Interval(begins[0].start, ends[-1].end),)

    def covers(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.first <= day <= self.last
