"""Signalling of 100 pairs: 2 kB offers through our door with its checks and limits, and through a bare relay.

Both servers run in processes of their own, both crowds of clients here, in turn. A client sends its next
signal when the last one was acknowledged and has arrived, and never more than the shipped limits allow.
"""

import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import uvloop

from telehealth.app import Assembled
from telehealth.crypto.tokens import session_token
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.visiting import VisitSession
from telehealth.services.booking import BookingRequest
from tests.bench.cluster import BOOKER, MINUTES, SERVICE, Member, cluster, hire, midnight, register, sqlite
from tests.bench.process import Measured, Shares, measured, service
from tests.bench.table import RUNS, Line, figure, others, percentile, plain
from tests.bench.talking import EVENTS_PER_SECOND, SIZE, Crowd, Way
from tests.services.programs import free_port

PAIRS, SECONDS = 100, 4.0
STEADY = 5.0
"""Signals a second of each client where neither server is busy: 1,000 a second together."""
FAST_ENOUGH, LATE_AT_MOST = 0.7, 2.0


@dataclass(frozen=True, slots=True)
class Talk:
    """One run against one server: signals a second, p99, CPU a signal, shares of a core."""

    rate: float
    p99: float
    cpu: float
    server: float
    load: float


@dataclass(slots=True)
class Side:
    """One server with its crowd and what its runs gave."""

    process: Measured
    crowd: Crowd = field(default_factory=Crowd)
    full: list[Talk] = field(default_factory=list)
    steady: list[Talk] = field(default_factory=list)

    async def run(self, per_second: float) -> Talk:
        """Let the crowd talk once."""
        shares = Shares(self.process)
        shares.begin()
        delays = await self.crowd.talk(SECONDS, per_second)
        server, load = shares.used()
        return Talk(
            rate=len(delays) / SECONDS,
            p99=percentile(delays, 0.99) * 1000,
            cpu=server / len(delays) * 1e6,
            server=server / SECONDS,
            load=load / SECONDS,
        )


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        ways = await furnish(Path(folder))
        url = sqlite(Path(folder))
        ours = servers.enter_context(service(Path(folder) / "data", free_port(), TELEHEALTH_DATABASE_URL=url))
        port = free_port()
        bare = servers.enter_context(
            measured(port, Path(folder) / "bare.log", "tests.bench.bare_relay", str(port))
        )
        async with talking(ours, ways) as first, talking(bare, [as_bare(pair) for pair in ways]) as second:
            for number in range(RUNS + 1):
                for side in (first, second):
                    full, steady = await side.run(EVENTS_PER_SECOND), await side.run(STEADY)
                    if number:
                        side.full.append(full)
                        side.steady.append(steady)
            return lines_of(first, second)


async def furnish(folder: Path) -> list[tuple[Way, Way]]:
    """Make a hundred visits whose patients are admitted, and the cookies of both sides."""
    async with cluster(sqlite(folder), folder / "data") as assembled:
        specialists = await hire(assembled.opened.work, PAIRS, sessions=1)
        patients = await register(assembled.opened.work, PAIRS)
        # The next time of the grid: whose visit is long over is not let in any more.
        now, length = assembled.opened.work.clock.now(), timedelta(minutes=MINUTES)
        start = midnight(now) + length * ((now - midnight(now)) // length + 1)
        visits = []
        for who, patient in zip(specialists, patients, strict=True):
            request = BookingRequest(patient.id, SERVICE, who.actor.id, start)
            visits.append((await assembled.services.booking.book(BOOKER, request)).visit_id)
        cookies = await admit_all(assembled, visits)
    return list(pairs(specialists, visits, cookies))


async def admit_all(assembled: Assembled, visits: list[str]) -> list[str]:
    """Put every visit into its call and give each patient's browser a cookie."""
    work = assembled.opened.work
    now, cookies = work.clock.now(), []
    async with work.units.writing() as uow:
        for number, each in enumerate(visits):
            visit = await uow.visits.get(each)
            assert visit is not None
            running = replace(visit, status=VisitStatus.IN_PROGRESS, version=visit.version + 1)
            await uow.visits.save(running)
            cookies.append(session_token(work.chance))
            digest = sha256(cookies[-1].encode()).digest()
            await uow.visits.add_session(
                VisitSession(f"browser-{number}", each, visit.patient_id, digest, 1, now)
            )
    return cookies


def pairs(specialists: list[Member], visits: list[str], cookies: list[str]) -> Iterator[tuple[Way, Way]]:
    """Return how both sides of every visit come in."""
    for number, (who, visit, cookie) in enumerate(zip(specialists, visits, cookies, strict=True)):
        enter = f'{{"visit":"{visit}","epoch":0,"since":0}}'
        at_desk, at_home = f"127.1.{number}.1", f"127.2.{number}.1"
        yield (
            Way("", at_desk, f"staff={who.cookies[0]}", "", enter),
            Way("", at_home, f"v-{visit}={cookie}", visit, enter),
        )


def as_bare(pair: tuple[Way, Way]) -> tuple[Way, Way]:
    """Return the same pair for the bare relay, which knows rooms and nothing else."""
    specialist, patient = pair
    return replace(specialist, visit=patient.visit, cookie="", enter=""), replace(
        patient, cookie="", enter=""
    )


@asynccontextmanager
async def talking(process: Measured, ways: list[tuple[Way, Way]]) -> AsyncGenerator[Side]:
    """Connect every pair to a server, until the block ends."""
    side = Side(process)
    try:
        for pair in ways:
            one, other = (replace(way, url=f"http://127.0.0.1:{process.port}") for way in pair)
            await side.crowd.add((one, other))
        yield side
    finally:
        await side.crowd.close()


def lines_of(ours: Side, bare: Side) -> list[Line]:
    """Return the lines: signals a second, p99 when full and when quiet, CPU of the server for one signal."""
    peer = "bare python-socketio"
    rates = figure([each.rate for each in ours.full], "/s"), figure([each.rate for each in bare.full], "/s")
    lines = [
        Line(
            bench="relay",
            work=f"{PAIRS} pairs, {SIZE:,} bytes, signals/s at full load",
            ours=rates[0],
            floor=rates[1],
            peer=peer,
            goal=f">= {FAST_ENOUGH} x",
            met=rates[0].median >= FAST_ENOUGH * rates[1].median,
            note=bottleneck(ours, bare),
        )
    ]
    for word, one, other in (
        ("p99 at full load", ours.full, bare.full),
        (f"p99 at {PAIRS * 2 * STEADY:,.0f} signals/s", ours.steady, bare.steady),
    ):
        mine, floor = figure([each.p99 for each in one], "ms"), figure([each.p99 for each in other], "ms")
        met = mine.median <= LATE_AT_MOST * floor.median
        goal = f"<= {LATE_AT_MOST:.0f} x"
        lines.append(Line(bench="relay", work=word, ours=mine, floor=floor, peer=peer, goal=goal, met=met))
    mine = figure([each.cpu for each in ours.full], "µs")
    floor = figure([each.cpu for each in bare.full], "µs")
    goal, met = f"<= {1 / FAST_ENOUGH:.2f} x", mine.median <= floor.median / FAST_ENOUGH
    work = "CPU of the server for one signal"
    lines.append(Line(bench="relay", work=work, ours=mine, floor=floor, peer=peer, goal=goal, met=met))
    return lines


def bottleneck(ours: Side, bare: Side) -> str:
    """Say who had the full core at full load."""
    words = []
    for name, side in (("ours", ours), ("bare", bare)):
        server = figure([each.server for each in side.full], "")
        load = figure([each.load for each in side.full], "")
        busier = "server" if server.median >= load.median else "clients"
        words.append(
            f"{name}: server {plain(server.median)}, clients {plain(load.median)} of a core, so the {busier}"
        )
    return "at full load " + "; ".join(words) + f" set the pace{others()}"
