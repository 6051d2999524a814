"""Which call is being prepared: the next in line of each specialist whose clinic page is open (call.md).

A choice names one connection of the specialist and one of the patient. Both get their peer connection
ready while the patient waits: no media, no roster. Admission makes the prepared seats ordinary ones;
whatever else changes, the line, a lost connection, a locked screen, another call, puts it away.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from signaling.announcements import Prepare
from signaling.doors import Doorkeeper
from signaling.effects import Effect, Send
from signaling.presence import Connection, Presence
from signaling.rooms import Rooms
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import Refused
from telehealth.domain.notices import VisitChanged
from telehealth.domain.seating import NextInLine

logger = logging.getLogger("signaling.preparing")


@dataclass(frozen=True, slots=True)
class Choice:
    """One visit, and the two connections that prepare its call."""

    visit_id: str
    staff: str
    visitor: str


class Preparing:
    """Keeps one choice for each specialist; `run` is its task, `consider` asks it to look again."""

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        presence: Presence,
        rooms: Rooms,
        perform: Callable[[Collection[Effect]], None],
    ) -> None:
        self._doorkeeper = doorkeeper
        self._presence = presence
        self._rooms = rooms
        self._perform = perform
        self._chosen: dict[str, Choice] = {}
        self._lines: dict[str, str] = {}
        """Waiting visit → its specialist, as the notices told."""
        self._asked: dict[str, None] = {}
        self._something = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def allows(self, connection_id: str, visit_id: str) -> bool:
        """Whether this connection was asked to prepare this visit's call."""
        chosen = (choice for choice in self._chosen.values() if choice.visit_id == visit_id)
        return any(connection_id in {choice.staff, choice.visitor} for choice in chosen)

    def moved(self, notice: VisitChanged) -> None:
        """A visit moved: who is admitted keeps what was prepared; the line may be another one."""
        choice = self._chosen.get(notice.practitioner_id)
        if choice and choice.visit_id == notice.visit_id and notice.status == VisitStatus.IN_PROGRESS:
            del self._chosen[notice.practitioner_id]
        self._lines.pop(notice.visit_id, None)
        if notice.status == VisitStatus.WAITING:
            self._lines[notice.visit_id] = notice.practitioner_id
        self.consider(notice.practitioner_id)

    def came(self, connection: Connection) -> None:
        """A window of somebody who waits is connected: nothing else need have changed for it to be chosen."""
        practitioner_id = self._lines.get(connection.actor.visit_id)
        if practitioner_id is not None:
            self.consider(practitioner_id)

    def lost(self, connection: Connection) -> None:
        """A connection is gone: whoever was chosen with it may prepare on another window, or another call."""
        chosen = self._chosen.items()
        mine = [who for who, choice in chosen if connection.id in {choice.staff, choice.visitor}]
        for practitioner_id in mine or [connection.actor.id]:
            self.consider(practitioner_id)

    def consider(self, practitioner_id: str) -> None:
        """Look soon whether this specialist's choice is still the right one."""
        if practitioner_id not in self._chosen and not self._presence.watchers(practitioner_id):
            return
        self._asked[practitioner_id] = None
        self._idle.clear()
        self._something.set()

    async def settled(self) -> None:
        """Wait until every question so far has been dealt with."""
        await self._idle.wait()

    async def run(self) -> None:
        """Look at one specialist after the other, for ever."""
        while True:
            await self._something.wait()
            while self._asked:
                practitioner_id = next(iter(self._asked))
                del self._asked[practitioner_id]
                await self._look(practitioner_id)
            self._something.clear()
            self._idle.set()

    async def _look(self, practitioner_id: str) -> None:
        following = None
        try:
            if self._free(practitioner_id):
                following = await self._doorkeeper.next_in_line(practitioner_id)
        except Refused as refused:
            logger.info("nobody is prepared", extra={"code": refused.code})
        except Exception:
            logger.exception("the doorkeeper failed")
        before = self._chosen.get(practitioner_id)
        after = self._choice(practitioner_id, following) if following else None
        if before == after:
            return
        if before is not None:
            del self._chosen[practitioner_id]
            self._put_away(before)
        if after is not None:
            self._chosen[practitioner_id] = after
            word = Prepare(after.visit_id, on=True)
            self._perform([Send(after.staff, word), Send(after.visitor, word)])

    def _choice(self, practitioner_id: str, following: NextInLine) -> Choice | None:
        """Return who would prepare this visit now: the newest window of each, on the patient's device."""
        staff, patient = self._free(practitioner_id), self._presence.of_sessions((following.session_id,))
        if not staff or not patient:
            return None
        return Choice(following.visit_id, staff[-1].id, patient[-1].id)

    def _free(self, practitioner_id: str) -> list[Connection]:
        """Return the open clinic pages of a specialist who sits in no call and is not about to."""
        watchers = self._presence.watchers(practitioner_id)
        chosen = self._chosen.get(practitioner_id)
        own = {None, chosen.visit_id if chosen else None}
        if any(each.in_call or each.prepares not in own for each in watchers):
            return []
        return [each for each in watchers if not each.locked and not each.gone]

    def _put_away(self, choice: Choice) -> None:
        held = self._rooms.get(choice.visit_id)
        effects = held.room.put_away() if held else []
        for connection_id in (choice.staff, choice.visitor):
            connection = self._presence.get(connection_id)
            if connection is not None and connection.prepares == choice.visit_id:
                connection.prepares = None
        told = {effect.to for effect in effects if isinstance(effect, Send)}
        off = Prepare(choice.visit_id, on=False)
        others = [each for each in (choice.staff, choice.visitor) if each not in told]
        self._perform([*effects, *(Send(each, off) for each in others)])
        self._rooms.tidy(choice.visit_id)
