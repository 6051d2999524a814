"""Holds open sockets against their sessions: a call counts as activity, whoever idled out is shown out."""

from collections.abc import Callable, Iterable

from telehealth.domain.access import Actor
from telehealth.domain.notices import SessionsEnded
from telehealth.services.ports import Announcer
from telehealth.services.sessions import Sessions
from telehealth.workers.loops import Loop

EVERY = 30.0

Connected = Callable[[], Iterable[tuple[Actor, bool]]]
"""Gives every connected member of staff and whether they sit in a call."""


class Attendance:
    """Asks about each session once a round, however many sockets it has."""

    def __init__(self, *, sessions: Sessions, announcer: Announcer, connected: Connected) -> None:
        self._sessions, self._announcer, self._connected = sessions, announcer, connected

    async def look(self) -> None:
        """Keep the sessions of running calls alive; announce those that have run out."""
        calling: dict[str, bool] = {}
        actors: dict[str, Actor] = {}
        for actor, in_call in self._connected():
            actors[actor.session_id] = actor
            calling[actor.session_id] = calling.get(actor.session_id, False) or in_call
        over = []
        for session_id, actor in actors.items():
            ask = self._sessions.keep_alive if calling[session_id] else self._sessions.lives
            if not await ask(actor):
                over.append(session_id)
        if over:
            await self._announcer.announce(SessionsEnded(tuple(over)))

    def loop(self) -> Loop:
        """Return the loop."""
        return Loop("attendance", self.look, EVERY)
