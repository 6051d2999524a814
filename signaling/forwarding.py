"""What rooms ask of the forwarding server (SFU) and hear back: the port, and its twin where there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from signaling.messages import Content
from telehealth.services.carrying import Carrier, Mesh

UP, DOWN = "up", "down"
"""Of a carried member's two peer connections: the own media, and everybody else's."""


@dataclass(frozen=True, slots=True)
class Carry:
    """Carry a member's media; another epoch is another peer connection of theirs."""

    visit_id: str
    who: str
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Hand:
    """Hand over what a member says to the forwarding server."""

    visit_id: str
    who: str
    lane: str
    epoch: int
    content: Content


@dataclass(frozen=True, slots=True)
class Drop:
    """Carry a member no more, or (None) nobody of the visit."""

    visit_id: str
    who: str | None = None


Order = Carry | Hand | Drop


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the forwarding server says to a member."""

    visit_id: str
    who: str
    lane: str
    epoch: int
    content: Content


class Forwarding(Carrier, Protocol):
    """A forwarding server. `told` and `moved` are set by whoever listens, before `run`."""

    told: Callable[[Spoken], None]
    moved: Callable[[], None]
    """Called whenever `up` has changed. What was carried before it went is gone with it."""

    @property
    def up(self) -> bool:
        """Whether it carries anybody at present."""

    def order(self, order: Order) -> None:
        """Do this, after everything that was ordered before for the same visit; nobody waits for it."""

    async def run(self) -> None:
        """Keep in touch with it until cancelled."""


class NoForwarding(Mesh):
    """Where no forwarding server is: everybody is connected with everybody."""

    up = False

    def __init__(self) -> None:
        self.told: Callable[[Spoken], None] = _nobody
        self.moved: Callable[[], None] = _nothing

    def order(self, order: Order) -> None:
        """Nothing is ordered while it is not up."""

    async def run(self) -> None:
        """Be done at once."""


def _nobody(_: Spoken) -> None:
    """Nobody listens yet."""


def _nothing() -> None:
    """Nobody listens yet."""
