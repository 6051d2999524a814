"""Figures and the table that they end in: ours, the floor or peer of the same run, the goal, met or not."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

RUNS = 5
"""Measured runs; a warm-up that is not counted goes before them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity: the median of its runs, with the smallest and the largest."""

    median: float
    low: float
    high: float
    unit: str

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{plain(self.median)} {self.unit}"
        return f"{plain(self.median)} ({plain(self.low)}-{plain(self.high)}) {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. `floor` is what was measured beside ours, `peer` says what that is.

    `note` says what a reader needs to judge the figures: the bottleneck, or why a goal is missed.
    """

    bench: str
    work: str
    ours: Figure
    floor: Figure | None = None
    peer: str = ""
    goal: str
    met: bool | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the floor's, by medians."""
        return self.ours.median / self.floor.median if self.floor and self.floor.median else None

    def json(self) -> dict[str, Any]:
        """Return what stands in var/bench.json."""
        return asdict(self) | {"ratio": self.ratio}


def figure(runs: Sequence[float], unit: str) -> Figure:
    """Return the figure of several runs."""
    return Figure(median(runs), min(runs), max(runs), unit)


def exactly(value: float, unit: str) -> Figure:
    """Return a figure that is counted or quoted, not measured."""
    return Figure(value, value, value, unit)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def plain(value: float) -> str:
    """Write a number with about three digits that mean something."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def others() -> str:
    """Say so when the machine had other work too: what is waited for is then no property of ours."""
    waiting, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f" (load average {waiting:.1f} on {cores} cores)" if waiting > cores else ""


def rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Return the cells of the table, its head first."""
    table: list[tuple[str, ...]] = [("bench", "work", "ours", "floor or peer", "ratio", "goal", "met")]
    for line in lines:
        floor = f"{line.floor}" if line.floor else "-"
        peer = f"{floor} {line.peer}".strip() if line.peer else floor
        ratio = f"{line.ratio:.2f}" if line.ratio is not None else "-"
        met = {True: "yes", False: "NO", None: "-"}[line.met]
        table.append((line.bench, line.work, str(line.ours), peer, ratio, line.goal, met))
    return table


def written(lines: Sequence[Line]) -> str:
    """Return the table as text, its notes below it."""
    table = rows(lines)
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    text.insert(1, "  ".join("-" * width for width in widths))
    notes = dict.fromkeys(f"{line.bench}: {line.note}" for line in lines if line.note)
    return "\n".join([*text, *([""] if notes else []), *notes])
