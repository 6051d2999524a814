"""The event in which a member tells whom they get through the forwarding server."""

from dataclasses import dataclass
from typing import ClassVar

from signaling.fields import Body, as_object, whole
from signaling.held import IDS
from signaling.refusals import Misread


@dataclass(frozen=True, slots=True)
class Carried:
    """Whose packets come in through the forwarding server.

    `epoch` is that of `down`, each feed's number the epoch of its owner's `up`.
    """

    event: ClassVar[str] = "carried"
    epoch: int
    feeds: frozenset[tuple[str, int]]

    def wire(self) -> dict[str, object]:
        """Write the body."""
        return {"epoch": self.epoch, "feeds": dict(sorted(self.feeds))}


def parse_carried(body: Body) -> Carried:
    """Read it."""
    feeds = as_object(body.get("feeds"))
    if not IDS.issuperset(feeds):
        raise Misread("'feeds' must name members.")
    return Carried(whole(body, "epoch", 1), frozenset((each, whole(feeds, each, 1)) for each in feeds))
