"""What the cluster's houses have sent about a patient, as a specialist reads it beside the call."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_OF_A_KIND = 50
"""More than that nobody reads while somebody speaks to them."""


class Kind(StrEnum):
    """Under which heading it stands, in this order."""

    PROBLEM = "problem"
    MEDICATION = "medication"
    RESULT = "result"
    IMMUNIZATION = "immunization"


class State(StrEnum):
    """What has to be known before it is believed; nothing for what is final, or holds now."""

    PRELIMINARY = "preliminary"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"
    DRAFT = "draft"
    PLANNED = "planned"
    PROPOSED = "proposed"
    NOT_TAKEN = "not-taken"
    NOT_GIVEN = "not-given"
    FORBIDDEN = "forbidden"
    INACTIVE = "inactive"
    REMISSION = "remission"
    RESOLVED = "resolved"
    RECURRING = "recurring"
    UNCONFIRMED = "unconfirmed"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class Part:
    """One value as it was sent, and what its writer makes of it; a name where there are several values."""

    value: str | bool
    flags: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry. `on` is its day, month or year as its writer wrote it, empty without one; `order` sorts."""

    kind: Kind
    name: str
    on: str
    order: datetime
    states: tuple[State, ...] = ()
    parts: tuple[Part, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What there is of a kind, newest first; `more` where the oldest had to be left out."""

    kind: Kind
    entries: tuple[Recorded, ...]
    more: bool


def grouped(entries: list[Recorded]) -> list[Group]:
    """Return a group for each kind, also where nothing is written of it: that has to be said."""
    newest = sorted(entries, key=lambda each: each.order, reverse=True)
    by_kind = {kind: [each for each in newest if each.kind is kind] for kind in Kind}
    return [
        Group(kind, tuple(found[:MOST_OF_A_KIND]), len(found) > MOST_OF_A_KIND)
        for kind, found in by_kind.items()
    ]
