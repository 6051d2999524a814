"""Small plots of a line over time, as points of an SVG: no script, and a table says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from telehealth.domain.line_record import LineRecord, Look

WIDTH, HEIGHT = 600, 60
GAP_SECONDS = 45
"""Looks come every ten seconds; after so long without one the line is not drawn through."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Three curves in boxes of WIDTH × HEIGHT, each in pieces; at `breaks` and `turns` there is a mark."""

    score: list[str]
    delay: list[str]
    loss: list[str]
    slowest: int
    most_lost: int
    breaks: list[float]
    turns: list[float]


def plot_of(record: LineRecord) -> Plot:
    """Draw one line. The tops of delay and loss are what was highest, at least 200 ms and 5 %."""
    looks = record.looks
    slowest = max(200, *(each.rtt for each in looks))
    most_lost = max(50, *(each.loss for each in looks))
    end = max(1, looks[-1].at)
    pairs = list(pairwise(looks))
    return Plot(
        _curve(looks, end, lambda each: (each.mos - 100) / 350),
        _curve(looks, end, lambda each: each.rtt / slowest),
        _curve(looks, end, lambda each: each.loss / most_lost),
        slowest,
        most_lost,
        [_x(each, end) for each in looks if each.breaks],
        [_x(each, end) for before, each in pairs if (each.path, each.way) != (before.path, before.way)],
    )


def _curve(looks: Sequence[Look], end: int, height: Callable[[Look], float]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for n, each in enumerate(looks):
        if n and each.at - looks[n - 1].at > GAP_SECONDS:
            pieces.append([])
        begin = max(0, each.at - each.seconds) if not pieces[-1] else each.at
        y = f"{HEIGHT * (1 - min(1, max(0, height(each)))):.1f}"
        points = [f"{WIDTH * at / end:.1f},{y}" for at in dict.fromkeys((begin, each.at))]
        pieces[-1] += points
    return [" ".join(piece) for piece in pieces]


def _x(look: Look, end: int) -> float:
    return round(WIDTH * look.at / end, 1)
