"""Booking: 200 people race for one time, then 2,000 bookings over 200 specialists, beside bare INSERTs.

The bare INSERTs go to the same tables with the same constraints: the appointment and its two claims in one
transaction. They are written through the same engine as ours (that is the floor) and, to show what the engine
itself costs, by the database's driver alone. Ours also checks hours, makes the visit and its link, seals the
invitation and enters all that in the audit log.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

import uvloop

from telehealth.app import Assembled
from telehealth.domain.access import Actor
from telehealth.domain.errors import SlotTaken
from telehealth.domain.people import Role
from telehealth.services.booking import BookingRequest
from tests.bench.cluster import HOSPITAL, MINUTES, SERVICE, SITE, cluster, hire, midnight, register
from tests.bench.databases import Bare, Engine, Statement, databases, raw
from tests.bench.table import RUNS, Line, figure, others

RACERS, SPECIALISTS, AT_ONCE = 200, 200, 20
BOOKINGS = 400
"""In each run: 2,000 in the five that count."""
ENOUGH = 0.5
APPOINTMENT = (
    "INSERT INTO appointment (id, uid, organization_id, patient_organization_id, patient_id, practitioner_id,"
    ' service_id, location_id, status, start, "end", zone, local_start, tzdata, sequence, version, test)'
    f" VALUES ({', '.join('?' * 17)})"
)
CLAIM = (
    "INSERT INTO appointment_resource (appointment_id, kind, resource_id, busy_start, busy_end, active)"
    f" VALUES ({', '.join('?' * 6)})"
)


@dataclass(slots=True)
class Calendar:
    """Times of all specialists, each given once; patients in turn, so that nobody is in two places."""

    first: datetime
    prefix: str
    numbers: Iterator[int] = field(default_factory=count)

    def next(self) -> tuple[str, str, datetime]:
        """Return the next free place: specialist, patient, start."""
        number = next(self.numbers)
        at = number % SPECIALISTS
        start = self.first + timedelta(minutes=MINUTES * (number // SPECIALISTS))
        return f"{self.prefix}{at:03}", f"patient-{at:04}", start


@dataclass(slots=True)
class Rates:
    """Winners of each race, and bookings a second: ours, through the engine, through the driver."""

    winners: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    engine: list[float] = field(default_factory=list)
    driver: list[float] = field(default_factory=list)


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with databases() as found:
        rates = {name: await measure(url, data) for name, (url, data) in found.items()}
    return [line for name, each in rates.items() for line in lines_of(name, each)]


async def measure(url: str, data: Path) -> Rates:
    """Race and book on one database, in turn with the bare INSERTs."""
    rates = Rates()
    async with cluster(url, data) as assembled, raw(url) as driver:
        work = assembled.opened.work
        for name in ("s", "e", "d"):
            await hire(work, SPECIALISTS, name=name)
        clerk = (await hire(work, 1, Role.COORDINATOR, name="c"))[0].actor
        await register(work, RACERS)
        first = midnight(work.clock.now()) + timedelta(days=2)
        engine = Engine(assembled.opened.storage.engines[0])
        calendars = [
            Calendar(first + timedelta(days=20 * at), name) for at, name in enumerate(("s", "e", "d"))
        ]
        ways: list[Callable[[], Awaitable[object]]] = [
            partial(book, assembled, clerk, calendars[0]),
            partial(insert, engine, calendars[1], in_words=url.startswith("sqlite")),
            partial(insert, driver, calendars[2], in_words=url.startswith("sqlite")),
        ]
        for number in range(RUNS + 1):
            won = await race(assembled, clerk, first + timedelta(days=80, minutes=MINUTES * number))
            found = [await rate_of(way) for way in ways]
            if number:
                rates.winners.append(won)
                for kept, rate in zip((rates.ours, rates.engine, rates.driver), found, strict=True):
                    kept.append(rate)
    return rates


async def race(assembled: Assembled, clerk: Actor, start: datetime) -> int:
    """Let 200 patients want the same time of the same specialist at once; return how many got it."""

    async def want(number: int) -> bool:
        request = BookingRequest(f"patient-{number:04}", SERVICE, "s000", start)
        try:
            await assembled.services.booking.book(clerk, request)
        except SlotTaken:
            return False
        return True

    return sum(await asyncio.gather(*(want(number) for number in range(RACERS))))


async def rate_of(once: Callable[[], Awaitable[object]]) -> float:
    """Do something so many times, twenty at once; return how often a second."""
    left = iter(range(BOOKINGS))
    began = perf_counter()

    async def worker() -> None:
        for _ in left:
            await once()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return BOOKINGS / (perf_counter() - began)


async def book(assembled: Assembled, clerk: Actor, calendar: Calendar) -> None:
    """Book the next time with all that belongs to it."""
    specialist, patient, start = calendar.next()
    await assembled.services.booking.book(clerk, BookingRequest(patient, SERVICE, specialist, start))


async def insert(floor: Bare, calendar: Calendar, *, in_words: bool) -> None:
    """Insert the next appointment and its claims, and nothing else."""
    await floor.write(rows(*calendar.next(), in_words=in_words))


def rows(specialist: str, patient: str, start: datetime, *, in_words: bool) -> list[Statement]:
    """Return the rows of one booking; SQLite's instants are text."""
    end = start + timedelta(minutes=MINUTES)
    name = f"{specialist}-{start.isoformat()}"
    begins, ends = (each.strftime("%Y-%m-%d %H:%M:%S.%f") if in_words else each for each in (start, end))
    who = HOSPITAL, HOSPITAL, patient, specialist, SERVICE, SITE
    at = begins, ends, "UTC", start.isoformat()[:16], "2026.1"
    return [
        (APPOINTMENT, (name, f"{name}@telehealth", *who, "booked", *at, 0, 0, False)),
        (CLAIM, (name, "patient", patient, begins, ends, True)),
        (CLAIM, (name, "practitioner", specialist, begins, ends, True)),
    ]


def lines_of(name: str, rates: Rates) -> list[Line]:
    """Return the lines of one database."""
    ours = figure(rates.ours, "/s")
    engine, driver = figure(rates.engine, "/s"), figure(rates.driver, "/s")
    work = f"{name}: bookings/s, {SPECIALISTS} specialists, {AT_ONCE} at once"
    return [
        Line(
            bench="booking",
            work=f"{name}: winners among {RACERS} for one time",
            ours=figure(rates.winners, ""),
            goal="1",
            met=set(rates.winners) == {1},
        ),
        Line(
            bench="booking",
            work=work,
            ours=ours,
            floor=engine,
            peer="bare INSERTs, same engine",
            goal=f">= {ENOUGH} x",
            met=ours.median >= ENOUGH * engine.median,
            note=f"bare: 3 rows, 3 statements, 1 commit; ours: 7 rows, 11 statements, 1 commit{others()}",
        ),
        Line(
            bench="booking",
            work=work,
            ours=ours,
            floor=driver,
            peer="bare INSERTs, driver alone",
            goal="-",
            met=None,
        ),
    ]
