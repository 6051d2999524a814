"""What the line of one host does to packets: delay, jitter, loss, reordering, rate. No I/O and no clock."""

import random
from dataclasses import dataclass

WAYS = ("up", "down")
"""From the host, and to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line does to each packet of one direction.

    `delay` and `jitter` are seconds one way; jitter alone keeps the order, and `reorder` is the share of
    packets (0 to 1) that are held back by `late` seconds while others pass. `loss` is a share, too; with
    `burst` the lost packets come in rows of so many on average. `rate` is bytes a second (0: no limit)
    behind a queue of `queue` seconds; `cut` lets nothing pass.
    """

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    burst: float = 1.0
    reorder: float = 0.0
    late: float = 0.03
    rate: float = 0.0
    queue: float = 0.5
    cut: bool = False


class Journey:
    """The packets of one direction: which are lost, when the others leave the line."""

    def __init__(self) -> None:
        self.line = Line()
        self._free = 0.0
        self._last = 0.0
        self._losing = False

    def arrival(self, size: int, now: float, chance: random.Random) -> float | None:
        """Return when a packet that comes to the line now leaves it, None when it is lost."""
        line = self.line
        if line.cut or self._lost(chance):
            return None
        sent = now
        if line.rate:
            start = max(now, self._free)
            if start - now > line.queue:
                return None
            sent = self._free = start + size / line.rate
        at = sent + line.delay + chance.random() * line.jitter
        if chance.random() < line.reorder:
            return at + line.late
        self._last = max(self._last, at)
        return self._last

    def _lost(self, chance: random.Random) -> bool:
        """Gilbert's two states: a row of losses begins rarely and ends after `burst` packets on average."""
        line = self.line
        if line.burst <= 1:
            return chance.random() < line.loss
        ends = 1 / line.burst
        begins = ends * line.loss / (1 - line.loss)
        self._losing = chance.random() < (1 - ends if self._losing else begins)
        return self._losing
