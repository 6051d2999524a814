"""How a line was, in the figures that a page in a call tells every ten seconds, and the sum of a whole call.

Telemetry: it may be lost, it steers nothing, and nothing in it says where in the network anybody is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Self

LOOKS_KEPT = 1080
"""Of one member of a visit: three hours. What comes after them is not kept."""
LINES_KEPT = timedelta(days=400)
"""So long a line can be read about: a year, and the same month of the year before."""
WEAK_MOS = 310
"""In hundredths, 100 (bad) to 450. Below this many are not content (ITU-T G.107, annex B)."""


class Path(StrEnum):
    """How media goes: straight, through a router's address, through the relay; none while it goes nowhere."""

    HOST = "host"
    SRFLX = "srflx"
    RELAY = "relay"
    NONE = "none"


class Way(StrEnum):
    """By what this side reaches the path's first hop."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Look:
    """The line of one member over `seconds`: times in ms, shares in thousandths, rates in kbit/s.

    `at` is in seconds after the record began. `frozen` is how long the picture stood still, `breaks` how
    often the path was lost, `rung` the step of the ladder that the own picture is on (0 is the best).
    """

    at: int
    seconds: int
    rtt: int
    loss: int
    concealed: int
    jitter: int
    sound_up: int
    sound_down: int
    picture_up: int
    picture_down: int
    freezes: int
    frozen: int
    frames: int
    path: Path
    way: Way
    rung: int
    mos: int
    breaks: int


@dataclass(frozen=True, slots=True)
class Marks:
    """How long it took from going into the call to each step, in ms; None for what did not come, or not yet.

    0 is for what stood already, as it does in a call that was prepared.
    """

    sock: int | None = None
    offer: int | None = None
    answer: int | None = None
    ice: int | None = None
    dtls: int | None = None
    sound: int | None = None
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """One member's line over a call: median score and round trip, worst score, mean loss, share relayed."""

    visit_id: str
    member: str
    begun_at: datetime
    seconds: int
    mos: int
    worst: int
    rtt: int
    loss: int
    relayed: int
    breaks: int
    first_frame: int | None


@dataclass(frozen=True, slots=True)
class LineRecord:
    """What one member of a visit has told of the own line, oldest first; `member` is the seat's id."""

    visit_id: str
    member: str
    begun_at: datetime
    looks: tuple[Look, ...] = ()
    marks: Marks = Marks()

    def then(self, taken: Sequence[tuple[datetime, Look]], marks: Marks | None = None) -> Self:
        """Return the record with what came at these instants, as far as it is kept."""
        stamped = [replace(look, at=max(0, _seconds(at - self.begun_at))) for at, look in taken]
        looks = (*self.looks, *stamped)[:LOOKS_KEPT]
        return replace(self, looks=looks, marks=marks or self.marks)

    @property
    def summary(self) -> Summary:
        """The sum of it; there is one look at least."""
        looks = self.looks
        through_relay = sum(each.path is Path.RELAY for each in looks)
        return Summary(
            self.visit_id,
            self.member,
            self.begun_at,
            seconds=sum(each.seconds for each in looks),
            mos=round(median(each.mos for each in looks)),
            worst=min(each.mos for each in looks),
            rtt=round(median(each.rtt for each in looks)),
            loss=round(sum(each.loss for each in looks) / len(looks)),
            relayed=round(1000 * through_relay / len(looks)),
            breaks=sum(each.breaks for each in looks),
            first_frame=self.marks.frame,
        )


def begun(visit_id: str, member: str, at: datetime, first: Look) -> LineRecord:
    """Return an empty record that begins where its first look, which came `at`, does."""
    return LineRecord(visit_id, member, at - timedelta(seconds=first.seconds))


def _seconds(passed: timedelta) -> int:
    return round(passed / timedelta(seconds=1))
