"""A fault in mid-call → sound flows again on both sides, ours beside a bare pair with the browser's defaults.

Both calls run in the same two browsers on the same two hosts, so one fault meets both. Our pages are opened
once and nobody touches them again: one call lives through every fault in turn. Nothing that the browser does
by itself is taken from the bare pair; each of its calls is a new one.
"""

import asyncio
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.bench.carried import CARRIED, carried, killed, of_three, of_two
from tests.bench.stage import HOSTS, RELAYED, Stage, opened
from tests.bench.table import Line, figure, others
from tests.laboratory.gaps import heard_again, listens
from tests.laboratory.line import Line as Spoilt
from tests.laboratory.network import missing, network
from tests.services import programs
from tests.services.chromium import UNHURRIED

ONE_WAY = 0.025
"""Seconds that each line adds; a packet passes two, a round trip four."""
WATCHED = 30.0
"""Seconds after a fault (or its end) for which a call is watched: what is not back by then is told so."""
SURELY = 4000.0
"""Milliseconds for which sound that is back has to stay."""
CONNECTED = "() => window.__peers.some((peer) => peer.connectionState === 'connected')"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to both calls, how often it is tried, and how soon sound must be back, in milliseconds.

    Time is counted from what `strikes` returns.
    """

    work: str
    strikes: Callable[[Stage], Awaitable[float]]
    goal: float
    times: int = 3


def run() -> list[Line]:
    """Measure and return the lines."""
    program = programs.headless_chromium()
    if program is None or programs.coturn() is None or programs.janus() is None:
        raise SystemExit(
            "recover needs Chromium, coturn and Janus; make bench installs them on Debian as root."
        )
    if lack := missing():
        raise SystemExit(f"recover needs network namespaces: {lack}.")
    return [
        *asyncio.run(_run(program, FAULTS, {})),
        *asyncio.run(_run(program, RELAY_FAULTS, RELAYED)),
        *asyncio.run(_run(program, SFU_FAULTS, CARRIED)),
    ]


async def _run(program: str, faults: tuple[Fault, ...], settings: dict[str, str]) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, network(*HOSTS) as lab:
        async with (
            opened(lab, program, Path(folder), devices=UNHURRIED, **settings) as stage,
            AsyncExitStack() as stack,
        ):
            for host in HOSTS:
                lab.line(host, Spoilt(delay=ONE_WAY))
            ours = await in_call(stage, stack, settings)
            return [await measured(stage, ours, fault, settings) for fault in faults]


async def in_call(stage: Stage, stack: AsyncExitStack, settings: dict[str, str]) -> list[Page]:
    """Dr Amara and Bo hear each other, and an interpreter where calls are carried; return their pages."""
    if settings == CARRIED:
        return (await of_three(stage, stack, picture=False))[1]
    doctor, patient, _ = await of_two(stage, stack, picture=False)
    return [doctor.page, patient.page]


async def measured(stage: Stage, ours: list[Page], fault: Fault, settings: dict[str, str]) -> Line:
    """Let a fault strike some times and return its line."""
    found = [await struck(stage, ours, fault, settings) for _ in range(fault.times)]
    mine = figure([each for each, _ in found], "ms")
    print(fault.work, found, file=sys.stderr, flush=True)
    return Line(
        bench="recover",
        work=fault.work,
        ours=mine,
        floor=None if settings == CARRIED else figure([each for _, each in found], "ms"),
        peer="" if settings == CARRIED else "bare pair",
        goal=f"<= {fault.goal:,.0f} ms",
        met=mine.high <= fault.goal,
        note=f"{1000 * WATCHED:,.0f} ms means not within that time{others()}",
    )


async def struck(
    stage: Stage, ours: list[Page], fault: Fault, settings: dict[str, str]
) -> tuple[float, float]:
    """Return the milliseconds that ours and the bare pair took, on the side that waited longer."""
    if settings == CARRIED:
        await carried(ours)
    bare = [] if settings == CARRIED else await bare_call(stage, relayed=bool(settings))
    for page in (*ours, *bare):
        await listens(page)
    await asyncio.sleep(2)
    since = await fault.strikes(stage)
    took = await watched(ours, bare, since)
    for page in bare:
        await page.context.close()
    return took


async def bare_call(stage: Stage, *, relayed: bool) -> list[Page]:
    """The bare pair in its own call."""
    pages = await stage.bare_pages(sound_only=True, relayed=relayed)
    await pages[0].click("#go")
    for page in pages:
        await page.wait_for_function(CONNECTED)
    return pages


async def watched(ours: list[Page], bare: list[Page], since: float) -> tuple[float, float]:
    """Watch until both calls are surely back, or for as long as is waited for them."""
    while True:
        await asyncio.sleep(0.5)
        end = time.time() * 1000
        took = [max([await back(page, since, end) for page in pages], default=0) for pages in (ours, bare)]
        if end - since > 1000 * WATCHED or all(end - since - each > SURELY for each in took):
            return min(took[0], 1000 * WATCHED), min(took[1], 1000 * WATCHED)


async def back(page: Page, since: float, end: float) -> float:
    """Return the milliseconds until this page heard the other one again, infinite before."""
    found = await heard_again(page, since, end)
    return math.inf if found is None else found


def cut(seconds: float) -> Callable[[Stage], Awaitable[float]]:
    """Nothing reaches the patient or leaves them for so long; what counts is the time after it."""

    async def strikes(stage: Stage) -> float:
        stage.lab.line("patient", Spoilt(cut=True))
        await asyncio.sleep(seconds)
        stage.lab.line("patient", Spoilt(delay=ONE_WAY))
        return time.time() * 1000

    return strikes


async def moved(stage: Stage) -> float:
    """The patient comes into another network."""
    stage.lab.move("patient")
    return time.time() * 1000


async def restarted(stage: Stage) -> float:
    """The server is killed and started again."""
    since = time.time() * 1000
    stage.server.kill()
    stage.bare.kill()
    stage.bare.start()
    await asyncio.to_thread(stage.server.start)
    return since


async def relay_killed(stage: Stage) -> float:
    """The relay is killed; the server starts it again."""
    since = time.time() * 1000
    os.kill(stage.relay_number, signal.SIGKILL)
    return since


FAULTS = (
    Fault("cut for 5 s, from its end", cut(5), 1000),
    Fault("cut for 10 s, from its end", cut(10), 4000),
    Fault("cut for 30 s, from its end", cut(30), 4000, 2),
    Fault("cut for 90 s, from its end", cut(90), 4000, 1),
    Fault("new address of the patient", moved, 4000),
    Fault("server killed and started again", restarted, 0),
)
RELAY_FAULTS = (Fault("relay killed, all through it", relay_killed, 10_000),)
SFU_FAULTS = (Fault("forwarding server killed, three in the call", killed, 1000),)
