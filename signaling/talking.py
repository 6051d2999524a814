"""Saying something in writing, and catching up on what was said: the service keeps it, the room tells it."""

from signaling.doors import Doorkeeper
from signaling.effects import Accept, Effect, Refuse
from signaling.instants import instant
from signaling.messages import CatchUp, Say
from signaling.presence import Connection
from signaling.refusals import Code
from signaling.room import Room
from signaling.rooms import Rooms
from signaling.speech import said


class Talking:
    """The two events of a conversation, for admitted members of a room only."""

    def __init__(self, doorkeeper: Doorkeeper, rooms: Rooms) -> None:
        self._doorkeeper = doorkeeper
        self._rooms = rooms

    async def take(self, connection: Connection, message: Say | CatchUp, room: Room | None) -> list[Effect]:
        """Do what a member asks. What the service refuses comes out as Refused."""
        if room is None:
            return [Refuse(Code.NOT_A_MEMBER)]
        if isinstance(message, Say):
            return await self._say(connection, message, room)
        return await self._catch_up(connection, message, room)

    async def _say(self, connection: Connection, message: Say, room: Room) -> list[Effect]:
        seat = room.member(connection.id)
        if isinstance(seat, Code):
            return [Refuse(seat)]
        kept = await self._doorkeeper.say(connection.actor, room.visit_id, message.speech, seat)
        # Said again, it is told again: whoever missed it has it now, and nobody shows it twice.
        now = self._rooms.get(room.visit_id)
        told = now.room.tell(said(kept), seat.guarded) if now else []
        return [Accept({"seq": kept.seq, "at": instant(kept.said_at)}), *told]

    async def _catch_up(self, connection: Connection, message: CatchUp, room: Room) -> list[Effect]:
        barred = room.member(connection.id)
        if isinstance(barred, Code):
            return [Refuse(barred)]
        heard = await self._doorkeeper.hear(connection.actor, room.visit_id, message.since)
        barred = room.member(connection.id)  # the seat may have been lost meanwhile
        if isinstance(barred, Code):
            return [Refuse(barred)]
        lines = [said(each).wire() for each in heard.said]
        return [Accept({"said": lines, "last": heard.last, "more": heard.more})]
