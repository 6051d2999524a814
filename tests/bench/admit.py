"""Click on Admit → first remote frame on both sides, at 100 ms round trip between all, cameras open.

Server, specialist and patient are hosts of a laboratory (tests/laboratory), each with an own Chromium. The
floor is a bare page pair on the same hosts and browsers whose offer is sent at the click. *Next in line* is
who was prepared; *anyone else* is admitted out of turn, so that the connection is made at Admit.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from tests.bench.table import RUNS, Line, figure
from tests.bench.weight import end
from tests.journeys.booking import Booked, book
from tests.journeys.people import IN_CALL, Patient, Specialist
from tests.laboratory.line import Line as Spoilt
from tests.laboratory.network import Network, missing, network
from tests.services import programs
from tests.services.chromium import chromium
from tests.services.server import Server

ONE_WAY = 0.025
"""Seconds that each line adds; a packet passes two, a round trip four."""
BARE_PORT = 8081
TRUSTING = {"ignore_https_errors": True}
ANY_CERTIFICATE = "--ignore-certificate-errors"
MARKS = """
addEventListener("click", (event) => {
  if (event.target.closest?.('[data-do="admit"]')) window.__click = Date.now();
}, true);
const seen = new Set();
new MutationObserver(() => {
  for (const video of document.querySelectorAll("video:not([data-own])")) {
    if (seen.has(video)) continue;
    seen.add(video);
    video.requestVideoFrameCallback(() => (window.__frame ??= Date.now()));
  }
}).observe(document, { childList: true, subtree: true });
"""
CONNECTED = "() => window.__peers.some((peer) => peer.connectionState === 'connected')"


@dataclass(frozen=True, slots=True)
class Stage:
    """The running laboratory and its two browsers."""

    server: Server
    bare: str
    doctors: Browser
    patients: Browser
    manifest: dict[str, Any]


def run() -> list[Line]:
    """Measure and return the lines."""
    program = programs.chromium()
    if program is None:
        raise SystemExit("admit needs Chromium; make bench installs it on Debian as root.")
    if lack := missing():
        raise SystemExit(f"admit needs network namespaces: {lack}.")
    runs = asyncio.run(_run(program))[1:]
    floor = figure([each["bare"] for each in runs], "ms")
    return [
        Line(
            bench="admit",
            work=f"{who}, click to first frame on both sides",
            ours=(ours := figure([each[name] for each in runs], "ms")),
            floor=floor,
            peer="bare page pair",
            goal=f"<= {goal} x",
            met=ours.median <= goal * floor.median,
        )
        for who, name, goal in (("next in line", "next", 1.0), ("anyone else", "cold", 1.3))
    ]


async def _run(program: str) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder, network("server", "doctor", "patient") as lab:
        for host in lab.hosts:
            lab.line(host, Spoilt(delay=ONE_WAY))
        async with opened(lab, program, Path(folder)) as stage:
            return [await measured(stage) for _ in range(RUNS + 1)]


@asynccontextmanager
async def opened(lab: Network, program: str, folder: Path) -> AsyncIterator[Stage]:
    """The server and the bare relay on their host, a browser on each of the others."""
    address = lab.hosts["server"]
    bare = f"https://{address}:{BARE_PORT}"
    server = Server(folder / "data", prefix=lab.run("server"), host=address)
    relay = subprocess.Popen(  # noqa: ASYNC220 (it starts at once, and nothing else runs yet)
        lab.run("server", sys.executable, "-m", "tests.bench.bare_pair", address, str(BARE_PORT))
    )
    try:
        server.start()
        async with AsyncExitStack() as stack:
            doctors, patients = [
                await stack.enter_async_context(chromium(lab.program(host, program, folder), ANY_CERTIFICATE))
                for host in ("doctor", "patient")
            ]
            yield Stage(server, bare, doctors, patients, server.manifest())
    finally:
        server.stop()
        relay.terminate()
        relay.wait()


async def measured(stage: Stage) -> dict[str, float]:
    """Measure each way once, in milliseconds."""
    found = {"bare": await bare(stage)}
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


async def bare(stage: Stage) -> float:
    """The same click on the bare pair."""
    pages = [
        await browser.new_page(permissions=["camera", "microphone"], ignore_https_errors=True)
        for browser in (stage.doctors, stage.patients)
    ]
    for page in pages:
        await page.goto(stage.bare)
        await page.wait_for_function("() => window.__ready", timeout=IN_CALL)
    await asyncio.sleep(1)
    await pages[0].click("#go")
    took = await between(*pages)
    for page in pages:
        await page.context.close()
    return took


async def between(clicked: Page, other: Page) -> float:
    """Milliseconds from the click to the later of the two first frames; one machine, one clock."""
    for page in (clicked, other):
        await page.wait_for_function("() => window.__frame", timeout=IN_CALL)
    frames = [float(await page.evaluate("() => window.__frame")) for page in (clicked, other)]
    return max(frames) - float(await clicked.evaluate("() => window.__click"))
