"""What a check of somebody's line found, and how a visit over it had best begin.

The figures are call.md's: below 150 kbit/s a picture costs the sound its clearness, below 24 there is no
sound; from a tenth of all packets lost, and from 600 ms there and back, a picture stands still more than it
moves. Whatever a check finds, nobody is kept from trying: the plan says how to begin and what to do instead.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telehealth.domain.access import ActorKind


class Way(StrEnum):
    """How media got through: straight, by the relay, or not at all."""

    DIRECT = "direct"
    RELAY = "relay"
    NONE = "none"


class RelayReached(StrEnum):
    """How the relay is reached: there is none, by UDP, by TCP only, not at all."""

    UNSET = "unset"
    UDP = "udp"
    TCP = "tcp"
    NO = "no"


class Plan(StrEnum):
    """How a visit had best begin: by video, by sound with still pictures, by phone, at a clinic."""

    VIDEO = "video"
    SOUND = "sound"
    PHONE = "phone"
    CLINIC = "clinic"


class Because(StrEnum):
    """What keeps a plan from being video."""

    NOTHING = ""
    BLOCKED = "blocked"
    NARROW = "narrow"
    LOSSY = "lossy"
    LATE = "late"
    NO_CAMERA = "no-camera"
    NO_MICROPHONE = "no-microphone"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: `up` and `down` in bits a second, `trip` there and back and `jitter` in ms.

    `loss` is in thousandths of what goes one way. Where nothing got through, no figure means anything.
    """

    way: Way
    up: int
    down: int
    trip: int
    jitter: int
    loss: int
    relay: RelayReached
    camera: bool
    microphone: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The plan, and what keeps it from being video."""

    plan: Plan
    because: Because


@dataclass(frozen=True, slots=True)
class LineCheck:
    """The last check of a visit's line: by whom, when, what it found, what was advised.

    `session_id` is the browser that checked, empty where nobody knows which; `version` counts the checks.
    """

    visit_id: str
    by_kind: ActorKind
    taken_at: datetime
    way: Way
    up: int
    down: int
    trip: int
    jitter: int
    loss: int
    relay: RelayReached
    camera: bool
    microphone: bool
    plan: Plan
    because: Because
    version: int = 1
    session_id: str = field(default="", repr=False)

    def elsewhere(self, bound_to: str | None) -> bool:
        """Whether another browser checked than the one that the visit is bound to: perhaps another device."""
        return bool(self.session_id and bound_to) and self.session_id != bound_to


NO_SOUND_BELOW, NO_PICTURE_BELOW = 24_000, 150_000
"""Bits a second, in the narrower direction."""
NO_PICTURE_LOSS, NO_SOUND_LOSS = 100, 300
NO_PICTURE_TRIP, NO_SOUND_TRIP = 600, 2000


def judge(found: Figures, *, by_phone: bool = True, relay_only: bool = False) -> Verdict:
    """Return how to begin; `by_phone`: the person can be phoned, `relay_only`: calls take no straight way."""
    unmeasured, relayed = found.way is Way.NONE, found.relay in {RelayReached.UDP, RelayReached.TCP}
    away = Plan.PHONE if by_phone else Plan.CLINIC
    if not found.microphone:
        return Verdict(away, Because.NO_MICROPHONE)
    if unmeasured or relay_only:
        # Whom the relay lets in it leads to people, if not to us: how well, the call will show.
        if not relayed:
            return Verdict(away, Because.BLOCKED)
        if unmeasured:
            return Verdict(Plan.SOUND, Because.BLOCKED)
    return _by_figures(found, away)


def _by_figures(found: Figures, away: Plan) -> Verdict:
    for because, is_so in (
        (Because.LOSSY, found.loss >= NO_SOUND_LOSS),
        (Because.NARROW, min(found.up, found.down) < NO_SOUND_BELOW),
        (Because.LATE, found.trip >= NO_SOUND_TRIP),
    ):
        if is_so:
            return Verdict(away, because)
    for because, is_so in (
        (Because.LOSSY, found.loss >= NO_PICTURE_LOSS),
        (Because.LATE, found.trip > NO_PICTURE_TRIP),
        (Because.NARROW, min(found.up, found.down) < NO_PICTURE_BELOW),
        (Because.NO_CAMERA, not found.camera),
    ):
        if is_so:
            return Verdict(Plan.SOUND, because)
    return Verdict(Plan.VIDEO, Because.NOTHING)
