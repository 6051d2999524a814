"""A booked time: who, with whom, for what, when, and which resources it takes (FHIR Appointment)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from telehealth.domain.modality import Modality


class AppointmentStatus(StrEnum):
    """FHIR appointmentstatus, the part that we use; `pending` is a hold."""

    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


TAKES_TIME = frozenset(
    {
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
    }
)
"""In these states the appointment's resources are busy."""


class ResourceKind(StrEnum):
    """What can be in only one place at a time."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    ROOM = "room"
    DEVICE = "device"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, slots=True)
class Claim:
    """One resource's busy time for one appointment, half-open, UTC, its own buffers included.

    `wanted` is the language that an interpreter is there for. Claims of one group `session` share the
    resource, and so many visits as it has `seats` can be in it (see groups.py).
    """

    kind: ResourceKind
    resource_id: str
    start: datetime
    end: datetime
    wanted: str = ""
    session: str = ""
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit's place in time. `zone` is the anchor: the wall time there is what was agreed.

    `local_start` is the agreed wall time as ISO text without offset; `tzdata` the version it was
    resolved with; `uid` and `sequence` belong to the calendar invitation and outlive reschedules.
    `patient_moves` counts the patient's own moves; `by_patient` says that its newest change was theirs, and
    `by_practitioner` that the practitioner gave it to themselves, and nobody else has moved it since.
    Of a series, `recurrence` is the wall time at which it was booked, for life (see series.py); `apart` says
    that its time was chosen for itself.
    """

    id: str
    uid: str
    organization_id: str
    patient_organization_id: str
    patient_id: str
    practitioner_id: str
    service_id: str
    location_id: str
    status: AppointmentStatus
    start: datetime
    end: datetime
    zone: str
    local_start: str
    tzdata: str
    sequence: int = 0
    version: int = 0
    held_until: datetime | None = None
    test: bool = False
    patient_moves: int = 0
    by_patient: bool = False
    by_practitioner: bool = False
    series_id: str = ""
    recurrence: str = ""
    apart: bool = False
    modality: Modality = Modality.VIDEO

    def confirmed(self) -> "Appointment":
        """Return what was held as booked."""
        return replace(self, status=AppointmentStatus.BOOKED, held_until=None, version=self.version + 1)

    def given_up(self) -> "Appointment":
        """Return what was held as nobody's any more."""
        return replace(self, status=AppointmentStatus.CANCELLED, held_until=None, version=self.version + 1)

    def stays_own(self, mover_id: str) -> bool:
        """Whether the practitioner has given it to themselves still, once somebody has moved it."""
        return self.by_practitioner and mover_id == self.practitioner_id


def wall_time(start: datetime, zone: str) -> str:
    """Return a moment as clocks in a zone show it: ISO text to the minute, without offset."""
    return start.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class AppointmentQuery:
    """Which appointments are sought: a patient's or a practitioner's that start within [start, end), UTC."""

    patient_id: str = ""
    practitioner_id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    statuses: frozenset[AppointmentStatus] = frozenset(AppointmentStatus)
    modality: Modality | None = None
    count: int = 50
