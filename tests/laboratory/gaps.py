"""How long a fault has taken the sound away, from what a page saw come in (journeys/watching.py, LISTEN)."""

from collections.abc import Sequence
from itertools import pairwise

NOTICED = 500.0
"""Milliseconds without a packet that count as a gap: what is shorter, a busy machine makes by itself."""
FLOWS = 1500.0
"""Milliseconds before the end within which something must have come in: else the sound is not back."""


def back_after(samples: Sequence[Sequence[float]], fault: float, end: float) -> float | None:
    """Return milliseconds from `fault` until sound came in for good; 0 without a gap, None when it never did.

    Samples are [time, packets received, …]; a packet came in where the number differs from the one before,
    and at the fault itself.
    """
    times = [after[0] for before, after in pairwise(samples) if after[1] != before[1]]
    came = [fault, *(at for at in times if fault < at <= end)]
    if end - came[-1] > FLOWS:
        return None
    gaps = [late for early, late in pairwise(came) if late - early >= NOTICED]
    return gaps[-1] - fault if gaps else 0.0
