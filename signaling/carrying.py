"""When a room's sound and pictures go through the forwarding server, and who gets whom through it.

Pure. The direct connections stay: whoever is heard through the forwarding server sends nothing more on them,
and goes on there as soon as it carries them no more. So nothing has to be made anew when it dies.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from signaling.announcements import Pair
from signaling.carried import Carried
from signaling.forwarding import DOWN, UP, Carry
from signaling.held import LANES, Held
from signaling.negotiation import Arrival, Negotiation
from signaling.seats import Occupied, SeatState
from telehealth.services.carrying import MESH

PAIR = 2
"""So few are never carried by the forwarding server."""
WEAK = frozenset({"poor", "audio-only"})
"""Words for a line that should send its picture once, not to everybody."""
WEAK_FOR = timedelta(seconds=5)
FEW_FOR = timedelta(seconds=10)
"""Of these seconds none may want it again until it is given up."""
FAREWELL = timedelta(seconds=3)
"""It goes on for so long after everybody was told to send directly again."""


@dataclass(slots=True)
class Carrying:
    """The forwarding of one room where more than `direct` people are.

    `on`: everybody has the two connections for it, or is making them.
    """

    visit_id: str
    direct: int = MESH
    on: bool = False
    ending: datetime | None = None
    was_weak: bool = False
    weak_since: datetime | None = None
    few_since: datetime | None = None
    lanes: dict[tuple[str, str], Negotiation] = field(default_factory=dict)
    gets: dict[str, Carried] = field(default_factory=dict)

    @property
    def via(self) -> str:
        """How everybody should send, in the word of a roster; empty without a forwarding server."""
        if not self.on:
            return ""
        return "mesh" if self.ending else "sfu"

    def lane(self, who: str, lane: str) -> Negotiation:
        """Return what somebody negotiates on one of the two."""
        return self.lanes.setdefault((who, lane), Negotiation())

    def meet(self, who: str, claimed: Collection[Held]) -> dict[str, Arrival]:
        """Take in somebody who enters, with what they still have."""
        if not self.on:
            return {}
        claims = {each.other: each for each in claimed}
        met = {}
        for lane in sorted(LANES):
            claim, negotiation = claims.get(lane, Held(lane, 0, 0)), self.lane(who, lane)
            if not negotiation.epoch:
                negotiation.renew(claim.epoch)  # whatever they have is of another server, and ended with it
            met[lane] = negotiation.arrive(who, claim.epoch, claim.since, (who, lane))
        return met

    def order(self, who: str) -> Carry:
        """Return what the forwarding server is told of somebody."""
        return Carry(self.visit_id, who, self.lane(who, UP).epoch, self.lane(who, DOWN).epoch)

    def pairs(self, who: str) -> tuple[Pair, ...]:
        """Return what somebody is told of the two connections: they offer what they send."""
        if not self.on:
            return ()
        return tuple(Pair(each, self.lane(who, each).epoch, polite=each == DOWN) for each in (DOWN, UP))

    def carried(self, who: str) -> tuple[str, ...]:
        """Return who gets somebody through the forwarding server: they need not be sent to directly."""
        if not self.on or self.ending:
            return ()
        epoch = self.lane(who, UP).epoch
        return tuple(
            each
            for each, told in sorted(self.gets.items())
            if told.epoch == self.lane(each, DOWN).epoch and (who, epoch) in told.feeds
        )

    def part(self, who: str) -> bool:
        """Forget somebody; answers whether they were carried."""
        self.gets.pop(who, None)
        for lane in LANES:
            self.lane(who, lane).end()
        return self.on

    def consider(self, now: datetime, people: Sequence[Occupied], *, up: bool) -> bool:
        """Decide anew how the room is carried; answers whether that has changed. `up`: somebody could."""
        before = self.via
        if not up:
            self._stop()
        elif not self.on and self._wants(now, people):
            self._start(people)
        elif self.on:
            self._wind_down(now, wanted=self._wants(now, people))
        return self.via != before

    def _wants(self, now: datetime, people: Sequence[Occupied]) -> bool:
        here = [each for each in people if each.state is SeatState.HERE]
        if len(here) > self.direct:
            return True
        weak = len(here) > PAIR and any(each.quality in WEAK for each in here)
        self.weak_since = (self.weak_since or now) if weak else None
        self.was_weak = self.was_weak or (self.weak_since is not None and now - self.weak_since >= WEAK_FOR)
        # What is better now is so because it is sent once: only a call of two has no use for it.
        return len(here) > PAIR and (self.was_weak or (self.on and len(here) == self.direct))

    def _start(self, people: Sequence[Occupied]) -> None:
        self.on, self.ending, self.few_since = True, None, None
        self.gets.clear()
        for each in people:
            for lane in LANES:
                self.lane(each.seat.participant, lane).renew()

    def _wind_down(self, now: datetime, *, wanted: bool) -> None:
        if wanted:
            self.few_since = self.ending = None
            return
        self.few_since = self.few_since or now
        if self.ending is None and now - self.few_since >= FEW_FOR:
            self.ending = now
        elif self.ending is not None and now - self.ending >= FAREWELL:
            self._stop()

    def _stop(self) -> None:
        self.on, self.ending, self.few_since = False, None, None
        self.gets.clear()
