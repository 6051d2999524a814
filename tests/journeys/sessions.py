"""Living sessions of staff, with which one test goes on after the other: each sign-in needs a fresh code.

A session may open 10 sockets a minute. Journeys on a quick machine need more, so another session is begun
before the first has opened too many.
"""

import time
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, StorageState

from tests.journeys.elsewhere import AGAIN
from tests.journeys.watching import Watch
from web.language import COOKIE as LANGUAGE

MINUTE = 60.0
FEW = 5
"""Sockets within a minute, after which a session rests: one test may open as many again."""
MOST = 4
"""Sessions that a person has at once; of more than five the server would end the oldest."""


@dataclass
class Session:
    """The cookies of a session, and the windows that have gone on with it."""

    state: StorageState
    windows: list[Watch] = field(default_factory=list)

    def sockets(self) -> int:
        """How many were opened within the last minute."""
        since = time.monotonic() - MINUTE
        return sum(each > since for window in self.windows for each in window.opened)


KEPT: dict[tuple[str, str], list[Session]] = {}
"""By server and person."""


def rested(server: str, email: str) -> Session | None:
    """The session to go on with, if there is one; None where another should be begun."""
    kept = KEPT.get((server, email), [])
    session = min(kept, key=Session.sockets, default=None)
    return session if session and (session.sockets() < FEW or len(kept) == MOST) else None


def begun(server: str, email: str, state: StorageState) -> Session:
    """Keep a new one."""
    session = Session(state)
    KEPT.setdefault((server, email), []).append(session)
    return session


async def renewed(session: Session, context: BrowserContext) -> bool:
    """Take over the newest cookies of a window, or forget the session where they are dead.

    The language stays behind: a test that ended in Arabic would make others read it.
    """
    if (await context.request.get("/api/v1/session", max_retries=AGAIN)).ok:
        session.state = await context.storage_state()
        cookies = session.state["cookies"]
        session.state["cookies"] = [each for each in cookies if each["name"] != LANGUAGE]
        return True
    for kept in KEPT.values():
        if session in kept:
            kept.remove(session)
    return False
