"""The rooms that are open on this node, and who sits in them as an actor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from signaling.forwarded import ForwardedRoom
from telehealth.domain.access import Actor
from telehealth.services.carrying import Carrier


@dataclass(slots=True)
class Asking:
    """A question to the doorkeeper that is under way; stale when the visit moved meanwhile."""

    stale: bool = False


@dataclass(slots=True)
class Open:
    """A room with the actors behind its participants."""

    room: ForwardedRoom
    actors: dict[str, Actor] = field(default_factory=dict)


class Rooms:
    """The registry: a room exists from the first who enters until nobody holds a seat in it."""

    def __init__(self, grace: timedelta, carrier: Carrier) -> None:
        self._grace = grace
        self._carrier = carrier
        self._open: dict[str, Open] = {}
        self._asking: dict[str, list[Asking]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def get(self, visit_id: str | None) -> Open | None:
        """Return the open room of a visit."""
        return self._open.get(visit_id) if visit_id is not None else None

    def open(self, visit_id: str) -> Open:
        """Return the room of a visit, opened when there is none, with as many seats as are carried now."""
        room = ForwardedRoom(visit_id, direct=self._carrier.direct, grace=self._grace)
        held = self._open.setdefault(visit_id, Open(room))
        held.room.seats = self._carrier.carries(visit_id)
        return held

    def all(self) -> list[Open]:
        """Return every open room."""
        return list(self._open.values())

    def tidy(self, visit_id: str) -> None:
        """Forget a room in which nobody holds a seat any more."""
        held = self._open.get(visit_id)
        if held is not None and held.room.empty:
            del self._open[visit_id]

    @contextmanager
    def asking(self, visit_id: str) -> Iterator[Asking]:
        """Mark that the doorkeeper is being asked about a visit: the answer may be overtaken by `moved`."""
        asking = Asking()
        self._asking.setdefault(visit_id, []).append(asking)
        try:
            yield asking
        finally:
            self._asking[visit_id].remove(asking)
            if not self._asking[visit_id]:
                del self._asking[visit_id]

    def moved(self, visit_id: str) -> None:
        """Make answers stale that are under way: the visit has changed."""
        for asking in self._asking.get(visit_id, ()):
            asking.stale = True
