"""A year of 200 specialists on one page: hours, absences and every visit counted anew at each request.

Asked is what a coordinator's browser gets, over HTTP with the session looked up, as compressed HTML. Four
weeks are booked as in `slots`, of all later times one in ten is taken. The floor is to read the same visits
row by row, through the bare driver, and to do nothing with them.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import uvloop
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from telehealth.domain.people import Role
from telehealth.serving import Health, settle, web_application
from tests.bench.cluster import hire
from tests.bench.databases import databases
from tests.bench.slots import LATER, SPECIALISTS, USUAL, fill, hospital
from tests.bench.table import RUNS, Line, figure, others, percentile, plain

ASKED, WEEKS, GOAL = 10, 53, 100.0
Client = TestClient[Request, Application]
BARE = (
    "SELECT resource_id, busy_start, busy_end FROM appointment_resource"
    " WHERE active AND kind = 'practitioner' AND busy_end > '{first}' AND busy_end < '{last}'"
)


@dataclass
class Measured:
    """What runs took, in milliseconds, and the CPU time of a request in this process."""

    pages: list[float]
    floors: list[float]
    cpu: float
    first: float
    """The very first request: nothing is remembered yet."""


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with databases() as found:
        return [line_of(name, await measure(url, data)) for name, (url, data) in found.items()]


async def measure(url: str, data: Path) -> Measured:
    """Return the medians of each run."""
    async with at_the_desk(url, data) as (client, headers, engine, first):
        settle()
        began = perf_counter()
        await ask(client, headers)
        cold = (perf_counter() - began) * 1000
        busy = process_time()
        pages = [await run_of(partial(ask, client, headers)) for _ in range(RUNS)]
        cpu = (process_time() - busy) * 1000 / (RUNS * ASKED)
        floors = [await run_of(partial(bare, engine, first)) for _ in range(RUNS)]
    return Measured(pages, floors, cpu, cold)


async def run_of(once: Callable[[], Awaitable[float]]) -> float:
    """Return the median of so many, one at a time."""
    return percentile([await once() for _ in range(ASKED)], 0.5)


@asynccontextmanager
async def at_the_desk(
    url: str, data: Path
) -> AsyncGenerator[tuple[Client, dict[str, str], AsyncEngine, datetime]]:
    """Open the hospital with a year of visits and a coordinator who has signed in."""
    async with hospital(url, data, USUAL) as (assembled, _, first):
        engine = assembled.opened.storage.engines[0]
        await fill(engine, [f"s{number:03}" for number in range(SPECIALISTS)], first, LATER)
        (clerk,) = await hire(assembled.opened.work, 1, Role.COORDINATOR, sessions=1, name="y")
        application = web_application(assembled, Health(assembled.opened))
        async with TestClient(TestServer(application)) as client:
            yield client, {"Cookie": f"staff={clerk.cookies[0]}", "Accept-Encoding": "gzip"}, engine, first


async def ask(client: Client, headers: dict[str, str]) -> float:
    """Ask for the page as a browser does; return how long it took, in milliseconds."""
    began = perf_counter()
    async with client.get("/availability", headers=headers) as answer:
        page = await answer.read()
        spent = (perf_counter() - began) * 1000
        assert answer.status == 200
        assert page.count(b'<th scope="row">') == SPECIALISTS
        assert page.count(b"<td ") == SPECIALISTS * WEEKS
    return spent


async def bare(engine: AsyncEngine, first: datetime) -> float:
    """Read the same visits; return how long it took, in milliseconds."""
    last = first + timedelta(weeks=WEEKS)
    statement = BARE.format(first=first, last=last)
    began = perf_counter()
    async with engine.connect() as connection:
        rows = (await connection.exec_driver_sql(statement)).fetchall()
    assert len(rows) > SPECIALISTS * WEEKS
    return (perf_counter() - began) * 1000


def line_of(name: str, measured: Measured) -> Line:
    """Return one line of the table."""
    ours = figure(measured.pages, "ms")
    return Line(
        bench="year",
        work=f"{name}: p50 of a page with the weeks of {SPECIALISTS} specialists in a year",
        ours=ours,
        floor=figure(measured.floors, "ms"),
        peer="bare rows",
        goal=f"<= {GOAL:.0f} ms",
        met=ours.median <= GOAL,
        note=(
            f"{name}: {plain(measured.cpu)} ms of CPU each, the client's reading included; the first of all,"
            f" when no hours are remembered, {plain(measured.first)} ms{others()}"
        ),
    )
