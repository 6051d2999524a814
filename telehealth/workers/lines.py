"""Tells waiting patients their places: soon after something moved, and as time passes."""

from telehealth.services.lines import Lines
from telehealth.workers.loops import Loop

GATHER = 0.05
"""Seconds in which changes of one line are gathered: it is computed once for all of them."""
CLOCK = 30.0


def following(lines: Lines) -> list[Loop]:
    """Return both loops."""
    return [Loop("lines", lines.follow, GATHER), Loop("line clock", lines.tick, CLOCK)]
