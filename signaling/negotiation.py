"""The epochs of one pair: which peer connections belong together, and what was said in the present one.

Pure. The rules are the table in PROTOCOL.md, Epochs and resuming.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from signaling.messages import Candidate, Content, Description, Signal
from signaling.refusals import Code

KEPT_SIGNALS = 200
KEPT_BYTES = 512 * 1024
CANDIDATES = 100
"""For each description that a member sends (security.md, Rate limits)."""
HIGHEST_ADOPTED = 1_000_000
"""A number above this is no epoch that a room ever had; it counts as 0."""
OVERHEAD = 128
"""Bytes that a kept signal weighs beside its text, roughly."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A signal that was forwarded, under the server's number."""

    seq: int
    sender: str
    content: Content
    size: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody who enters is told: whether all after `since` is kept, and whether the epoch rose."""

    resumed: bool
    since: int
    raised: bool


def weight(content: Content) -> int:
    """Return about how many bytes a kept signal takes."""
    match content:
        case Description(_, _, sdp):
            return OVERHEAD + len(sdp)
        case Candidate(candidate):
            return OVERHEAD + len(candidate)
        case _:
            return OVERHEAD


@dataclass(slots=True)
class Negotiation:
    """The present epoch. `spoken` holds each participant's last own number, `seq` is the server's."""

    epoch: int = 0
    adopted: bool = False
    seq: int = 0
    forgotten: int = 0
    size: int = 0
    known: set[str] = field(default_factory=set)
    spoken: dict[str, int] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, int] = field(default_factory=dict)
    log: deque[Kept] = field(default_factory=deque)

    def arrive(self, participant: str, epoch: int, since: int, seated: Collection[str]) -> Arrival:
        """Take in somebody whose peer connection is of `epoch` (0: new) and who has signals up to `since`.

        `seated` are the participants who hold a seat, with or without a socket.
        """
        asked = epoch if epoch <= HIGHEST_ADOPTED else 0
        arrival = self._place(participant, asked, since, seated)
        self.known.add(participant)
        return arrival

    def _place(self, participant: str, asked: int, since: int, seated: Collection[str]) -> Arrival:
        if self.epoch == 0:
            self._begin(asked or 1, adopted=asked > 0)
            return Arrival(resumed=asked == 0, since=0, raised=False)
        if asked == self.epoch:
            complete = not self.adopted or participant in self.known
            last = min(since, self.seq) if complete else 0
            if last >= self.forgotten:
                return Arrival(resumed=complete, since=last, raised=False)
        elif self._joinable(participant, seated):
            return Arrival(resumed=True, since=0, raised=False)
        self._begin(max(self.epoch, asked) + 1, adopted=False)
        return Arrival(resumed=True, since=0, raised=True)

    def _joinable(self, participant: str, seated: Collection[str]) -> bool:
        """Whether a new peer connection of `participant` can still take part in the present epoch."""
        return (
            not self.adopted
            and self.forgotten == 0
            and participant not in self.spoken
            and all(speaker in seated for speaker in self.spoken)
        )

    def _begin(self, epoch: int, *, adopted: bool) -> None:
        self.epoch, self.adopted = epoch, adopted
        self.seq = self.forgotten = self.size = 0
        for store in (self.known, self.spoken, self.offers, self.candidates, self.log):
            store.clear()

    def renew(self, above: int = 0) -> None:
        """Begin another epoch, with a number above the one that somebody brings along."""
        self._begin(max(self.epoch, above if above <= HIGHEST_ADOPTED else 0) + 1, adopted=False)

    def end(self) -> None:
        """Let the present epoch be over: one of the two is gone, and what was said is nobody's any more."""
        if self.epoch:
            self._begin(self.epoch + 1, adopted=False)

    def objection(self, participant: str, signal: Signal) -> Code | None:
        """Return why this signal cannot be taken, None when it can."""
        if signal.epoch != self.epoch:
            return Code.STALE_EPOCH
        if signal.seq <= self.spoken.get(participant, 0):
            return Code.STALE_SEQUENCE
        match signal.content:
            case Candidate() if self.candidates.get(participant, 0) >= CANDIDATES:
                return Code.TOO_FAST
            case Description("answer", offer) if (
                self.offers.get(offer, participant) == participant and not self.adopted
            ):
                return Code.WRONG_STATE
        return None

    def take(self, participant: str, signal: Signal, forwarded: Content | None) -> int:
        """Number a signal that has no objection, keep what is forwarded of it, return the server's number."""
        self.spoken[participant] = signal.seq
        match signal.content:
            case Candidate():
                self.candidates[participant] = self.candidates.get(participant, 0) + 1
            case Description(kind, offer):
                self.candidates[participant] = 0
                if kind == "offer":
                    self.offers[offer] = participant
        if forwarded is not None:
            self.seq += 1
            self._keep(Kept(self.seq, participant, forwarded, weight(forwarded)))
        return self.seq

    def _keep(self, kept: Kept) -> None:
        self.log.append(kept)
        self.size += kept.size
        while len(self.log) > KEPT_SIGNALS or self.size > KEPT_BYTES:
            oldest = self.log.popleft()
            self.size -= oldest.size
            self.forgotten = oldest.seq

    def missed(self, participant: str, since: int) -> list[Kept]:
        """Return the kept signals after `since` that were meant for `participant`."""
        return [kept for kept in self.log if kept.seq > since and kept.sender != participant]
