"""One consultation room without I/O: an event goes in, effects come out.

A room knows connections and seats, never sockets. A seat's life is the table in seats.py; who negotiates with
whom is in pairs.py, epochs are in negotiation.py.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from signaling.announcements import Ended, Pair, Prepare, Relayed, Replaced, Roster
from signaling.candidates import relay_only
from signaling.carrying import Carrying
from signaling.effects import Accept, Close, Effect, Forward, Gone, Refuse, Send
from signaling.forwarding import Drop, Hand
from signaling.held import LANES
from signaling.messages import Enter, Media, Quality, Signal
from signaling.negotiation import Negotiation
from signaling.pairs import Pairs, first_of
from signaling.refusals import Code
from signaling.seats import TRANSITIONS, Occupied, SeatEvent, SeatState
from signaling.speech import Said
from signaling.welcome import welcome
from telehealth.domain.seating import CALL, SPECIALIST, Seat
from telehealth.services.carrying import MESH

GRACE = timedelta(seconds=60)
SILENCE = timedelta(seconds=20)
"""Who once sent a probe and isn't heard for so long is shown as reconnecting (PROTOCOL.md, probe)."""


class Room:
    """The seats of one visit and what passes between them. Methods return the effects to perform.

    `seats` people are carried now, specialist and patient among them; `direct` of them by browsers alone.
    """

    def __init__(
        self, visit_id: str, *, seats: int = MESH, direct: int = MESH, grace: timedelta = GRACE
    ) -> None:
        self.visit_id = visit_id
        self.ended = False
        self.seats = seats
        self._grace = grace
        self._taken: dict[str, Occupied] = {}
        self._pairs = Pairs()
        self._carrying = Carrying(visit_id, direct)

    @property
    def empty(self) -> bool:
        """Whether nobody holds a seat, with or without a socket."""
        return not self._taken

    def participants(self) -> frozenset[str]:
        """Return who holds a seat."""
        return frozenset(self._taken)

    def present(self) -> dict[str, str | None]:
        """Return who is in the call, and the connection of each; None within the grace."""
        return {held.seat.participant: held.connection for held in self._admitted()}

    def state(self, participant: str) -> SeatState:
        """Return where a participant stands."""
        held = self._taken.get(participant)
        return held.state if held else SeatState.OUT

    def roster(self, who: str = SPECIALIST) -> Roster:
        """Return who sits here as `who` is told; nobody learns of a call that is only being prepared."""
        guest = who not in CALL
        seated = {held.seat.participant: held.line(guest=guest) for held in self._admitted()}
        epoch = self._pairs.first(who).epoch
        pairs = self._told_of(who, seated)
        carried = self._carrying.carried(who)
        return Roster(epoch, tuple(seated.values()), pairs, self._carrying.via, carried)

    def _told_of(self, who: str, others: Collection[str]) -> tuple[Pair, ...]:
        return (*self._pairs.of(who, others), *self._carrying.pairs(who))

    def enter(self, connection: str, seat: Seat, message: Enter, now: datetime) -> list[Effect]:
        """Seat somebody whom the service admits; an older connection of theirs is replaced, never "left"."""
        if self.ended:
            return [Refuse(Code.WRONG_STATE)]
        who = seat.participant
        if who not in self._taken and self._full(who):
            return [Refuse(Code.ROOM_FULL)]
        if message.prepared and who in self._taken and not self._taken[who].prepared:
            return [Refuse(Code.WRONG_STATE)]
        held = self._taken.setdefault(who, Occupied(seat, SeatState.OUT, None, now))
        older, was_prepared = held.connection, held.prepared
        held.seat, held.connection, held.heard = seat, connection, now
        held.beating = held.silent = held.away = False
        held.prepared = message.prepared
        self._step(held, SeatEvent.ENTER)
        arrival = self._pairs.first(who).arrive(who, message.epoch, message.since, self._taken)
        seated = [each.seat.participant for each in self._admitted()]
        met = {} if message.prepared else self._pairs.meet(who, message.pairs, seated)
        lanes = {} if message.prepared else self._carrying.meet(who, message.pairs)
        met |= lanes
        effects: list[Effect] = [welcome(held, self.roster(who), arrival, self._told_of(who, met), met)]
        if older is not None and older != connection:
            effects += self._supersede(older, prepared=was_prepared)
        effects += self._tell_roster()
        epoch = self._pairs.first(who).epoch
        if not (was_prepared and (older, message.epoch) == (connection, epoch)):
            effects += self._missed(connection, who, first_of(who), arrival.since)  # else it was all sent
        effects += [Forward(self._carrying.order(who))] if lanes else []
        for other, from_there in met.items():
            effects += self._missed(connection, who, other, from_there.since)
        offered = [Signal(epoch, 1, message.offer)] if message.offer else []
        return effects + [told for each in offered for told in self.signal(connection, each)[1:]]

    def _missed(self, connection: str, who: str, other: str, since: int) -> list[Effect]:
        """Return what was said to somebody who enters, in one of their pairs."""
        pair = self._negotiation(who, other) or Negotiation()
        missed = pair.missed(who, since)
        return [Send(connection, Relayed(pair.epoch, kept.seq, kept.sender, kept.content)) for kept in missed]

    def signal(self, connection: str, signal: Signal) -> list[Effect]:
        """Forward a signal to the other of its pair, and keep it for when they come back."""
        held = self._holder(connection)
        if held is None:
            return [Refuse(Code.NOT_A_MEMBER)]
        who = held.seat.participant
        other = signal.to or first_of(who)
        pair = self._negotiation(who, other)
        if pair is None or (held.prepared and other in LANES):
            return [Refuse(Code.STALE_EPOCH)]
        objection = pair.objection(who, signal)
        if objection is not None:
            return [Refuse(objection)]
        hidden = any(each.seat.relay_only for each in self._taken.values())
        content = relay_only(signal.content) if hidden else signal.content
        seq = pair.take(who, signal, content)
        accepted: list[Effect] = [Accept({"seq": seq})]
        if other in LANES:
            handed = Hand(self.visit_id, who, other, pair.epoch, content) if content else None
            return [*accepted, Forward(handed)] if handed else accepted
        there = self._taken.get(other)
        if content is None or there is None or there.connection is None:
            return accepted
        return [*accepted, Send(there.connection, Relayed(pair.epoch, seq, who, content))]

    def _negotiation(self, who: str, other: str) -> Negotiation | None:
        """Return what somebody negotiates with a member, or on a lane of the forwarding server."""
        if other not in LANES:
            return self._pairs.between(who, other)
        return self._carrying.lane(who, other) if self._carrying.on else None

    def media(self, connection: str, message: Media) -> list[Effect]:
        """Note what a member sends and whether their page is seen; tell everyone when that is new."""
        held = self._holder(connection)
        if held is None or held.prepared:
            return [Refuse(Code.NOT_ADMITTED if held else Code.NOT_A_MEMBER)]
        told = message.audio, message.video, message.away, message.shares
        changed = (held.audio, held.video, held.away, held.shares) != told
        held.audio, held.video, held.away, held.shares = told
        return [Accept({}), *(self._tell_roster() if changed else [])]

    def quality(self, connection: str, message: Quality) -> list[Effect]:
        """Note the word for a member's line; tell everyone when it is new."""
        held = self._holder(connection)
        if held is None:
            return [Refuse(Code.NOT_A_MEMBER)]
        changed = held.quality != message.state
        held.quality = message.state
        return [Accept({}), *(self._tell_roster() if changed else [])]

    def member(self, connection: str) -> Seat | Code:
        """Return the seat of an admitted member, or why what passes in the call is not for them."""
        held = self._holder(connection)
        if held is None or held.prepared:
            return Code.NOT_ADMITTED if held else Code.NOT_A_MEMBER
        return held.seat

    def tell(self, message: Said, guarded: str = "") -> list[Effect]:
        """Tell everybody in the call what was said, whoever said it too: all count the same numbers.

        Guests read the speaker's `guarded` name where there is one, and nothing from before they were let in,
        though it be said again.
        """
        shown = replace(message, name=guarded or message.name)
        here = ((held.connection, held.seat) for held in self._admitted())
        return [
            Send(to, message if seat.participant in CALL else shown)
            for to, seat in here
            if to is not None and message.seq > seat.hears_after
        ]

    def heard(self, connection: str, now: datetime, *, beat: bool = False) -> list[Effect]:
        """Note that a member's connection carried something; `beat` when it was the heartbeat."""
        held = self._holder(connection)
        if held is None:
            return []
        was_silent, held.silent = held.silent, False
        held.heard, held.beating = now, held.beating or beat
        return self._tell_roster() if was_silent else []

    def connection_lost(self, connection: str, now: datetime) -> list[Effect]:
        """Keep the seat for the grace; the others see `here: false`."""
        held = self._holder(connection)
        if held is None:
            return []
        if held.prepared:
            held.connection = None
            return self.put_away()
        self._step(held, SeatEvent.LOSE)
        held.connection, held.heard = None, now
        return self._tell_roster()

    def leave(self, connection: str) -> list[Effect]:
        """Give up the seat on purpose."""
        held = self._holder(connection)
        if held is None:
            return [Refuse(Code.NOT_A_MEMBER)]
        if held.prepared:
            return [Accept({}), *self.put_away()]
        gone = Gone(self.visit_id, held.seat.participant, on_purpose=True)
        return [Accept({}), gone, *self._vacate(held, SeatEvent.LEAVE)]

    def put_away(self) -> list[Effect]:
        """Give up what was only being prepared; whoever has been admitted stays."""
        prepared = [held for _, held in sorted(self._taken.items()) if held.prepared]
        for held in prepared:
            del self._taken[held.seat.participant]
        off = Prepare(self.visit_id, on=False)
        return [Send(held.connection, off) for held in prepared if held.connection is not None]

    def remove(self, participant: str, reason: str) -> list[Effect]:
        """Withdraw somebody's right to be here; they are told, the others see the roster."""
        held = self._taken.get(participant)
        if held is None:
            return []
        told: list[Effect] = []
        if held.connection is not None:
            told.append(Send(held.connection, Ended(self.visit_id, reason)))
        return told + self._vacate(held, SeatEvent.REMOVE)

    def revoke(self, connection: str) -> list[Effect]:
        """Remove whoever sits on this connection: their right to be here was withdrawn."""
        held = self._holder(connection)
        return self.remove(held.seat.participant, "revoked") if held else []

    def end(self, reason: str) -> list[Effect]:
        """Close the room for everyone; nobody comes in again."""
        self.ended = True
        told: list[Effect] = [Send(to, Ended(self.visit_id, reason)) for to in self._others(None)]
        self._taken.clear()
        return [*told, Forward(Drop(self.visit_id))] if self._carrying.on else told

    def tick(self, now: datetime) -> list[Effect]:
        """Give up seats whose grace is over, show silent members as reconnecting; call it every second."""
        effects: list[Effect] = []
        for held in list(self._taken.values()):
            idle = now - held.heard
            if held.state is SeatState.AWAY and idle >= self._grace:
                effects.append(Gone(self.visit_id, held.seat.participant, on_purpose=False))
                effects += self._vacate(held, SeatEvent.EXPIRE)
            elif held.state is SeatState.HERE and held.beating and not held.silent and idle >= SILENCE:
                held.silent = True
                effects += self._tell_roster()
        return effects

    def _step(self, held: Occupied, event: SeatEvent) -> None:
        held.state = TRANSITIONS[held.state, event]

    def _vacate(self, held: Occupied, event: SeatEvent) -> list[Effect]:
        self._step(held, event)
        del self._taken[held.seat.participant]
        self._pairs.part(held.seat.participant)
        dropped: list[Effect] = []
        if self._carrying.part(held.seat.participant):
            dropped.append(Forward(Drop(self.visit_id, held.seat.participant)))
        return dropped + self._tell_roster()

    def _full(self, who: str) -> bool:
        """Whether there is no seat for `who`: guests never take the patient's or the specialist's."""
        guests = [each for each in self._taken if each not in CALL]
        return who not in CALL and len(guests) >= self.seats - len(CALL)

    def _admitted(self) -> list[Occupied]:
        """Return who is in the call, in a stable order."""
        return [held for _, held in sorted(self._taken.items()) if not held.prepared]

    def _holder(self, connection: str) -> Occupied | None:
        return next((held for held in self._taken.values() if held.connection == connection), None)

    def _others(self, participant: str | None) -> list[str]:
        """Return the connections of everyone here except `participant`."""
        pairs = ((who, self._taken[who].connection) for who in sorted(self._taken))
        return [connection for who, connection in pairs if connection is not None and who != participant]

    def _supersede(self, older: str, *, prepared: bool) -> list[Effect]:
        """Part with somebody's earlier connection; one that only prepared goes on with its other work."""
        if prepared:
            return [Send(older, Prepare(self.visit_id, on=False))]
        return [Send(older, Replaced()), Close(older, "replaced")]

    def _tell_roster(self) -> list[Effect]:
        here = ((held.connection, held.seat.participant) for held in self._admitted())
        return [Send(connection, self.roster(who)) for connection, who in here if connection is not None]
