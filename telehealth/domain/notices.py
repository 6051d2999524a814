"""What services tell connected people about at once; signaling carries it to their sockets."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.guests import GuestState
from telehealth.domain.queue import Place, Priority, Reason
from telehealth.domain.seating import Beginning


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """A visit moved on, or the patient's device or line did. `since` is when the status began.

    A `test` is no part of the clinic's list. `asking`: a second device waits to be let in. `lets_in`: the
    session of the patient's device, where this is its admission to a call by video; `begins` is how it
    begins to send there.
    """

    visit_id: str
    practitioner_id: str
    status: str
    device: str
    connection: str
    since: datetime
    test: bool = False
    asking: bool = False
    lets_in: str = ""
    relay_only: bool = False
    begins: Beginning | None = None


@dataclass(frozen=True, slots=True)
class VisitMoved:
    """A visit takes place at another time, or the clinic is closed then or open again: its row is another."""

    visit_id: str
    practitioner_id: str


@dataclass(frozen=True, slots=True)
class VisitEnded:
    """The call is over for everyone in it: `ended` by the specialist, `cancelled`, or `revoked`."""

    visit_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These sessions were signed out or revoked; their sockets must go within five seconds."""

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceMoved:
    """The patient goes on with another browser; the session of the one before has lost the seat."""

    visit_id: str
    older_session_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class LockChanged:
    """A session's screen was locked, or unlocked again; a running call goes on either way."""

    session_id: str
    locked: bool


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """What these waiting patients are told about their line is not what they were told before."""

    practitioner_id: str
    places: tuple[Place, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class RunningChanged:
    """The specialist's clinic is late or paused, or is so no more."""

    practitioner_id: str
    late_minutes: int
    late_reason: Reason
    paused: bool
    pause_reason: Reason


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The clinic left a message in a visit; its words stay sealed until the patient's page asks for them."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """Somebody of the line is to be seen sooner or later than before."""

    visit_id: str
    practitioner_id: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class GuestChanged:
    """A guest of this specialist's visit was invited, or moved on."""

    visit_id: str
    practitioner_id: str
    guest_id: str
    state: GuestState


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Who stands in these clinics' queue without an appointment, for these specialists, is another now."""

    organization_ids: tuple[str, ...]
    practitioner_ids: tuple[str, ...]


Notice = (
    VisitChanged
    | VisitMoved
    | VisitEnded
    | SessionsEnded
    | DeviceMoved
    | LockChanged
    | PlacesChanged
    | RunningChanged
    | MessageLeft
    | PriorityChanged
    | GuestChanged
    | QueueChanged
)
