"""Letting in whoever was not prepared: the seat and what was offered come with the news (PROTOCOL.md).

The press on Admit is the right to a seat on the patient's own device, so one is made ready on the newest
window there, as `enter` with `prepared` would. The page's own `enter` asks the doorkeeper as ever.
"""

from dataclasses import replace

from signaling.announcements import Visit
from signaling.effects import Accept, Effect, Send
from signaling.messages import Enter
from signaling.presence import Connection, Presence
from signaling.rooms import Rooms
from signaling.seats import SeatState
from signaling.turn import Relay, ice_servers
from telehealth.domain.notices import VisitChanged
from telehealth.domain.seating import Seat
from telehealth.services.ports import Clock

PATIENT = "p"
READY = Enter(None, 0, 0, prepared=True)


class LettingIn:
    """Makes the patient's seat ready at admission."""

    def __init__(self, presence: Presence, rooms: Rooms, clock: Clock, relay: Relay) -> None:
        self._presence = presence
        self._rooms = rooms
        self._clock = clock
        self._relay = relay

    def tell(self, notice: VisitChanged, news: Visit) -> list[Effect]:
        """Return the news with the seat, for one window of the patient's, and the signals that follow it.

        Nothing where nobody is let in, or their call was prepared, or they sit in it.
        """
        window = self._window(notice)
        if window is None:
            return []
        held, now = self._rooms.open(notice.visit_id), self._clock.now()
        only, begins = notice.relay_only, notice.begins
        seat = Seat(notice.visit_id, PATIENT, "patient", "", polite=True, relay_only=only, begins=begins)
        first, *signals = held.room.enter(window.id, seat, READY, now)
        if not isinstance(first, Accept):
            self._rooms.tidy(notice.visit_id)
            return []
        window.prepares = notice.visit_id
        held.actors[PATIENT] = window.actor
        ice = ice_servers(self._relay, notice.visit_id, PATIENT, now)
        return [Send(window.id, replace(news, seat=first.body, ice=ice)), *signals]

    def _window(self, notice: VisitChanged) -> Connection | None:
        """Return the newest window of the patient's device, if it needs the seat."""
        held = self._rooms.get(notice.visit_id)
        if not notice.lets_in or (held and held.room.state(PATIENT) is not SeatState.OUT):
            return None
        windows = self._presence.visitors(notice.visit_id)
        theirs = [each for each in windows if each.actor.session_id == notice.lets_in and not each.gone]
        return theirs[-1] if theirs and theirs[-1].place is None else None
