"""A room whose sound and pictures may go through the forwarding server: what that adds to the room.

Without I/O, as the room itself: orders are effects, what the forwarding server says comes in by `spoken`.
"""

from datetime import datetime

from signaling.announcements import Relayed
from signaling.carried import Carried
from signaling.effects import Accept, Effect, Forward, Refuse, Send
from signaling.forwarding import Drop, Spoken
from signaling.messages import Signal
from signaling.refusals import Code
from signaling.room import Room


class ForwardedRoom(Room):
    """The room that this server keeps for each visit."""

    def spoken(self, said: Spoken) -> list[Effect]:
        """Pass on what the forwarding server says to a member, and keep it for when they come back."""
        held = self._taken.get(said.who)
        pair = self._negotiation(said.who, said.lane)
        if held is None or pair is None or pair.epoch != said.epoch:
            return []
        number = pair.spoken.get(said.lane, 0) + 1
        seq = pair.take(said.lane, Signal(said.epoch, number, said.content), said.content)
        relayed = Relayed(said.epoch, seq, said.lane, said.content)
        return [Send(held.connection, relayed)] if held.connection is not None else []

    def carried(self, connection: str, message: Carried) -> list[Effect]:
        """Note whom a member gets through the forwarding server: those are told to send no more directly."""
        held = self._holder(connection)
        if held is None or held.prepared:
            return [Refuse(Code.NOT_ADMITTED if held else Code.NOT_A_MEMBER)]
        changed = self._carrying.gets.get(held.seat.participant) != message
        self._carrying.gets[held.seat.participant] = message
        return [Accept({}), *(self._tell_roster() if changed else [])]

    def consider(self, now: datetime, *, forwards: bool) -> list[Effect]:
        """Decide how media go; call it every second, and when the forwarding server comes or goes."""
        people = self._admitted()
        was_on = self._carrying.on
        if not self._carrying.consider(now, people, up=forwards):
            return []
        told = self._tell_roster()
        if self._carrying.on and not was_on:
            orders = [self._carrying.order(each.seat.participant) for each in people]
            return [*(Forward(order) for order in orders), *told]
        return told if self._carrying.on else [Forward(Drop(self.visit_id)), *told]
