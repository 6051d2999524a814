"""The life of one seat in a room, as a table, and what is known about whoever holds it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signaling.announcements import Member
from signaling.shares import Shares
from telehealth.domain.seating import Seat


class SeatState(StrEnum):
    """Where a participant stands in this room."""

    OUT = "out"
    HERE = "here"
    AWAY = "away"


class SeatEvent(StrEnum):
    """What can happen to a seat."""

    ENTER = "enter"
    SPEAK = "speak"
    LOSE = "lose"
    LEAVE = "leave"
    EXPIRE = "expire"
    REMOVE = "remove"


S, E = SeatState, SeatEvent

TRANSITIONS: dict[tuple[SeatState, SeatEvent], SeatState] = {
    (S.OUT, E.ENTER): S.HERE,
    (S.HERE, E.ENTER): S.HERE,
    (S.AWAY, E.ENTER): S.HERE,
    (S.HERE, E.SPEAK): S.HERE,
    (S.HERE, E.LOSE): S.AWAY,
    (S.HERE, E.LEAVE): S.OUT,
    (S.AWAY, E.EXPIRE): S.OUT,
    (S.HERE, E.REMOVE): S.OUT,
    (S.AWAY, E.REMOVE): S.OUT,
}
"""Every step there is. A pair that is missing does nothing but, where a client asked for it, a refusal."""


@dataclass(slots=True)
class Occupied:
    """A seat that somebody holds. `connection` is None while AWAY.

    `prepared`: not admitted yet; only the connection is being made ready, and no roster tells of it.
    """

    seat: Seat
    state: SeatState
    connection: str | None
    heard: datetime
    beating: bool = False
    silent: bool = False
    prepared: bool = False
    audio: bool = True
    video: bool = True
    away: bool = False
    shares: Shares = ()
    quality: str = "unknown"

    def line(self, *, guest: bool) -> Member:
        """Return this seat's line of the roster, as a guest reads it or everybody else."""
        here = self.state is SeatState.HERE
        word = self.quality if here and not self.silent else "reconnecting"
        who = self.seat
        shown = self.audio, self.video, self.away
        name = (guest and who.guarded) or who.name
        return Member(who.participant, who.role, name, here, *shown, word, who.part, self.shares)
