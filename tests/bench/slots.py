"""Free times of 200 specialists over four weeks, with breaks, absences, extra hours, pauses and bookings.

Asked is what a page shows: the earliest 100 of all, within four weeks. Two hospitals are measured: in the one
two of five times are taken, in the other everything is taken for three weeks, so that the search goes far.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from telehealth.app import Assembled
from telehealth.domain.access import Actor
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.people import Role
from telehealth.domain.scheduling import Break, WeeklyHours
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import SlotQuery
from telehealth.serving import settle
from tests.bench.booking import APPOINTMENT, CLAIM, MINUTES
from tests.bench.cluster import HOSPITAL, SERVICE, SITE, cluster, hire, midnight, register
from tests.bench.databases import databases, numbered
from tests.bench.table import RUNS, Line, figure, others, percentile

SPECIALISTS, WEEKS, ASKED, WANTED, GOAL = 200, 4, 20, 100, 100.0
OPENS, CLOSES, PAUSE = time(8), time(17), Break(time(12), time(12, 45))
STEP = timedelta(minutes=MINUTES + 5)
USUAL, FULL, LATER = "2 of 5 times taken", "all taken for 3 weeks", "1 of 10 times taken from the 5th week on"
TAKEN = {USUAL: (5, 2, 0, 4), FULL: (1, 1, 0, 3), LATER: (10, 1, 4, 53)}
"""Of so many times so many are taken, from one week to another."""


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    lines = []
    for taken in (USUAL, FULL):
        with databases() as found:
            for name, (url, data) in found.items():
                lines.append(line_of(name, taken, await measure(url, data, taken)))
    return lines


async def measure(url: str, data: Path, taken: str) -> list[float]:
    """Return the 95th percentile of each run, in milliseconds."""
    async with hospital(url, data, taken) as (assembled, clerk, first):
        asked = ASKED if taken == USUAL else ASKED // 5
        settle()
        found = [await run_of(assembled, clerk, first, asked) for _ in range(RUNS + 1)]
    return found[1:]


async def run_of(assembled: Assembled, clerk: Actor, first: datetime, asked: int) -> float:
    """Ask so many times, each from another hour of the first morning on; return the 95th percentile."""
    spent = []
    for number in range(asked):
        start = first + timedelta(minutes=17 * number)
        query = SlotQuery(SERVICE, start, start + timedelta(weeks=WEEKS), count=WANTED)
        began = perf_counter()
        found = await assembled.services.booking.find(clerk, query)
        spent.append((perf_counter() - began) * 1000)
        assert len(found) == WANTED
        await asyncio.sleep(0)
    return percentile(spent, 0.95)


@asynccontextmanager
async def hospital(url: str, data: Path, taken: str) -> AsyncGenerator[tuple[Assembled, Actor, datetime]]:
    """Open a hospital whose specialists have hours, exceptions and visits from the coming Monday on."""
    async with cluster(url, data) as assembled:
        work = assembled.opened.work
        clerk = (await hire(work, 1, Role.COORDINATOR, name="c"))[0].actor
        staff = [each.actor.id for each in await hire(work, SPECIALISTS)]
        await register(work, 1)
        today = midnight(work.clock.now())
        first = today + timedelta(days=7 - today.weekday())
        async with work.units.writing() as uow:
            service = await uow.directory.service(SERVICE)
            assert service is not None
            await uow.directory.save_service(replace(service, buffer_minutes=5, version=1))
            for number, who in enumerate(staff):
                await set_hours(uow, who, first, number)
        await fill(assembled.opened.storage.engines[0], staff, first, taken)
        yield assembled, clerk, first


async def set_hours(uow: UnitOfWork, who: str, first: datetime, number: int) -> None:
    """Give somebody office hours with a break, one day away and one evening more."""
    for day in range(1, 8):
        await uow.directory.remove_hours(f"{who}-{day}")
    begins = first.date() - timedelta(days=60)
    for day in range(1, 6):
        rule = WeeklyHours(f"{who}-w{day}", who, SITE, SERVICE, day, OPENS, CLOSES, begins, None, (PAUSE,))
        await uow.directory.add_hours(rule)
    away, more = (first.date() + timedelta(days=each) for each in (number % 26, 22 + number % 5))
    facts = HOSPITAL, who, SITE
    await uow.schedules.add_exception(
        HoursException(f"{who}-away", *facts, "", ExceptionKind.AWAY, away, time(0), away, time(0))
    )
    await uow.schedules.add_exception(
        HoursException(f"{who}-more", *facts, SERVICE, ExceptionKind.EXTRA, more, time(18), more, time(20))
    )


def visits(who: str, first: datetime, taken: str) -> Iterator[datetime]:
    """Yield the starts of somebody's visits: on the grid of the mornings and of the afternoons."""
    of, so_many, from_week, to_week = TAKEN[taken]
    number = int(who[1:])
    for day in range(from_week * 7, to_week * 7):
        midnight_ = first + timedelta(days=day)
        if midnight_.weekday() > 4:
            continue
        for begins, ends in ((OPENS, PAUSE.start), (PAUSE.end, CLOSES)):
            start = datetime.combine(midnight_, begins, tzinfo=UTC)
            while start + timedelta(minutes=MINUTES) <= datetime.combine(midnight_, ends, tzinfo=UTC):
                number += 1
                if number * 7 % of < so_many:
                    yield start
                start += STEP


async def fill(engine: AsyncEngine, staff: list[str], first: datetime, taken: str) -> None:
    """Write everybody's visits: the appointment, and what it takes of the specialist's time."""
    in_words = engine.dialect.name == "sqlite"
    appointments, claims = [], []
    for who in staff:
        for start in visits(who, first, taken):
            end, free = start + timedelta(minutes=MINUTES), start + STEP
            times = [
                each.strftime("%Y-%m-%d %H:%M:%S.%f") if in_words else each for each in (start, end, free)
            ]
            name, ids = f"{who}-{start.isoformat()}", (HOSPITAL, HOSPITAL, "patient-0000", who, SERVICE, SITE)
            at = (*times[:2], "UTC", start.isoformat()[:16], "2026.1")
            appointments.append((name, f"{name}@telehealth", *ids, "booked", *at, 0, 0, False))
            claims.append((name, "practitioner", who, times[0], times[2], True))
    async with engine.begin() as connection:
        for statement, rows in ((APPOINTMENT, appointments), (CLAIM, claims)):
            await connection.exec_driver_sql(statement if in_words else numbered(statement), rows)
        if not in_words:  # as autovacuum does a minute later: without it every plan is a guess
            await connection.exec_driver_sql("ANALYZE appointment, appointment_resource")


def line_of(name: str, taken: str, runs: list[float]) -> Line:
    """Return one line of the table."""
    ours = figure(runs, "ms")
    return Line(
        bench="slots",
        work=f"{name}: p95 of the earliest {WANTED} of {SPECIALISTS} specialists x {WEEKS} weeks, {taken}",
        ours=ours,
        goal=f"<= {GOAL:.0f} ms" if taken == USUAL else "-",
        met=ours.median <= GOAL if taken == USUAL else None,
        note=f"{ASKED} searches in each run, one at a time; {FULL} means to read 27,000 visits{others()}",
    )
