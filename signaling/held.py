"""Who can sit in a room, and the peer connections that somebody brings along when they enter."""

from collections.abc import Mapping
from dataclasses import dataclass

from signaling.fields import Body, as_object, whole
from signaling.refusals import Misread

GUESTS = 12
"""So many guests a visit may have in all: their numbers are their seats."""
IDS = frozenset({"p", "s", *(f"g{number}" for number in range(1, GUESTS + 1))})
"""Everybody who can sit in a room."""
LANES = frozenset({"up", "down"})
"""A carried member's two peer connections with the forwarding server: the own media, everybody else's."""
ENDS = IDS | LANES
"""Whoever somebody in a room can have a peer connection to."""


@dataclass(frozen=True, slots=True)
class Held:
    """A peer connection to one more member: its epoch, and the number of the last signal of it."""

    other: str
    epoch: int
    since: int


def format_held(pairs: tuple[Held, ...]) -> Mapping[str, Mapping[str, int]]:
    """Write the connections by the other's id."""
    return {each.other: {"epoch": each.epoch, "since": each.since} for each in pairs}


def parse_held(pairs: Body) -> tuple[Held, ...]:
    """Read what `format_held` writes."""
    if not ENDS.issuperset(pairs):
        raise Misread("'pairs' must name members.")
    held = {other: as_object(value) for other, value in pairs.items()}
    return tuple(Held(other, whole(value, "epoch"), whole(value, "since")) for other, value in held.items())
