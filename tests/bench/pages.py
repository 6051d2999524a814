"""The clinic day of 20, one visit, one booking through the JSON API: statements, p50, requests a second.

The server runs in a process of its own on one core; the load, of one client and of sixteen, runs here.
Before each measure the server comes to rest: bookings leave invitations to send and entries to chain, and the
readers who happen to come next would pay for them. That work is told beside the requests that left it.
HCW@Home's figures are those measured for the design on its release 6 (list, get, create).
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import uvloop
from aiohttp.test_utils import TestClient, TestServer

from telehealth.app import Assembled
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.people import Role
from telehealth.services.booking import BookingRequest
from telehealth.serving import Health, web_application
from tests.bench.cluster import BOOKER, MINUTES, SERVICE, Member, cluster, hire, midnight, register, sqlite
from tests.bench.process import Measured, Shares, service
from tests.bench.statements import counted
from tests.bench.table import RUNS, Line, exactly, figure, others, percentile, plain
from tests.services.programs import free_port

SPECIALISTS, VISITS, SESSIONS, BOOKERS = 16, 20, 5, 30
ALONE, CROWD, SECONDS = 1, 16, 2.0
AT_REST, LOOK, PATIENCE = 0.05, 0.5, 30.0
"""The share of a core below which a server rests, seconds between two looks, and how long we wait for it."""
MOST_READ, MOST_BOOKED, FAST_ENOUGH, MANY_ENOUGH = 6, 14, 15.0, 150.0
QUERIES = "SQL statements"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: whose cookie, what, and the body of a write."""

    cookie: str
    path: str
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request and what HCW@Home needs for it: queries, milliseconds, requests a second."""

    name: str
    next: Callable[[], Ask]
    most: int
    queries: int
    milliseconds: float
    rate: float = 0.0


@dataclass(slots=True)
class Measure:
    """What the runs of one kind gave: ms with one client; with 16, requests/s and per CPU second.

    `after` is the CPU time in ms that a request left for later.
    """

    p50: list[float]
    rate: list[float]
    per_core: list[float]
    after: list[float]


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder) / "data", free_port()
        async with cluster(sqlite(Path(folder)), data) as assembled:
            kinds = await furnish(assembled)
            statements = [await statements_of(assembled, kind) for kind in kinds]
        url = sqlite(Path(folder))
        with service(data, port, core=0, TELEHEALTH_DATABASE_URL=url) as server:
            measures = await load(server, kinds)
    return [
        line
        for kind, needed, measure in zip(kinds, statements, measures, strict=True)
        for line in lines_of(kind, needed, measure)
    ]


async def furnish(assembled: Assembled) -> list[Kind]:
    """Fill a hospital: every specialist has twenty people waiting today, who are read and booked in turn."""
    work = assembled.opened.work
    specialists = await hire(work, SPECIALISTS, sessions=SESSIONS)
    bookers = await hire(work, BOOKERS, Role.COORDINATOR, sessions=1, name="c")
    patients = [each.id for each in await register(work, SPECIALISTS * VISITS)]
    today = midnight(work.clock.now())
    visits = []
    for number, patient in enumerate(patients):
        who, start = specialists[number // VISITS], today + timedelta(minutes=MINUTES * (number % VISITS))
        request = BookingRequest(patient, SERVICE, who.actor.id, start)
        booked = await assembled.services.booking.book(BOOKER, request)
        visits.append((who, booked.visit_id))
    await all_wait(assembled, [visit for _, visit in visits])
    own = cycle([(who.cookies[at % SESSIONS], visit) for at, (who, visit) in enumerate(visits)])
    clerks = cycle([cookie for each in bookers for cookie in each.cookies])
    bookings = slots(specialists, patients, today + timedelta(days=2))

    def one_visit() -> Ask:
        cookie, visit = next(own)
        return Ask(cookie, f"/visits/{visit}")

    return [
        Kind("day list of 20", lambda: Ask(next(own)[0], "/clinic"), MOST_READ, 286, 412, 2.4),
        Kind("one visit", one_visit, MOST_READ, 33, 130),
        Kind("one booking", lambda: Ask(next(clerks), "/appointments", next(bookings)), MOST_BOOKED, 32, 115),
    ]


async def all_wait(assembled: Assembled, visits: list[str]) -> None:
    """Let everybody be in the waiting room: the longest answers that these pages give."""
    work = assembled.opened.work
    async with work.units.writing() as uow:
        for each in visits:
            visit = await uow.visits.get(each)
            assert visit is not None
            now = work.clock.now()
            waiting = replace(visit, status=VisitStatus.WAITING, waiting_at=now, version=visit.version + 1)
            await uow.visits.save(waiting)


def slots(specialists: list[Member], patients: list[str], first: datetime) -> Iterator[dict[str, Any]]:
    """Return bookings that never meet: each time is given to every specialist before the next one comes."""
    for number in count():
        start = first + timedelta(minutes=MINUTES * (number // len(specialists)))
        yield {
            "patient_id": patients[number % len(patients)],
            "service_id": SERVICE,
            "practitioner_id": specialists[number % len(specialists)].actor.id,
            "start": start.isoformat(),
        }


class Desk:
    """A client of the API that knows every session's form token."""

    def __init__(self, session: Any, base: str) -> None:
        self._session = session
        self._base = f"{base}/api/v1"
        self._tokens: dict[str, str] = {}

    async def ask(self, ask: Ask) -> Any:
        """Send one request; anything but success ends the bench."""
        method = "GET" if ask.body is None else "POST"
        headers = {"Cookie": f"staff={ask.cookie}"}
        if ask.body is not None:
            headers["X-CSRF-Token"] = await self._token(ask.cookie)
        async with self._session.request(
            method, f"{self._base}{ask.path}", json=ask.body, headers=headers
        ) as answer:
            if answer.status not in {200, 201}:
                raise AssertionError(f"{ask.path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def _token(self, cookie: str) -> str:
        if cookie not in self._tokens:
            self._tokens[cookie] = (await self.ask(Ask(cookie, "/session")))["csrf"]
        return self._tokens[cookie]


async def statements_of(assembled: Assembled, kind: Kind) -> int:
    """Count the SQL of one request, the session's and the audit's included."""
    application = web_application(assembled, Health(assembled.opened))
    async with TestClient(TestServer(application)) as client:
        desk, ask = Desk(client, ""), kind.next()
        await desk.ask(replace(ask, path="/session", body=None))
        if ask.body is not None:
            await desk._token(ask.cookie)
        with counted(assembled.opened.storage) as statements:
            await desk.ask(ask)
    return len(statements)


async def load(server: Measured, kinds: list[Kind]) -> list[Measure]:
    """Ask for each kind with one client and with sixteen, a warm-up first."""
    measures = [Measure([], [], [], []) for _ in kinds]
    connector = aiohttp.TCPConnector(limit=CROWD)
    async with aiohttp.ClientSession(connector=connector) as session:
        desk = Desk(session, server.url)
        for number in range(RUNS + 1):
            for kind, measure in zip(kinds, measures, strict=True):
                times, _ = await clients(server, ALONE, partial(ask_once, desk, kind))
                await rest(server)
                crowd, busy = await clients(server, CROWD, partial(ask_once, desk, kind))
                later = await rest(server)
                if number:
                    measure.p50.append(percentile(times, 0.5) * 1000)
                    measure.rate.append(len(crowd) / SECONDS)
                    measure.per_core.append(len(crowd) / busy)
                    measure.after.append(later / len(crowd) * 1000)
    return measures


async def rest(server: Measured) -> float:
    """Wait until the server has done what it does later; return the CPU seconds that it took."""
    began, until = server.cpu(), perf_counter() + PATIENCE
    used = began
    while perf_counter() < until:
        await asyncio.sleep(LOOK)
        before, used = used, server.cpu()
        if used - before < AT_REST * LOOK:
            break
    return used - began


async def ask_once(desk: Desk, kind: Kind) -> None:
    """Send the next request of a kind."""
    await desk.ask(kind.next())


async def clients(server: Measured, number: int, once: Callable[[], Any]) -> tuple[list[float], float]:
    """Let so many clients ask without a pause; return the times of answers and the server's CPU seconds."""
    times: list[float] = []
    shares = Shares(server)
    shares.begin()
    until = perf_counter() + SECONDS

    async def client() -> None:
        while (began := perf_counter()) < until:
            await once()
            times.append(perf_counter() - began)

    await asyncio.gather(*(client() for _ in range(number)))
    return times, shares.used()[0]


def lines_of(kind: Kind, statements: int, measure: Measure) -> list[Line]:
    """Return the three lines of one kind."""
    p50, rate, cores = figure(measure.p50, "ms"), figure(measure.rate, "/s"), figure(measure.per_core, "")
    later = figure(measure.after, "ms")
    note = (
        f"{kind.name}: {plain(cores.median)} requests a CPU second of the server, {CROWD} clients;"
        f" {plain(later.median)} ms of CPU each afterwards{others()}"
    )
    hcw = "HCW@Home"
    return [
        Line(
            bench="pages",
            work=f"{kind.name}, {QUERIES}",
            ours=exactly(statements, ""),
            floor=exactly(kind.queries, ""),
            peer=hcw,
            goal=f"<= {kind.most}",
            met=statements <= kind.most,
        ),
        Line(
            bench="pages",
            work=f"{kind.name}, p50, 1 client",
            ours=p50,
            floor=exactly(kind.milliseconds, "ms"),
            peer=hcw,
            goal=f"<= {FAST_ENOUGH:.0f} ms",
            met=p50.median <= FAST_ENOUGH,
        ),
        Line(
            bench="pages",
            work=f"{kind.name}, requests/s, {CROWD} clients, one core",
            ours=rate,
            floor=exactly(kind.rate, "/s") if kind.rate else None,
            peer=hcw if kind.rate else "",
            goal=f">= {MANY_ENOUGH:.0f}/s",
            met=rate.median >= MANY_ENOUGH,
            note=note,
        ),
    ]
