"""Who is connected, over all nodes: behind one Protocol, here in memory.

A connection is named by its Socket.IO sid. A visitor counts as present from the first connection until the
last one has been gone for the whole grace.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from telehealth.domain.access import Actor, ActorKind


@dataclass(slots=True)
class Connection:
    """One connected person. `room` is the visit whose room this connection sits in."""

    id: str
    actor: Actor
    number: int
    """Rises with every connection: the order of age."""
    gone: bool = False
    """Closed, or about to be: nothing of it counts any more."""
    watching: bool = False
    locked: bool = False
    """The screen of its session is locked: nothing but the room it sits in is open to it."""
    room: str | None = None
    prepares: str | None = None
    """The visit whose call this connection is getting ready, in a room that it is not admitted to yet."""

    @property
    def in_call(self) -> bool:
        """Whether it sits in a room as a member."""
        return self.room is not None

    @property
    def place(self) -> str | None:
        """The visit whose room its events are for."""
        return self.room or self.prepares


@dataclass(frozen=True, slots=True)
class Counts:
    """What is open on this node."""

    sockets: int
    connections: int
    rooms: int


@dataclass(frozen=True, slots=True)
class Departed:
    """A visitor whose last connection has been gone since `at`."""

    actor: Actor
    at: datetime


class Presence(Protocol):
    """The registry that server.py asks. Every answer is a fresh list, oldest connection first."""

    def add(self, connection_id: str, actor: Actor) -> Connection:
        """Take in a connection."""

    def remove(self, connection_id: str, now: datetime) -> Connection | None:
        """Take out a connection; None when it is not known."""

    def get(self, connection_id: str) -> Connection | None:
        """Return one connection."""

    def everyone(self) -> list[Connection]:
        """Return all."""

    def of_sessions(self, session_ids: Collection[str]) -> list[Connection]:
        """Return the connections that were opened with one of these sessions."""

    def visitors(self, visit_id: str) -> list[Connection]:
        """Return the connections of a visit's patient."""

    def guests(self, visit_id: str) -> list[Connection]:
        """Return the connections of a visit's guests, let in or not."""

    def watchers(self, practitioner_id: str) -> list[Connection]:
        """Return the connections on which this practitioner watches the own clinic."""

    def away_since(self, visit_id: str) -> Departed | None:
        """Return since when a visit's patient has no connection; None with one, or after the grace."""

    def overdue(self, now: datetime) -> list[Departed]:
        """Return, once, each visitor whose grace is over."""


class MemoryPresence:
    """Presence for one process."""

    def __init__(self, grace: timedelta) -> None:
        self._grace = grace
        self._number = 0
        self._all: dict[str, Connection] = {}
        self._sessions: dict[str, dict[str, Connection]] = {}
        self._visits: dict[str, dict[str, Connection]] = {}
        self._guests: dict[str, dict[str, Connection]] = {}
        self._staff: dict[str, dict[str, Connection]] = {}
        self._departed: dict[str, Departed] = {}

    def add(self, connection_id: str, actor: Actor) -> Connection:
        """Take in a connection."""
        self._number += 1
        connection = Connection(connection_id, actor, self._number)
        for index, key in self._indexes(actor):
            index.setdefault(key, {})[connection_id] = connection
        self._all[connection_id] = connection
        if actor.kind is ActorKind.VISITOR:
            self._departed.pop(actor.visit_id, None)
        return connection

    def remove(self, connection_id: str, now: datetime) -> Connection | None:
        """Take out a connection; the last one of a visitor starts the grace."""
        connection = self._all.pop(connection_id, None)
        if connection is None:
            return None
        connection.gone = True
        actor = connection.actor
        for index, key in self._indexes(actor):
            index[key].pop(connection_id)
            if not index[key]:
                del index[key]
        if actor.kind is ActorKind.VISITOR and actor.visit_id not in self._visits:
            self._departed[actor.visit_id] = Departed(actor, now)
        return connection

    def get(self, connection_id: str) -> Connection | None:
        """Return one connection."""
        return self._all.get(connection_id)

    def everyone(self) -> list[Connection]:
        """Return all."""
        return list(self._all.values())

    def of_sessions(self, session_ids: Collection[str]) -> list[Connection]:
        """Return the connections that were opened with one of these sessions."""
        return [each for session in session_ids for each in self._sessions.get(session, {}).values()]

    def visitors(self, visit_id: str) -> list[Connection]:
        """Return the connections of a visit's patient."""
        return list(self._visits.get(visit_id, {}).values())

    def guests(self, visit_id: str) -> list[Connection]:
        """Return the connections of a visit's guests."""
        return list(self._guests.get(visit_id, {}).values())

    def watchers(self, practitioner_id: str) -> list[Connection]:
        """Return the connections on which this practitioner watches the own clinic."""
        return [each for each in self._staff.get(practitioner_id, {}).values() if each.watching]

    def away_since(self, visit_id: str) -> Departed | None:
        """Return since when a visit's patient has no connection."""
        return self._departed.get(visit_id)

    def overdue(self, now: datetime) -> list[Departed]:
        """Return, once, each visitor whose grace is over."""
        over = {visit: gone for visit, gone in self._departed.items() if now - gone.at >= self._grace}
        for visit in over:
            del self._departed[visit]
        return list(over.values())

    def _indexes(self, actor: Actor) -> list[tuple[dict[str, dict[str, Connection]], str]]:
        match actor.kind:
            case ActorKind.VISITOR:
                by_person = (self._visits, actor.visit_id)
            case ActorKind.GUEST:
                by_person = (self._guests, actor.visit_id)
            case _:
                by_person = (self._staff, actor.id)
        return [(self._sessions, actor.session_id), by_person]
