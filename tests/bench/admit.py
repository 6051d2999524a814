"""Click on Admit → first remote frame on both sides, at 100 ms round trip between all, cameras open.

Server, specialist and patient are hosts of a laboratory (tests/laboratory), each with an own Chromium. The
floor is a bare page pair on the same hosts and browsers whose offer is sent at the click. *Next in line* is
who was prepared; *anyone else* is admitted out of turn, so that the connection is made at Admit. *A third* is
let into a call of two, which then goes over to the forwarding server.
"""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Page

from tests.bench import carried as carrying
from tests.bench.carried import CARRIED
from tests.bench.stage import HOSTS, RELAYED, TRUSTING, Stage, opened
from tests.bench.table import RUNS, Line, figure
from tests.bench.weight import end
from tests.journeys.booking import Booked, book
from tests.journeys.people import IN_CALL, Patient, Specialist
from tests.laboratory.line import Line as Spoilt
from tests.laboratory.network import missing, network
from tests.services import programs

THROUGH = ", through the relay"
THIRD = 900.0
"""Milliseconds that call.md allows where a forwarding server is in the way."""
ONE_WAY = 0.025
"""Seconds that each line adds; a packet passes two, a round trip four."""
MARKS = """
addEventListener("click", (event) => {
  if (event.target.closest?.('[data-do="admit"], [data-let-in]')) window.__click = Date.now();
}, true);
const seen = new Set(document.querySelectorAll("video"));
new MutationObserver(() => {
  for (const video of document.querySelectorAll("video:not([data-own])")) {
    if (seen.has(video)) continue;
    seen.add(video);
    video.requestVideoFrameCallback(() => (window.__frame ??= Date.now()));
  }
}).observe(document, { childList: true, subtree: true });
"""
CONNECTED = "() => window.__peers.some((peer) => peer.connectionState === 'connected')"


def run() -> list[Line]:
    """Measure and return the lines."""
    program = programs.chromium()
    if program is None:
        raise SystemExit("admit needs Chromium; make bench installs it on Debian as root.")
    if lack := missing():
        raise SystemExit(f"admit needs network namespaces: {lack}.")
    return [
        *lines(asyncio.run(_run(program, {}))[1:], ""),
        *lines(asyncio.run(_run(program, RELAYED))[1:], THROUGH),
        *([_third(asyncio.run(_run(program, CARRIED))[1:])] if programs.janus() else []),
    ]


def _third(runs: list[dict[str, float]]) -> Line:
    """Return the line of calls that go over to the forwarding server with their third person."""
    return Line(
        bench="admit",
        work="a third let in, click to first frame on both sides; then all goes through Janus",
        ours=(ours := figure([each["third"] for each in runs], "ms")),
        floor=figure([each["bare"] for each in runs], "ms"),
        peer="bare page pair",
        goal=f"<= {THIRD:.0f} ms",
        met=ours.median <= THIRD,
        note=f"through Janus alone after {figure([each['over'] for each in runs], 'ms')}",
    )


def lines(runs: list[dict[str, float]], way: str) -> list[Line]:
    """Return the lines of calls that went one way."""
    floor = figure([each["bare"] for each in runs], "ms")
    return [
        Line(
            bench="admit",
            work=f"{who}, click to first frame on both sides{way}",
            ours=(ours := figure([each[name] for each in runs], "ms")),
            floor=floor,
            peer=f"bare page pair{way}",
            goal=f"<= {goal} x",
            met=ours.median <= goal * floor.median,
        )
        for who, name, goal in (("next in line", "next", 1.0), ("anyone else", "cold", 1.3))
    ]


async def _run(program: str, settings: dict[str, str]) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder, network(*HOSTS) as lab:
        for host in lab.hosts:
            lab.line(host, Spoilt(delay=ONE_WAY))
        async with opened(lab, program, Path(folder), **settings) as stage:
            if settings == CARRIED:
                return [await third(stage) for _ in range(RUNS + 1)]
            return [await measured(stage, relayed=bool(settings)) for _ in range(RUNS + 1)]


async def measured(stage: Stage, *, relayed: bool) -> dict[str, float]:
    """Measure each way once, in milliseconds."""
    found = {"bare": await bare(stage, relayed=relayed)}
    known = next(each for each in stage.manifest["staff"] if each["role"] == "specialist")
    async with AsyncExitStack() as stack:
        doctor = await Specialist.at_desk(stage.doctors, stage.server, known, **TRUSTING)
        stack.push_async_callback(doctor.context.close)
        patients = [each["id"] for each in stage.manifest["patients"][:2]]
        first, second = [await book(doctor, each, known["id"]) for each in patients]
        await doctor.context.add_init_script(MARKS)
        await doctor.opens_clinic()
        one, two = [await waiting(stage, each, stack) for each in (first, second)]
        for page in (doctor.page, one.page):
            await page.wait_for_function(CONNECTED, timeout=IN_CALL)
        found["cold"] = await admitted(doctor, two, second)
        await doctor.opens_clinic()
        for page in (doctor.page, one.page):
            await page.wait_for_function(CONNECTED, timeout=IN_CALL)
        found["next"] = await admitted(doctor, one, first)
    return found


async def third(stage: Stage) -> dict[str, float]:
    """Let a third into a call of two, in milliseconds, and wait until it has gone over to Janus."""
    found = {"bare": await bare(stage, relayed=False)}
    async with AsyncExitStack() as stack:
        doctor, patient, booked = await carrying.of_two(stage, stack, picture=True)
        noor, _ = await carrying.waiting(stage, stack, doctor, booked, marks=MARKS)
        await doctor.page.evaluate(MARKS)
        await asyncio.sleep(1)
        await doctor.page.locator("#guests").get_by_role("button", name="Let in").click(timeout=IN_CALL)
        found["third"] = await between(doctor.page, noor.page)
        await carrying.carried([doctor.page, patient.page, noor.page])
        found["over"] = time.time() * 1000 - float(await doctor.page.evaluate("() => window.__click"))
        await end(doctor)
    return found


async def waiting(stage: Stage, booked: Booked, stack: AsyncExitStack) -> Patient:
    """A patient in the waiting room with an open camera."""
    patient = await Patient.with_phone(stage.patients, stage.server, booked.link, **TRUSTING)
    stack.push_async_callback(patient.context.close)
    await patient.context.add_init_script(MARKS)
    await patient.waits()
    return patient


async def admitted(doctor: Specialist, patient: Patient, booked: Booked) -> float:
    """Admit, and end the visit once both have seen each other."""
    await asyncio.sleep(1)  # nothing of the way here shall be on its way any more
    await doctor.row(booked.visit).get_by_role("button", name="Admit").click(timeout=IN_CALL)
    took = await between(doctor.page, patient.page)
    await end(doctor)
    return took


async def bare(stage: Stage, *, relayed: bool) -> float:
    """The same click on the bare pair."""
    pages = await stage.bare_pages(relayed=relayed)
    await asyncio.sleep(1)
    await pages[0].click("#go")
    took = await between(pages[0], pages[1])
    for page in pages:
        await page.context.close()
    return took


async def between(clicked: Page, other: Page) -> float:
    """Milliseconds from the click to the later of the two first frames; one machine, one clock."""
    for page in (clicked, other):
        await page.wait_for_function("() => window.__frame", timeout=IN_CALL)
    frames = [float(await page.evaluate("() => window.__frame")) for page in (clicked, other)]
    return max(frames) - float(await clicked.evaluate("() => window.__click"))
