"""Tells sockets of sessions that ended elsewhere: a command beside the server, or another node."""

from datetime import datetime, timedelta

from telehealth.domain.notices import SessionsEnded
from telehealth.services.ports import Announcer, Clock
from telehealth.services.sessions import Sessions
from telehealth.workers.loops import Loop

EVERY = 2.0
OVERLAP = timedelta(minutes=1)
"""A transaction may commit later than the instant it carries, and two machines' clocks differ."""


class RevocationWatch:
    """Announces each ended session once."""

    def __init__(self, *, sessions: Sessions, announcer: Announcer, clock: Clock) -> None:
        self._sessions, self._announcer, self._clock = sessions, announcer, clock
        self._since: datetime = clock.now()
        self._told: frozenset[str] = frozenset()

    async def look(self) -> None:
        """Announce what ended since the last look."""
        now = self._clock.now()
        ended = frozenset(await self._sessions.revoked_since(self._since - OVERLAP))
        new = ended - self._told
        if new:
            await self._announcer.announce(SessionsEnded(tuple(sorted(new))))
        self._since, self._told = now, ended

    def loop(self) -> Loop:
        """Return the loop: with the socket's own way out, within five seconds."""
        return Loop("revocation", self.look, EVERY)
