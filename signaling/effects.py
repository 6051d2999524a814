"""What a room wants done: plain values that server.py performs in order."""

from dataclasses import dataclass

from signaling.announcements import ServerMessage
from signaling.forwarding import Order
from signaling.messages import Wire
from signaling.refusals import Code


@dataclass(frozen=True, slots=True)
class Accept:
    """Tell the asker that it is done; `body` is added to `{"ok": true}`."""

    body: Wire


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the asker, and nobody else, that it is not."""

    code: Code
    detail: str = ""
    """A sentence; empty for the usual one."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send to one connection."""

    to: str
    message: ServerMessage


@dataclass(frozen=True, slots=True)
class Close:
    """Close a connection after what was sent to it."""

    connection: str
    why: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A participant gave up the seat: on purpose, or by being away for the whole grace."""

    visit_id: str
    participant: str
    on_purpose: bool


@dataclass(frozen=True, slots=True)
class Forward:
    """Tell the forwarding server."""

    order: Order


Effect = Accept | Refuse | Send | Close | Gone | Forward
