"""Who may sit in a visit's call, as the service decides and the room keeps it."""

from dataclasses import dataclass

from telehealth.domain.guests import GuestKind

SPECIALIST, PATIENT = "s", "p"
CALL = frozenset({SPECIALIST, PATIENT})
"""The two whose visit it is; everybody else in its call is a guest."""


@dataclass(frozen=True, slots=True)
class NextInLine:
    """The visit whose call may be prepared, and the session of the patient's device in it."""

    visit_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """How somebody begins to send: with a `picture` or without; `lossy`: every packet of sound goes twice."""

    picture: bool = True
    lossy: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the call that somebody may take: decided by the service, kept by the room.

    `participant` is stable over reconnects (`p` patient, `s` specialist); `polite` is the
    negotiation role (call.md: the patient is polite, the specialist offers first). `guarded` is what guests
    read instead of `name`, empty where they may read that. `part` is what a guest is in the visit, None for
    others; of what is written in it they read what comes after number `hears_after`. `begins` is None for
    as usual.
    """

    visit_id: str
    participant: str
    role: str
    name: str
    polite: bool
    relay_only: bool
    guarded: str = ""
    part: GuestKind | None = None
    hears_after: int = 0
    begins: Beginning | None = None
