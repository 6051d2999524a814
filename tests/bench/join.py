"""A patient's cold way by the link: first paint, own picture, waiting room, and the other one's first frame.

On loopback, and with the browser's emulation of 3G and 2G and a phone six times slower than this machine. The
presses are scripted and come as soon as they can, so nobody's reading time is in it. The floor is measured in
the same run on the same line: a bare page that opens the camera and a bare socket, and a bare pair for the
first frame. On 2G the waiting room is also held against the page's own bytes at the line's rate.

The emulation slows down requests, not media: a first frame shows what signalling costs on such a line.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.bench.admit import MARKS
from tests.bench.scale import Scale
from tests.bench.table import RUNS, Figure, Line, figure, others
from tests.bench.weight import Stage, end
from tests.journeys.booking import book
from tests.journeys.people import IN_CALL, MEDIA, PHONE, Patient, Specialist
from tests.journeys.waterfall import SECOND, THIRD, SlowLine
from tests.services import programs
from tests.services.chromium import chromium
from tests.services.server import Server

PRESSING = """(() => {
  const marks = (window.__marks = {});
  const mark = (name) => (marks[name] ??= performance.now());
  const painted = (does) => requestAnimationFrame(() => setTimeout(does));
  const press = (name) => {
    const before = performance.now();
    document.querySelector(`[data-do="${name}"]`).click();
    painted(() => (marks.tap ??= performance.now() - before));
  };
  const first = (video, does) => document.querySelector(video).requestVideoFrameCallback(does);
  const then = {
    join: () => painted(() => press("both")),
    check: () => first("[data-own]", () => {
      mark("picture");
      press("wait");
    }),
    call: () => first("[data-far]", () => (window.__frame = Date.now())),
  };
  new MutationObserver(() => {
    const { at } = document.documentElement.dataset;
    mark(at);
    then[at]?.();
    delete then[at];
  }).observe(document, { subtree: true, attributeFilter: ["data-at"] });
})()"""
"""Presses every button as soon as it is painted; notes what stood when, in ms since the link was opened."""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
PATIENCE = 60_000
MS = 1000
ON_BYTES = 1.5
"""How many times the seconds of its bytes the way to the waiting room may take on 2G."""

Times = dict[str, float]
"""What one way took, in milliseconds, by the name of the step."""
STEPS = {
    "paint": "link to first paint",
    "picture": "link to own picture",
    "wait": "link to waiting room",
    "far": "admit to first remote frame",
    "tap": "tap to visible reaction",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A line and a phone, and how many milliseconds each step may take there."""

    name: str
    line: SlowLine | None
    slower: int
    goals: Times = field(default_factory=dict)


CASES = (
    Case("loopback", None, 1, {"tap": 100}),
    Case("3G", THIRD, 6, {"paint": 2500, "picture": 5000, "far": 3000, "tap": 100}),
    Case("2G", SECOND, 6, {"paint": 3500, "picture": 6000, "far": 8000, "tap": 100}),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way and its floor on the same line; `size` counts the bytes up to the waiting room."""

    ours: Times
    floor: Times
    size: int


def run() -> list[Line]:
    """Measure and return the lines."""
    program = programs.chromium()
    if program is None:
        raise SystemExit("join needs Chromium; make bench installs it on Debian as root.")
    runs = asyncio.run(_run(program))[1:]
    return [line for case in CASES for line in lines_of(case, [each[case.name] for each in runs])]


async def _run(program: str) -> list[dict[str, Way]]:
    """Go every way, a warm-up first."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        server.start()
        try:
            async with chromium(program) as browser, bare_server() as bare:
                stage = Stage(server, browser, server.manifest())
                return [{case.name: await gone(stage, case, bare) for case in CASES} for _ in range(RUNS + 1)]
        finally:
            server.stop()


@asynccontextmanager
async def bare_server() -> AsyncIterator[str]:
    """Serve the bare pages on a port of their own."""
    port = programs.free_port()
    command = (sys.executable, "-m", "tests.bench.bare_pair", "localhost", str(port))
    relay = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{port}"
    finally:
        relay.terminate()
        await relay.wait()


async def gone(stage: Stage, case: Case, bare: str) -> Way:
    """Go one way, and the bare one beside it."""
    floor = await the_bare_way(stage.browser, case, bare)
    async with stage.staff("specialist") as doctor:
        await doctor.context.add_init_script(MARKS)
        return await the_way(stage, case, doctor, floor)


async def the_way(stage: Stage, case: Case, doctor: Specialist, floor: Times) -> Way:
    """Open a link and go up to the first frame of the other one."""
    booked = await book(doctor, stage.manifest["patients"][0]["id"], doctor.known["id"])
    await doctor.opens_clinic()
    patient = await Patient.with_phone(stage.browser, stage.server, booked.link)
    try:
        page = patient.page
        await page.add_init_script(PRESSING)
        await slow_down(page, case)
        scale = await Scale.under(page)
        await patient.opens_link()
        await page.wait_for_function("() => window.__marks.wait", timeout=PATIENCE)
        size = sum(each.total for each in scale.weight().asked if each.done)
        await scale.settled()
        await doctor.row(booked.visit).get_by_role("button", name="Admit").click(timeout=IN_CALL)
        await page.wait_for_function("() => window.__frame", timeout=PATIENCE)
        times: Times = await page.evaluate("() => window.__marks")
        clicked = float(await doctor.page.evaluate("() => window.__click"))
        times["far"] = float(await page.evaluate("() => window.__frame")) - clicked
        times["paint"] = float(await page.evaluate(PAINT))
        await end(doctor)
        return Way(times, floor, size)
    finally:
        await patient.context.close()


async def the_bare_way(browser: Browser, case: Case, bare: str) -> Times:
    """Open the bare page on the same line, another one beside it, and connect both."""
    contexts = [await browser.new_context(viewport=PHONE, permissions=MEDIA) for _ in range(2)]
    try:
        page, other = [await context.new_page() for context in contexts]
        await slow_down(page, case)
        for each in (page, other):
            await each.goto(bare)
            await each.wait_for_function("() => window.__ready && window.__own", timeout=PATIENCE)
        await page.wait_for_function(PAINTED)
        times = {
            "paint": float(await page.evaluate(PAINT)),
            "picture": float(await page.evaluate("() => window.__own")),
            "wait": float(await page.evaluate("() => window.__ready")),
        }
        await other.click("#go")
        await page.wait_for_function("() => window.__frame", timeout=PATIENCE)
        clicked = float(await other.evaluate("() => window.__click"))
        return times | {"far": float(await page.evaluate("() => window.__frame")) - clicked}
    finally:
        for context in contexts:
            await context.close()


async def slow_down(page: Page, case: Case) -> None:
    """Give a page the line and the phone of a case."""
    if case.line is None:
        return
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", case.line.emulated)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": case.slower})


def lines_of(case: Case, ways: list[Way]) -> list[Line]:
    """Return the lines of one case."""
    lines = [step_of(case, name, ways) for name in STEPS]
    if case.line is SECOND:
        ours = figure([each.ours["wait"] for each in ways], "ms")
        floor = figure([SECOND.seconds(0, each.size) * MS for each in ways], "ms")
        met = ours.median <= ON_BYTES * floor.median
        peer, goal = "a round trip and its bytes", f"<= {ON_BYTES} x"
        lines.append(line_of(case, "wait", ours, floor, peer, goal, met))
    return lines


def step_of(case: Case, name: str, ways: list[Way]) -> Line:
    """Return the line of one step beside its floor."""
    ours = figure([each.ours[name] for each in ways], "ms")
    floor = figure([each.floor[name] for each in ways], "ms") if name in ways[0].floor else None
    goal = case.goals.get(name)
    words, met = (f"<= {goal:,.0f} ms", ours.median <= goal) if goal else ("", None)
    return line_of(case, name, ours, floor, "bare page" if floor else "", words, met)


def line_of(
    case: Case, name: str, ours: Figure, floor: Figure | None, peer: str, goal: str, met: bool | None
) -> Line:
    """Return a line of the table."""
    work, note = f"{case.name}, {STEPS[name]}", f"presses are scripted, no reading time{others()}"
    return Line(bench="join", work=work, ours=ours, floor=floor, peer=peer, goal=goal, met=met, note=note)
