"""Calls on bad lines: how well the voice is understood, what is made up of it, how many pictures come.

Two hosts of a laboratory, one behind the bad line, with a browser each that speaks the reference voice. Ours
is beside a bare pair, which is what WebRTC does by itself: the same browsers, the same line from the first
message on, no policy. The first seconds, in which either finds out what the line is, are not counted.
LINKS="40 kbit/s, 20 % loss" measures these rows only.
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from playwright.async_api import TimeoutError as Never

from tests.bench.table import Figure, figure, others
from tests.bench.table import Line as Row
from tests.laboratory.line import Line
from tests.laboratory.router import missing
from tests.laboratory.talk import ONE_WAY, Side, Talk, talk
from tests.services import programs

KBIT = 125
"""Bytes a second."""
ROWS = {
    "nothing wrong": Line(delay=ONE_WAY),
    "1 % loss": Line(delay=ONE_WAY, loss=0.01),
    "5 % loss": Line(delay=ONE_WAY, loss=0.05),
    "20 % loss": Line(delay=ONE_WAY, loss=0.2),
    "300 kbit/s": Line(delay=ONE_WAY, rate=300 * KBIT),
    "150 kbit/s": Line(delay=ONE_WAY, rate=150 * KBIT),
    "70 kbit/s": Line(delay=ONE_WAY, rate=70 * KBIT),
    "40 kbit/s": Line(delay=ONE_WAY, rate=40 * KBIT),
    "600 ms": Line(delay=0.3 - ONE_WAY),
    "64 kbit/s with 20 % loss": Line(delay=ONE_WAY, rate=64 * KBIT, loss=0.2),
}
UNDERSTOOD, PROMISED = 0.75, ("40 kbit/s", "64 kbit/s with 20 % loss")
NARROW = ("70 kbit/s", "40 kbit/s", "64 kbit/s with 20 % loss")
"""Here the picture gives way to the sound, so it is not compared."""
SETTLES, SECONDS = 10, 30
"""How long a call finds out about its line, and how long it is then measured."""
CHANCE = 0.03
"""By so much two runs of the same differ."""

Calls = Callable[[dict[str, Line]], AbstractAsyncContextManager[dict[str, Side]]]


@dataclass(frozen=True, slots=True)
class Got:
    """What the two sides got of each other: the worse, the better one and their median."""

    stoi: Figure
    concealed: Figure
    frames: Figure
    met: bool = True
    """Whether they met on this line; otherwise they met on a good one, which then became this one."""


def run() -> list[Row]:
    """Measure and return the lines."""
    program = programs.headless_chromium()
    if program is None:
        raise SystemExit("links needs Chromium; make bench installs it on Debian as root.")
    if lack := missing():
        raise SystemExit(f"links needs network namespaces: {lack}.")
    return asyncio.run(_run(program, rows_of(os.environ.get("LINKS", ""))))


def rows_of(told: str) -> list[str]:
    """Return the rows that are asked for by name, all when none is."""
    names = [name.strip() for name in told.split(",") if name.strip()] or list(ROWS)
    if unknown := [name for name in names if name not in ROWS]:
        raise SystemExit(f"links has no row {unknown[0]!r}; there are: {', '.join(ROWS)}.")
    return names


async def _run(program: str, names: list[str]) -> list[Row]:
    rows: list[Row] = []
    async with talk(program) as two:
        for name in names:
            ours = await met(two, two.ours, ROWS[name])
            rows += lines_of(name, ours, await met(two, two.bare, ROWS[name]))
        rows += await turning(two)
    return rows


async def met(two: Talk, calls: Calls, line: Line) -> Got:
    """Return what each got of the other on a line that they met on, or that became so where they can not."""
    try:
        return await measured(two, calls, line, line)
    except Never:
        return replace(await measured(two, calls, ROWS["nothing wrong"], line), met=False)


async def measured(two: Talk, calls: Calls, meets: Line, line: Line) -> Got:
    """Let both meet on one line and talk on another; return what each got once they had settled."""
    async with calls({"bo": meets}) as sides:
        two.lab.line("bo", line)
        await asyncio.sleep(SETTLES)
        for side in sides.values():
            await side.begins()
        began = time.monotonic()
        await asyncio.sleep(SECONDS)
        came = [await side.stretch(time.monotonic() - began) for side in sides.values()]
        heard = [await side.understood() for side in sides.values()]
    return Got(
        figure([sum(one.score for one in each) / max(1, len(each)) for each in heard], ""),
        figure([100 * each.concealed for each in came], "%"),
        figure([each.frames for each in came], "/s"),
    )


def lines_of(name: str, ours: Got, bare: Got) -> list[Row]:
    """Return the lines of one row."""
    promised = name in PROMISED
    stoi = ours.stoi.low >= bare.stoi.low - CHANCE and (not promised or ours.stoi.median >= UNDERSTOOD)
    made_up = ours.concealed.median <= bare.concealed.median + 100 * CHANCE / 2
    frames = None if name in NARROW else ours.frames.median >= 0.8 * bare.frames.median
    told = (
        ("STOI", ours.stoi, bare.stoi, f">= {UNDERSTOOD}, never worse" if promised else "never worse", stoi),
        ("made-up sound", ours.concealed, bare.concealed, "never more", made_up),
        ("pictures", ours.frames, bare.frames, "" if frames is None else ">= 0.8 x", frames),
    )
    missed = [who for who, got in (("ours", ours), ("WebRTC's defaults", bare)) if not got.met]
    late = "".join(f"; {who} met on a good line, not on this one" for who in missed)
    return [
        Row(
            bench="links",
            work=f"{name}: {what}",
            ours=mine,
            floor=floor,
            peer="WebRTC's defaults",
            goal=goal,
            met=met,
            note=f"both directions of one call of {SECONDS} s each{late}{others()}",
        )
        for what, mine, floor, goal, met in told
    ]


async def turning(two: Talk) -> list[Row]:
    """Let a good line become narrow and good again: seconds until the picture goes, and until it is back."""
    async with two.ours({}) as sides:
        page = sides["bo"].page
        await asyncio.sleep(SETTLES)
        took = []
        for line, state in (
            (ROWS["40 kbit/s"], "=== 'audio-only'"),
            (ROWS["nothing wrong"], "!== 'audio-only'"),
        ):
            two.lab.line("bo", line)
            began = time.monotonic()
            await page.wait_for_function(f"() => me.states.at(-1) {state}", timeout=60_000, polling=100)
            took.append(time.monotonic() - began)
    words = ("becomes 40 kbit/s: until sound only", "is good again: until the picture is back")
    return [
        Row(
            bench="links",
            work=f"the line {word}",
            ours=figure([each], "s"),
            goal=f"<= {most} s",
            met=each <= most,
        )
        for word, each, most in zip(words, took, (6, 40), strict=True)
    ]
