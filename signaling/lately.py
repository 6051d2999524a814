"""Sessions that have ended or were locked a moment ago: a handshake under way may not know yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta

REMEMBERED = timedelta(seconds=60)
"""Longer than any handshake under way."""


class Lately:
    """What is remembered of sessions for a minute."""

    def __init__(self) -> None:
        self._ended: dict[str, datetime] = {}
        self._locked: dict[str, datetime] = {}

    def end(self, sessions: Iterable[str], now: datetime) -> None:
        """These have ended."""
        self._ended.update(dict.fromkeys(sessions, now))

    def lock(self, session: str, now: datetime, *, locked: bool) -> None:
        """This one was locked, or unlocked."""
        self._locked.pop(session, None)
        if locked:
            self._locked[session] = now

    def ended(self, session: str) -> bool:
        """Whether it has ended."""
        return session in self._ended

    def locked(self, session: str) -> bool:
        """Whether it was locked."""
        return session in self._locked

    def prune(self, now: datetime) -> None:
        """Forget what was longer ago."""
        self._ended = {session: at for session, at in self._ended.items() if now - at < REMEMBERED}
        self._locked = {session: at for session, at in self._locked.items() if now - at < REMEMBERED}
