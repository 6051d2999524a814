"""Bytes and requests of the pages in real Chromium with an empty cache, as they come over the wire.

The peers' figures are those that the design measured (JavaScript and CSS in brotli until one is in the call).
Everything else is held against the design's budgets: whole pages with the heads of answers. Code that a page
fetches for a later view while it is idle counts where it is used: into the call, list and consult together.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from tests.bench.scale import Scale, Weight
from tests.bench.table import RUNS, Line, exactly, figure
from tests.journeys.booking import Booked, book
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, Staff
from tests.services import programs
from tests.services.chromium import chromium
from tests.services.server import Server

KB = 1000
PEERS = {"Jitsi Meet": 1_290_418, "HCW@Home": 495_844, "LiveKit Meet": 294_040}
LIGHTER = 7
BOOKING, JOIN, IN_THE_CALL = "booking page", "join and device check", "link to in call"
EARLY, ARRIVED, WAITING = "my visit, the day before", "my visit, arrived", "my visit, waiting"
AFTER, LIST, CONSULT = "after the visit", "clinic list, first view", "clinic list and consult"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a page may weigh; `code` counts JavaScript and CSS only, as the peers are counted."""

    total: int
    requests: int
    code: bool = False


Weights = dict[str, Weight]
"""What each page weighed in one run."""

BUDGETS = {
    BOOKING: Budget(15 * KB, 3),
    JOIN: Budget(20 * KB, 5),
    EARLY: Budget(15 * KB, 3),
    ARRIVED: Budget(15 * KB, 3),
    WAITING: Budget(15 * KB, 3),
    IN_THE_CALL: Budget(40 * KB, 12, code=True),
    AFTER: Budget(15 * KB, 3),
    LIST: Budget(40 * KB, 8),
    CONSULT: Budget(100 * KB, 16),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demo, a browser, and who is at work: everybody with an empty cache."""

    server: Server
    browser: Browser
    manifest: dict[str, Any]

    def known(self, role: str) -> dict[str, Any]:
        """Return the first of the demo's staff with a role."""
        return next(each for each in self.manifest["staff"] if each["role"] == role)

    @asynccontextmanager
    async def staff(self, role: str) -> AsyncIterator[Specialist]:
        """Give somebody of the staff a new browser in which they are signed in already."""
        first = await Staff.at_desk(self.browser, self.server, self.known(role))
        await first.context.close()
        person = await Specialist.at_desk(self.browser, self.server, self.known(role))
        try:
            yield person
        finally:
            await person.context.close()


def run() -> list[Line]:
    """Measure and return the lines."""
    program = programs.chromium()
    if program is None:
        raise SystemExit("weight needs Chromium; make bench installs it on Debian as root.")
    runs = asyncio.run(_run(program))
    if os.environ.get("BENCH_REQUESTS"):
        print("\n".join(requests_of(runs[-1])))
    return [
        line
        for name, budget in BUDGETS.items()
        for line in lines_of(name, budget, [each[name] for each in runs])
    ]


async def _run(program: str) -> list[Weights]:
    """Weigh every page, a warm-up first."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        server.start()
        try:
            async with chromium(program) as browser:
                stage = Stage(server, browser, server.manifest())
                runs = [await weigh(stage) for _ in range(RUNS + 1)]
        finally:
            server.stop()
    return runs[1:]


async def weigh(stage: Stage) -> Weights:
    """Go through a whole visit once, with the pages on the scale."""
    found: Weights = {}
    async with stage.staff("coordinator") as clerk:
        found[BOOKING] = await opened(clerk, "/book")
    async with stage.staff("specialist") as doctor:
        person = stage.manifest["patients"][0]["id"]
        early = await book(doctor, person, doctor.known["id"], after=timedelta(hours=30))
        booked = await book(doctor, person, doctor.known["id"])
        desk = await Scale.under(doctor.page)
        await doctor.opens_clinic()
        found[LIST] = (await desk.settled()).weight(first_view=True)
        patient = await Patient.with_phone(stage.browser, stage.server, booked.link)
        try:
            found[EARLY] = await opened(patient, early.link)
            found |= await the_visit(doctor, desk, patient, booked)
        finally:
            await patient.context.close()
    return found


async def the_visit(doctor: Specialist, desk: Scale, patient: Patient, booked: Booked) -> Weights:
    """Weigh the patient's journey, and the specialist's document when the consult page is in it too."""
    found: Weights = {}
    phone = await Scale.under(patient.page)
    await patient.checks()
    found[JOIN] = (await phone.settled()).weight(first_view=True)
    found[ARRIVED] = await opened(patient, f"/v/{booked.visit}")
    await patient.presses("Go to the waiting room")
    await patient.page.get_by_role("heading", name="You are in the waiting room").wait_for()
    found[WAITING] = await opened(patient, f"/v/{booked.visit}")
    await doctor.row(booked.visit).get_by_role("button", name="Admit").click(timeout=IN_CALL)
    await patient.looks_at("Picture of ")
    found[IN_THE_CALL] = phone.weight()
    await doctor.looks_at("Picture of ")
    found[CONSULT] = (await desk.settled()).weight()
    await end(doctor)
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(
        timeout=IN_CALL
    )
    found[AFTER] = await opened(patient, f"/v/{booked.visit}")
    return found


async def end(doctor: Specialist) -> None:
    """End the visit through the API: the page asks back when the note is empty, which is not weighed here."""
    visit = await doctor.page.locator("#consult").get_attribute("data-visit")
    await doctor.asks("POST", f"/api/v1/visits/{visit}/end")


async def opened(person: Person, path: str) -> Weight:
    """Weigh one page in a new browser with an empty cache and the cookies of somebody."""
    browser = person.context.browser
    assert browser is not None
    context = await browser.new_context(
        base_url=person.watch.home, storage_state=await person.context.storage_state()
    )
    try:
        page = await context.new_page()
        scale = await Scale.under(page)
        await page.goto(path)
        return (await scale.settled()).weight(first_view=True)
    finally:
        await context.close()


def lines_of(name: str, budget: Budget, runs: list[Weight]) -> list[Line]:
    """Return the lines of one page: bytes, requests, and for the way into the call the peers."""
    size = figure([each.code if budget.code else each.total for each in runs], "B")
    requests = figure([each.requests for each in runs], "")
    word = "JS + CSS" if budget.code else "whole page"
    lines = [
        Line(
            bench="weight",
            work=f"{name}, {word}",
            ours=size,
            goal=f"<= {budget.total:,}",
            met=size.high <= budget.total,
        ),
        Line(
            bench="weight",
            work=f"{name}, requests",
            ours=requests,
            goal=f"<= {budget.requests}",
            met=requests.high <= budget.requests,
        ),
    ]
    if budget.code:
        lines += [
            Line(
                bench="weight",
                work=f"{name}, {word}",
                ours=size,
                floor=exactly(bytes_, "B"),
                peer=peer,
                goal=f"<= 1/{LIGHTER}",
                met=size.median * LIGHTER <= bytes_,
            )
            for peer, bytes_ in PEERS.items()
        ]
    return lines


def requests_of(weights: Weights) -> list[str]:
    """Return every request of one run, for whoever looks for the bytes: BENCH_REQUESTS=1."""
    return [
        f"{name:26} {one.total:7,} ({one.head:5,} head) {one.kind:12} {one.coding:5} {one.url}"
        for name, weight in weights.items()
        for one in weight.asked
    ]
