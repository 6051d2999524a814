"""How many people a visit's call carries: asked by whoever lets somebody in, and by the room."""

from typing import Protocol

MESH = 4
"""So many may be in a call in which each sends to every other: three times the own picture, and no more."""


class Carrier(Protocol):
    """What carries the sound and the pictures of calls."""

    direct: int
    """So many send to each other themselves, `MESH` at most; of more, something else carries all."""

    def carries(self, visit_id: str) -> int:
        """Return how many may be in this visit's call now, the patient and the specialist among them."""


class Mesh:
    """The browsers themselves carry it, each to every other."""

    direct = MESH

    def carries(self, visit_id: str) -> int:
        """Return how many may be in a visit's call."""
        return MESH
