"""Recording a call: who is asked, what everybody said, and telling the recorder when to write and when not.

Who is present is what the room says, looked at again after everything that happens (`settle`): a newcomer is
in the room for not one turn of the loop before the recording pauses. Whatever goes wrong ends it for all.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Protocol

from signaling.doors import RecordingKeeper
from signaling.effects import Accept, Effect, Refuse, Send
from signaling.presence import Connection
from signaling.recorder import RecorderGone
from signaling.recordings import Record, Recording, RecordOffer
from signaling.refusals import Code
from signaling.room import Room
from signaling.rooms import Rooms
from telehealth.domain.recording import Answer, Consents, Phase, Why, asked
from telehealth.domain.seating import SPECIALIST

logger = logging.getLogger("signaling.taping")

ANSWERS = {"agree": Answer.AGREED, "decline": Answer.DECLINED}


class Recorder(Protocol):
    """Whatever writes recordings down (signaling/recorder.py). Everything may raise RecorderGone."""

    lost: Callable[[], None]

    async def ready(self) -> None:
        """Pass when there is a recorder."""

    async def open(self, recording: str, key: str, sdp: str, views: dict[str, str]) -> str:
        """Begin a part of a recording; return the answer to the offer."""

    async def hold(self, recording: str) -> None:
        """Write nothing more until it is opened again."""

    async def end(self, recording: str) -> dict[str, int]:
        """End a recording; return how much of each participant's tape there is."""

    async def close(self) -> None:
        """Part with it: what it still writes ends."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who keeps what was said to being recorded, and what records."""

    keeper: RecordingKeeper
    recorder: Recorder


@dataclass(slots=True)
class Live:
    """One recording of a call that is on."""

    id: str
    key: str
    consents: Consents


class Taping:
    """The recordings of all calls on this node."""

    def __init__(
        self,
        recorded: Recorded | None,
        rooms: Rooms,
        perform: Callable[[Collection[Effect]], None],
    ) -> None:
        """Nothing is recorded where `recorded` is None: it is not offered."""
        self._recorded = recorded
        self._rooms, self._perform = rooms, perform
        self._live: dict[str, Live] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        if recorded is not None:
            recorded.recorder.lost = self._lost

    async def take(
        self, connection: Connection, message: Record | RecordOffer, room: Room | None
    ) -> list[Effect]:
        """Do what a member says. What the service refuses comes out as Refused."""
        if self._recorded is None:
            return [Refuse(Code.UNAVAILABLE, "Recording is not offered here.")]
        seat = room.member(connection.id) if room else Code.NOT_A_MEMBER
        if isinstance(seat, Code) or room is None:
            return [Refuse(seat if isinstance(seat, Code) else Code.NOT_A_MEMBER)]
        return await self._said(connection, message, room, seat.participant)

    async def _said(
        self, connection: Connection, message: Record | RecordOffer, room: Room, who: str
    ) -> list[Effect]:
        if isinstance(message, RecordOffer):
            return await self._offer(who, message, room)
        if message.do == "ask":
            return await self._ask(connection, who, room)
        live = self._named(room, message.id)
        if live is None:
            return [Refuse(Code.WRONG_STATE)]
        if message.do == "stop":
            return await self._stop(connection, who, room, live)
        return await self._answer(connection, who, room, live, ANSWERS[message.do])

    def told(self, visit_id: str, who: str, connection_id: str) -> list[Effect]:
        """Tell somebody who has entered where the recording stands: another server may have ended it."""
        if self._recorded is None:
            return []
        live = self._live.get(visit_id) or Live("", "", Consents())
        if live.id and live.consents != live.consents.moved(self._here(visit_id)):
            return []  # they are new here, and all are told in a moment
        return [Send(connection_id, self._news(live, live.consents, who))]

    def settle(self) -> None:
        """Look who is present now in every call that is recorded, or is asked to be."""
        for visit_id, live in list(self._live.items()):
            self._step(visit_id, live, live.consents.moved(self._here(visit_id)))

    def _here(self, visit_id: str) -> dict[str, str | None]:
        held = self._rooms.get(visit_id)
        return held.room.present() if held and not held.room.ended else {}

    async def settled(self) -> None:
        """Wait until recorder and service have been told everything so far."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """End every recording: the server stops."""
        if self._recorded is None:
            return
        for visit_id, live in list(self._live.items()):
            self._step(visit_id, live, live.consents.off(Why.OVER))
        await self.settled()
        await self._recorder.close()

    @property
    def _keeper(self) -> RecordingKeeper:
        return self._offered.keeper

    @property
    def _recorder(self) -> Recorder:
        return self._offered.recorder

    @property
    def _offered(self) -> Recorded:
        if self._recorded is None:
            raise LookupError("recording is not offered")
        return self._recorded

    async def _ask(self, connection: Connection, who: str, room: Room) -> list[Effect]:
        if who != SPECIALIST:
            return [Refuse(Code.NOT_PERMITTED)]
        if room.visit_id in self._live or len(room.present()) == 1:
            return [Refuse(Code.WRONG_STATE)]
        try:
            await self._recorder.ready()
        except RecorderGone:
            return [Refuse(Code.UNAVAILABLE)]
        made = await self._keeper.ask(connection.actor, room.visit_id, who)
        present = room.present()
        if room.visit_id in self._live or who not in present or room.ended:
            self._later(self._keeper.ended(made.id, Why.ALONE, None))
            return [Refuse(Code.WRONG_STATE)]
        live = Live(made.id, made.key, Consents())
        self._live[room.visit_id] = live
        self._step(room.visit_id, live, asked(who, present))
        return [Accept({"id": made.id})]

    async def _answer(
        self, connection: Connection, who: str, room: Room, live: Live, answer: Answer
    ) -> list[Effect]:
        if who in live.consents.agreed:
            return [Refuse(Code.WRONG_STATE)]
        # On disk first: nothing is written before it is known who agreed to it.
        await self._keeper.answer(connection.actor, room.visit_id, live.id, who, answer)
        if self._live.get(room.visit_id) is not live or isinstance(room.member(connection.id), Code):
            return [Refuse(Code.WRONG_STATE)]
        agreed = answer is Answer.AGREED
        self._step(
            room.visit_id,
            live,
            live.consents.agree(who) if agreed else live.consents.off(Why.DECLINED),
        )
        return [Accept({})]

    async def _stop(self, connection: Connection, who: str, room: Room, live: Live) -> list[Effect]:
        """End it before anything else is done: what is kept of the withdrawal may take its time."""
        why = Why.STOPPED if who == SPECIALIST else Why.WITHDRAWN
        before = live.consents.agreed
        self._step(room.visit_id, live, live.consents.off(why))
        answer = Answer.WITHDREW if who in before else Answer.DECLINED
        await self._keeper.answer(connection.actor, room.visit_id, live.id, who, answer)
        return [Accept({})]

    async def _offer(self, who: str, message: RecordOffer, room: Room) -> list[Effect]:
        live = self._named(room, message.id)
        if who != SPECIALIST:
            return [Refuse(Code.NOT_PERMITTED)]
        if live is None or live.consents.phase is not Phase.ON:
            return [Refuse(Code.WRONG_STATE)]
        if not set(message.views.values()) <= live.consents.agreed:
            return [Refuse(Code.NOT_PERMITTED)]
        try:
            answer = await self._recorder.open(live.id, live.key, message.sdp, dict(message.views))
        except RecorderGone as gone:
            logger.warning("a part could not be begun", extra={"reason": str(gone)})
            return [Refuse(Code.UNAVAILABLE)]
        return [Accept({"sdp": answer})]

    def _named(self, room: Room, recording_id: str) -> Live | None:
        """Return a visit's recording if it is the one meant: a late word is for none that came after."""
        live = self._live.get(room.visit_id)
        return live if live is not None and live.id == recording_id else None

    def _step(self, visit_id: str, live: Live, consents: Consents) -> None:
        """Let this hold from now on: first the recorder is told, then all pages."""
        if live.consents == consents or self._live.get(visit_id) is not live:
            return
        before, live.consents = live.consents, consents
        if consents.phase is Phase.OFF:
            del self._live[visit_id]
            self._later(self._end(live.id, consents.why or Why.OVER))
        elif before.phase is Phase.ON and consents.phase is not Phase.ON:
            self._later(self._hold(live.id))
        elif consents.began and not before.began:
            self._later(self._keeper.begun(live.id))
        held = self._rooms.get(visit_id)
        here = held.room.present() if held else {}
        self._perform([Send(to, self._news(live, consents, who)) for who, to in here.items() if to])

    def _news(self, live: Live, consents: Consents, who: str) -> Recording:
        missing = tuple(sorted(consents.missing))
        why = consents.why.value if consents.why else ""
        return Recording(live.id, consents.phase, who in missing, missing, why, self._keeper.days)

    def _lost(self) -> None:
        """The recorder is gone, and with it whatever it wrote."""
        for visit_id, live in list(self._live.items()):
            self._step(visit_id, live, live.consents.off(Why.BROKEN))

    async def _hold(self, recording_id: str) -> None:
        try:
            await self._recorder.hold(recording_id)
        except RecorderGone:
            await self._recorder.close()  # it ends all that it writes once we are gone

    async def _end(self, recording_id: str, why: Why) -> None:
        try:
            records: dict[str, int] | None = await self._recorder.end(recording_id)
        except RecorderGone:
            records = None
            await self._recorder.close()
        await self._keeper.ended(recording_id, why, records)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        """Do something in its turn; the recorder takes orders in the order in which they were begun."""
        task = asyncio.create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:
            logger.exception("a recording could not be kept track of")
