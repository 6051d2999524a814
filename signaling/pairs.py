"""Who negotiates with whom in a room: every two have epochs and numbers of their own (PROTOCOL.md, Pairs).

Pure. So a guest who comes, reloads or goes touches neither the epoch nor the connection of the others.
"""

from collections.abc import Collection

from signaling.announcements import Pair
from signaling.held import IDS, Held
from signaling.negotiation import Arrival, Negotiation
from telehealth.domain.seating import CALL, PATIENT, SPECIALIST


def first_of(who: str) -> str:
    """Return with whom somebody's first pair is: all but the specialist have it with the specialist."""
    return PATIENT if who == SPECIALIST else SPECIALIST


def rank(who: str) -> int:
    """Return the place in the order in which members offer: specialist, patient, guests by their number."""
    if who in CALL:
        return int(who == PATIENT)
    return 1 + int(who[1:])


class Pairs:
    """The negotiations of one room. An epoch never falls as long as the room lives."""

    def __init__(self) -> None:
        self._all: dict[frozenset[str], Negotiation] = {CALL: Negotiation()}

    def between(self, who: str, other: str) -> Negotiation | None:
        """Return what two people negotiate; None when they never met here."""
        return self._all.get(frozenset({who, other}))

    def first(self, who: str) -> Negotiation:
        """Return the negotiation of somebody's first pair."""
        return self._all.setdefault(frozenset({who, first_of(who)}), Negotiation())

    def meet(self, who: str, claimed: Collection[Held], seated: Collection[str]) -> dict[str, Arrival]:
        """Take in somebody who enters to the pairs beyond their first: with all who sit or are claimed."""
        claims = {each.other: each for each in claimed if each.other in IDS}
        met = {}
        for other in sorted(({*seated, *claims}) - {who, first_of(who)}):
            claim = claims.get(other, Held(other, 0, 0))
            if other in seated or self._lost(who, claim):
                pair = self._all.setdefault(frozenset({who, other}), Negotiation())
                met[other] = pair.arrive(who, claim.epoch, claim.since, seated)
        return met

    def _lost(self, who: str, claim: Held) -> bool:
        """Whether a pair is claimed of which this server knows nothing: it restarted, the other will come."""
        pair = self.between(who, claim.other)
        return claim.epoch > 0 and (pair is None or pair.epoch == 0)

    def part(self, who: str) -> None:
        """End somebody's pairs with guests, or all of a guest's: what follows is a new epoch."""
        for pair, negotiation in self._all.items():
            if who in pair and pair != CALL:
                negotiation.end()

    def of(self, who: str, others: Collection[str]) -> tuple[Pair, ...]:
        """Return what a member is told about their pairs beyond the first."""
        told = []
        for other in sorted((set(others) & IDS) - {who, first_of(who)}):
            pair = self.between(who, other)
            told.append(Pair(other, pair.epoch if pair else 0, polite=rank(who) > rank(other)))
        return tuple(told)
