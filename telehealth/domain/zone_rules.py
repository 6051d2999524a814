"""What a new version of the time-zone rules does to a booked visit: the agreed wall time is what counts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import Appointment
from telehealth.domain.scheduling import instants


@dataclass(frozen=True, slots=True)
class Shift:
    """A visit whose instant is another one under the rules in use: `start`, where its wall time lies now."""

    appointment: Appointment
    start: datetime

    @property
    def backward(self) -> bool:
        """Whether the visit goes to an earlier instant."""
        return self.start < self.appointment.start


def agreed_instant(appointment: Appointment) -> datetime:
    """Return the UTC instant of the agreed wall time under the rules in use.

    Of a repeated hour the one that is nearer to the former instant; a time that no clock shows any more is
    read with the offset before the gap (RFC 5545, erratum 4271).
    """
    wall, zone = datetime.fromisoformat(appointment.local_start), ZoneInfo(appointment.zone)
    found = instants(wall.date(), wall.time(), zone) or (wall.replace(tzinfo=zone).astimezone(UTC),)
    return min(found, key=lambda instant: abs(instant - appointment.start))


def jumped_over(appointment: Appointment) -> bool:
    """Whether no clock shows the agreed wall time: the visit is shifted, and somebody should look at it."""
    wall = datetime.fromisoformat(appointment.local_start)
    return not instants(wall.date(), wall.time(), ZoneInfo(appointment.zone))


def shifts_among(appointments: list[Appointment]) -> list[Shift]:
    """Return those that have to move, in an order in which each finds its new time already left.

    A zone's visits all move the same way: those that go back do so earliest first, the others latest first.
    """
    found = [Shift(each, agreed_instant(each)) for each in appointments]
    moving = [each for each in found if each.start != each.appointment.start]
    back = sorted((each for each in moving if each.backward), key=lambda each: each.start)
    forth = sorted((each for each in moving if not each.backward), key=lambda each: each.start, reverse=True)
    return back + forth
