"""What each event of a client does: ask the doorkeeper, tell the room, return effects.

The room that a message is for comes from the connection, never from the message; only `enter` names one, and
the service decides about it each time.
"""

from signaling.carried import Carried
from signaling.doors import Doorkeeper
from signaling.effects import Accept, Effect, Refuse
from signaling.forwarded import ForwardedRoom
from signaling.instants import instant
from signaling.measured import Measured
from signaling.messages import CatchUp, ClientMessage, Enter, Leave, Media, Probe, Quality, Say, Signal, Watch
from signaling.preparing import Preparing
from signaling.presence import Connection
from signaling.recordings import Record, RecordOffer
from signaling.refusals import Code, Misread
from signaling.reports import Reports
from signaling.rooms import Rooms
from signaling.talking import Talking
from signaling.taping import Taping
from signaling.turn import Relay, ice_servers
from telehealth.domain.access import ActorKind
from telehealth.domain.seating import Seat
from telehealth.services.ports import Clock


class Events:
    """The handlers. Each returns its effects, the first of which answers the sender."""

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        rooms: Rooms,
        reports: Reports,
        preparing: Preparing,
        clock: Clock,
        relay: Relay,
        taping: Taping,
    ) -> None:
        self._doorkeeper = doorkeeper
        self._rooms = rooms
        self._talking = Talking(doorkeeper, rooms)
        self._reports = reports
        self._preparing = preparing
        self._clock = clock
        self._relay = relay
        self._taping = taping

    async def handle(self, connection: Connection, message: ClientMessage) -> list[Effect]:
        """Do what a client asks. Refusals of the service come out as Refused."""
        room = self._room(connection)
        heard = room.heard(connection.id, self._clock.now(), beat=isinstance(message, Probe)) if room else []
        match message:
            case Enter():
                effects = await self._enter(connection, message)
            case Watch():
                effects = self._watch(connection)
            case Probe(n):
                effects = [Accept({"n": n})]
            case Quality():
                effects = self._quality(connection, message, room)
            case Measured():
                effects = self._measured(connection, message, room)
            case Say() | CatchUp():
                effects = await self._talking.take(connection, message, room)
            case Record() | RecordOffer():
                effects = await self._taping.take(connection, message, room)
            case _:
                effects = self._in_room(connection, message, room)
        return effects + heard

    def _in_room(
        self, connection: Connection, message: Signal | Media | Carried | Leave, room: ForwardedRoom | None
    ) -> list[Effect]:
        if room is None:
            return [Refuse(Code.NOT_A_MEMBER)]
        match message:
            case Signal():
                return room.signal(connection.id, message)
            case Media():
                return room.media(connection.id, message)
            case Carried():
                return room.carried(connection.id, message)
            case Leave():
                return self.leave(connection, room)

    def leave(self, connection: Connection, room: ForwardedRoom) -> list[Effect]:
        """Give up the seat of a connection, which stays open."""
        connection.room = connection.prepares = None
        if connection.actor.kind is ActorKind.STAFF:
            self._preparing.consider(connection.actor.id)
        return room.leave(connection.id)

    def _room(self, connection: Connection) -> ForwardedRoom | None:
        held = self._rooms.get(connection.place)
        return held.room if held else None

    def _watch(self, connection: Connection) -> list[Effect]:
        if connection.actor.kind is not ActorKind.STAFF:
            return [Refuse(Code.NOT_PERMITTED)]
        if connection.locked:
            return [Refuse(Code.SESSION_LOCKED)]
        connection.watching = True
        self._preparing.consider(connection.actor.id)
        return [Accept({"since": instant(self._clock.now())})]

    def _quality(self, connection: Connection, message: Quality, room: ForwardedRoom | None) -> list[Effect]:
        visitor = connection.actor.kind is ActorKind.VISITOR
        if visitor:
            self._reports.connection(connection.actor, connection.actor.visit_id, message.state)
        if room is not None:
            return room.quality(connection.id, message)
        return [Accept({})] if visitor else [Refuse(Code.NOT_A_MEMBER)]

    def _measured(
        self, connection: Connection, message: Measured, room: ForwardedRoom | None
    ) -> list[Effect]:
        seat = room.member(connection.id) if room else Code.NOT_A_MEMBER
        if room is None or isinstance(seat, Code):
            return [Refuse(seat if isinstance(seat, Code) else Code.NOT_A_MEMBER)]
        who = seat.participant
        taken = self._doorkeeper.measured(room.visit_id, who, message.look, message.marks)
        return [Accept({}) if taken else Refuse(Code.TOO_FAST)]

    async def _enter(self, connection: Connection, message: Enter) -> list[Effect]:
        visit_id = message.visit or connection.actor.visit_id
        if not visit_id:
            raise Misread("'visit' names the visit.")
        barred = self._barred(connection, message, visit_id)
        seat = await self._seat(connection, visit_id, prepared=message.prepared) if barred is None else None
        barred = barred or self._barred(connection, message, visit_id)
        if barred is not None or seat is None:
            return [Refuse(barred or Code.NOT_ADMITTED)]
        before: list[Effect] = []
        room = self._room(connection)
        if room is not None and room.visit_id != visit_id:
            before = self.leave(connection, room)[1:]
        now = self._clock.now()
        held = self._rooms.open(visit_id)
        effects = held.room.enter(connection.id, seat, message, now)
        if isinstance(effects[0], Accept):
            connection.room, connection.prepares = (None, visit_id) if message.prepared else (visit_id, None)
            held.actors[seat.participant] = connection.actor
            self._preparing.consider(connection.actor.id)
            self._reports.presence(connection.actor, visit_id, here=True)
            ice = ice_servers(self._relay, visit_id, seat.participant, now)
            effects[0] = Accept({**effects[0].body, "ice": ice})
            if not message.prepared:
                effects += self._taping.told(visit_id, seat.participant, connection.id)
        self._rooms.tidy(visit_id)
        return effects + before

    def _barred(self, connection: Connection, message: Enter, visit_id: str) -> Code | None:
        """Return what keeps this connection out, whatever the service says; it may come while one asks."""
        if connection.gone:
            return Code.NOT_A_MEMBER
        if connection.locked and connection.room != visit_id:
            return Code.SESSION_LOCKED  # who sits there keeps the call
        if not message.prepared:
            return None
        # The specialist's own side may get ready at any time: what it offers goes nowhere before admission.
        staff = connection.actor.kind is ActorKind.STAFF
        asked = staff or self._preparing.allows(connection.id, visit_id)
        return Code.NOT_ADMITTED if connection.in_call or not asked else None

    async def _seat(self, connection: Connection, visit_id: str, *, prepared: bool) -> Seat:
        """Ask for the seat, again when the visit moved while the answer was on its way."""
        while True:
            with self._rooms.asking(visit_id) as asking:
                ask = self._doorkeeper.prepared_seat if prepared else self._doorkeeper.seat
                seat = await ask(connection.actor, visit_id)
            if not asking.stale:
                return seat
