"""Who joins one visit from a link of their own: a relative, an interpreter, a second clinician."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from telehealth.domain.errors import OtherDevice, WrongState
from telehealth.domain.sentences import say

NAME_LIMIT = 80
OPEN_INVITATIONS = 4
"""So many guests a visit may have at a time; a removed one counts no more."""
ALL_INVITATIONS = 12
"""So many guests a visit may ever have: nobody's name is guessed by inviting over and over."""
NEVER = 2**31 - 1
"""Above every number of what is written: who reads only what comes after it reads nothing."""


class GuestKind(StrEnum):
    """What somebody is in a visit that is not their own."""

    RELATIVE = "relative"
    INTERPRETER = "interpreter"
    SIGNER = "signer"
    CLINICIAN = "clinician"
    OTHER = "other"

    @property
    def pinned(self) -> bool:
        """Whether others must see this one large all the time: hands that are read speak."""
        return self is GuestKind.SIGNER


class GuestState(StrEnum):
    """Where a guest stands. The words that people read are in the templates."""

    INVITED = "invited"
    OPENED = "opened"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REMOVED = "removed"


class GuestEvent(StrEnum):
    """What can happen to a guest."""

    OPEN = "open"
    WAIT = "wait"
    ADMIT = "admit"
    LEAVE = "leave"
    REMOVE = "remove"


S, E = GuestState, GuestEvent

TRANSITIONS: dict[tuple[GuestState, GuestEvent], GuestState] = {
    (S.INVITED, E.OPEN): S.OPENED,
    (S.OPENED, E.OPEN): S.OPENED,
    (S.WAITING, E.OPEN): S.WAITING,
    (S.ADMITTED, E.OPEN): S.ADMITTED,
    (S.OPENED, E.WAIT): S.WAITING,
    (S.WAITING, E.WAIT): S.WAITING,
    (S.ADMITTED, E.WAIT): S.ADMITTED,
    (S.WAITING, E.ADMIT): S.ADMITTED,
    (S.ADMITTED, E.ADMIT): S.ADMITTED,
    (S.OPENED, E.LEAVE): S.OPENED,
    (S.WAITING, E.LEAVE): S.OPENED,
    (S.ADMITTED, E.LEAVE): S.OPENED,
    (S.INVITED, E.REMOVE): S.REMOVED,
    (S.OPENED, E.REMOVE): S.REMOVED,
    (S.WAITING, E.REMOVE): S.REMOVED,
    (S.ADMITTED, E.REMOVE): S.REMOVED,
    (S.REMOVED, E.REMOVE): S.REMOVED,
}
"""Every step there is; a missing pair is refused. Who leaves asks again; nobody returns from REMOVED."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One invitation and whoever came by it. The name is what the inviter called them.

    `number` counts within the visit from 1: the guest's seat. `digest` is the HMAC of the derived token,
    which never rotates; `session_digest` the SHA-256 of the cookie of the one browser that opened it.
    `agreed_at` is when the guest agreed to what the page asks; `since` when the state began. Of what is
    written in the visit the guest reads what comes after number `hears_after`: nothing until they are let in.
    """

    id: str
    visit_id: str
    patient_id: str
    organization_id: str
    number: int
    kind: GuestKind
    name: str
    invited_by: str
    digest: bytes
    made_at: datetime
    state: GuestState
    since: datetime
    session_digest: bytes | None = None
    agreed_at: datetime | None = None
    hears_after: int = NEVER
    version: int = 0

    @property
    def participant(self) -> str:
        """The guest's id in the call."""
        return f"g{self.number}"

    def step(self, event: GuestEvent, now: datetime) -> Self:
        """Return the guest after `event`, itself when nothing changes; raises WrongState for no step."""
        after = TRANSITIONS.get((self.state, event))
        if after is None:
            raise WrongState
        if after is self.state:
            return self
        agreed = now if event is GuestEvent.WAIT else self.agreed_at
        return replace(self, state=after, since=now, agreed_at=agreed, version=self.version + 1)

    def let_in(self, written: int, now: datetime) -> Self:
        """Return the guest in the call, in which so much was `written` before: that they never read."""
        after = self.step(GuestEvent.ADMIT, now)
        return after if after is self else replace(after, hears_after=written)

    def open(self, session_digest: bytes, now: datetime) -> Self:
        """Return the guest with this browser as theirs; raises OtherDevice when another one is."""
        if self.session_digest not in {None, session_digest}:
            raise OtherDevice(say("This link was opened on another phone or computer. Ask for a new one."))
        after = self.step(GuestEvent.OPEN, now)
        return replace(after, session_digest=session_digest) if self.session_digest is None else after
