"""Who comes to a clinic without an appointment: how soon they have to be seen, and who comes before whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from telehealth.domain.errors import WrongState

REASON_LIMIT = 200
"""Characters of what somebody comes with, and of why they are seen sooner or later than that said."""


class Triage(StrEnum):
    """How soon somebody has to be seen, most urgent first.

    The five levels of the Manchester Triage System (Mackway-Jones, Marsden, Windle: Emergency Triage).
    """

    IMMEDIATE = "immediate"
    VERY_URGENT = "very-urgent"
    URGENT = "urgent"
    STANDARD = "standard"
    NON_URGENT = "non-urgent"


LEVELS = tuple(Triage)
SOONEST = frozenset({Triage.IMMEDIATE, Triage.VERY_URGENT})
"""Who is called with one of these goes before those with an appointment, too."""


class WalkInStatus(StrEnum):
    """Where somebody stands who came without an appointment."""

    WAITING = "waiting"
    CALLED = "called"
    LEFT = "left"


class WalkInEvent(StrEnum):
    """What can happen to them."""

    CALL = "call"
    LEAVE = "leave"
    RETURN = "return"


S, E = WalkInStatus, WalkInEvent

WALK_IN_TRANSITIONS: dict[tuple[WalkInStatus, WalkInEvent], WalkInStatus] = {
    (S.WAITING, E.CALL): S.CALLED,
    (S.WAITING, E.LEAVE): S.LEFT,
    (S.LEFT, E.LEAVE): S.LEFT,
    (S.LEFT, E.RETURN): S.WAITING,
    (S.WAITING, E.RETURN): S.WAITING,
}
"""Every step there is; a missing pair is refused. From the call on, the visit has a life of its own."""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody in a clinic's queue for a service. Instants are UTC; `organization_id` is the clinic's.

    `reason` is what they come with, `why` why their triage was changed; both may be empty. `arrived_at` stays
    through leaving, returning and being sent on; `from_organization_id` is the clinic that they were sent on
    from last, `because` why. `visit_id` is set by the call and is the same as `id`: the link to their place
    opens their visit, too. `link_digest` is its HMAC.
    """

    id: str
    organization_id: str
    service_id: str
    patient_id: str
    triage: Triage
    arrived_at: datetime
    status: WalkInStatus
    since: datetime
    reason: str = ""
    why: str = ""
    visit_id: str = ""
    version: int = 1
    from_organization_id: str = ""
    because: str = ""
    link_digest: bytes | None = None

    def step(self, event: WalkInEvent, now: datetime) -> Self:
        """Return them after `event`, themselves when nothing changes; raises WrongState for no step."""
        status = WALK_IN_TRANSITIONS.get((self.status, event))
        if status is None:
            raise WrongState
        if status is self.status:
            return self
        return replace(self, status=status, since=now, version=self.version + 1)

    def called(self, visit_id: str, now: datetime) -> Self:
        """Return them with the visit that they were called to; raises WrongState unless they wait."""
        return replace(self.step(WalkInEvent.CALL, now), visit_id=visit_id)

    def assessed(self, triage: Triage, why: str) -> Self:
        """Return them with another triage and why; raises WrongState unless they wait."""
        if self.status is not WalkInStatus.WAITING:
            raise WrongState
        if self.triage is triage:
            return self
        return replace(self, triage=triage, why=why, version=self.version + 1)

    def sent(self, organization_id: str, service_id: str, because: str) -> Self:
        """Return them in another clinic's queue, or in that for another service, with triage and arrival.

        Raises WrongState unless they wait.
        """
        if self.status is not WalkInStatus.WAITING:
            raise WrongState
        if (organization_id, service_id) == (self.organization_id, self.service_id):
            return self
        moved = organization_id != self.organization_id
        return replace(
            self,
            organization_id=organization_id,
            service_id=service_id,
            from_organization_id=self.organization_id if moved else self.from_organization_id,
            because=because,
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's place: how many are before them for the same service, and about how many minutes that is."""

    walk_in: WalkIn
    ahead: int
    minutes: int


def in_turn(waiting: Sequence[WalkIn]) -> list[WalkIn]:
    """Return who comes first: by triage, then by arrival."""
    return sorted(waiting, key=lambda one: (LEVELS.index(one.triage), one.arrived_at, one.id))


def standings(waiting: Sequence[WalkIn], length: int) -> list[Standing]:
    """Return everybody's place in one service's queue, first in turn first; `length` is a visit's in minutes.

    Specialists of several clinics may call from one queue, so the estimate is what it takes one of them.
    """
    return [Standing(one, ahead, ahead * length) for ahead, one in enumerate(in_turn(waiting))]
