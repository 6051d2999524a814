"""What is told about a line and who comes along: places, how the clinic runs, guests of a visit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from signaling.fields import Body, flag, optional_whole, text, whole
from signaling.instants import MAX_WORD, instant, parse_instant
from signaling.messages import MAX_VISIT, Wire


@dataclass(frozen=True, slots=True)
class Place:
    """What a waiting patient is told about the line now; `why` is empty where there is nothing to explain."""

    event: ClassVar[str] = "place"
    visit: str
    ahead: int
    minutes: int | None
    late: int
    why: str
    paused: bool
    at: datetime

    def wire(self) -> Wire:
        """Write the body."""
        return {
            "visit": self.visit,
            "ahead": self.ahead,
            "minutes": self.minutes,
            "late": self.late,
            "why": self.why,
            "paused": self.paused,
            "at": instant(self.at),
        }


@dataclass(frozen=True, slots=True)
class Message:
    """The clinic left a message in a visit; its words are read over HTTP."""

    event: ClassVar[str] = "message"
    visit: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit}


@dataclass(frozen=True, slots=True)
class Running:
    """How the watching specialist's clinic runs, as another window of theirs may have said."""

    event: ClassVar[str] = "running"
    late: int
    late_reason: str
    paused: bool
    pause_reason: str

    def wire(self) -> Wire:
        """Write the body."""
        return {
            "late": self.late,
            "lateReason": self.late_reason,
            "paused": self.paused,
            "pauseReason": self.pause_reason,
        }


@dataclass(frozen=True, slots=True)
class Priority:
    """How soon somebody of the watching specialist's line has to be seen."""

    event: ClassVar[str] = "priority"
    visit: str
    priority: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit, "priority": self.priority}


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest of a visit moved on; the name is read over HTTP."""

    event: ClassVar[str] = "guest"
    visit: str
    guest: str
    state: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit, "guest": self.guest, "state": self.state}


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit of the watching specialist takes place at another time; the day is read over HTTP."""

    event: ClassVar[str] = "moved"
    visit: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit}


@dataclass(frozen=True, slots=True)
class Queue:
    """Those who came without an appointment stand otherwise; the queue is read over HTTP."""

    event: ClassVar[str] = "queue"

    def wire(self) -> Wire:
        """Write the body."""
        return {}


News = Place | Message | Running | Priority | Guest | Moved | Queue


def _place(body: Body) -> Place:
    return Place(
        text(body, "visit", MAX_VISIT),
        whole(body, "ahead"),
        optional_whole(body, "minutes"),
        whole(body, "late"),
        text(body, "why", MAX_WORD, least=0),
        flag(body, "paused"),
        parse_instant(body, "at"),
    )


def _running(body: Body) -> Running:
    return Running(
        whole(body, "late"),
        text(body, "lateReason", MAX_WORD, least=0),
        flag(body, "paused"),
        text(body, "pauseReason", MAX_WORD, least=0),
    )


PARSERS_OF_NEWS: Mapping[str, Callable[[Body], News]] = {
    "place": _place,
    "message": lambda body: Message(text(body, "visit", MAX_VISIT)),
    "running": _running,
    "queue": lambda _: Queue(),
    "moved": lambda body: Moved(text(body, "visit", MAX_VISIT)),
    "priority": lambda b: Priority(text(b, "visit", MAX_VISIT), text(b, "priority", MAX_WORD)),
    "guest": lambda b: Guest(
        text(b, "visit", MAX_VISIT), text(b, "guest", MAX_VISIT), text(b, "state", MAX_WORD)
    ),
}
