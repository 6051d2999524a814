"""Where messages come from and go to: a socket (guards.py), or questions and answers (polling.py)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from signaling.messages import Wire
from telehealth.domain.access import Actor

Reply = tuple[Wire, Callable[[], None]]
"""The acknowledgement of an event, and what happens after it is on its way."""


@dataclass(frozen=True, slots=True)
class Switch:
    """What an outlet asks and tells the server; every connection has a name that nobody can guess."""

    full: Callable[[], bool]
    """Whether nobody more can be taken in."""
    connected: Callable[[str, Actor], bool]
    """Somebody is there now; False refuses them."""
    disconnected: Callable[[str, str], None]
    """A connection is gone, with the reason."""
    said: Callable[[str, str, object], Awaitable[Reply]]
    """An event, the connection that it came on, and its body."""


class Outlet(Protocol):
    """What the server asks of either."""

    def post(self, connection_id: str, event: str, body: Wire) -> None:
        """Send one event, or cut a connection that leaves too much waiting. Never waits."""

    def close(self, connection_id: str) -> None:
        """Close a connection after what was sent to it."""

    async def emptied(self) -> None:
        """Wait until no connection is left."""

    def abort_all(self) -> None:
        """Cut every connection that is left."""
