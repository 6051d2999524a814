"""The record beside the call: a thousand sealed resources of a patient's opened, sorted and told apart.

Ours enters the reading, opens every resource and reads what people see of it. The floor does the same with
the same texts in clear, out of a table of the same database through the same engine, and enters nothing.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop
from sqlalchemy import text

from telehealth.app import Assembled
from telehealth.domain.record import ResourceVersion
from telehealth.domain.recorded import grouped
from telehealth.fhir.recorded import KINDS, recorded
from telehealth.services.booking import BookingRequest
from tests.arrivals import ALL, changed
from tests.bench.cluster import BOOKER, SERVICE, Member, cluster, hire, midnight, register
from tests.bench.databases import databases
from tests.bench.table import RUNS, Line, exactly, figure, others

RESOURCES, TIMES = 1_000, 5
AT_MOST, WITHIN = 1.3, 100.0
TABLE = "CREATE TABLE plain_record (id VARCHAR PRIMARY KEY, type VARCHAR NOT NULL, body TEXT NOT NULL)"
INSERT = text("INSERT INTO plain_record VALUES (:id, :type, :body)")
SELECT = text("SELECT body FROM plain_record WHERE type = :type ORDER BY id")


@dataclass(slots=True)
class Times:
    """Milliseconds of one opening, run by run."""

    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with databases() as found:
        times = {name: await measure(url, data) for name, (url, data) in found.items()}
    return [line for name, each in times.items() for line in lines_of(name, each)]


async def measure(url: str, data: Path) -> Times:
    """Open the record on one database, in turn with the plain rows."""
    times = Times()
    async with cluster(url, data) as assembled:
        (who, *_), (patient, *_) = (
            await hire(assembled.opened.work, 1),
            await register(assembled.opened.work, 1),
        )
        start = midnight(assembled.opened.work.clock.now()) + timedelta(hours=1)
        request = BookingRequest(patient.id, SERVICE, who.actor.id, start)
        booked = await assembled.services.booking.book(BOOKER, request)
        await fill(assembled, who, patient.id)
        record = assembled.services.consulting.record
        for number in range(RUNS + 1):
            ours = await often(lambda: record.opened(who.actor, booked.visit_id))
            plain = await often(lambda: opened_in_clear(assembled))
            if number:
                times.ours.append(ours)
                times.plain.append(plain)
    return times


def texts(patient_id: str) -> list[tuple[str, str]]:
    """Return type and text of so many resources of all kinds that are in view."""
    known = [each for each in ALL if each["resourceType"] in KINDS]
    about: list[tuple[str, dict[str, Any]]] = []
    for number, each in enumerate(islice(cycle(known), RESOURCES)):
        whose = "patient" if "patient" in each else "subject"
        named = {whose: {"reference": f"Patient/{patient_id}"}, "id": f"r{number:05}"}
        about.append((each["resourceType"], changed(each, **named)))
    return [(type_, json.dumps(each)) for type_, each in about]


async def fill(assembled: Assembled, who: Member, patient_id: str) -> None:
    """Write the same texts sealed into the record, and in clear beside it."""
    storage, house = assembled.opened.storage, who.actor.organization_id
    now, several = assembled.opened.work.clock.now(), texts(patient_id)
    first = ResourceVersion("", "", 1, patient_id, house, now, "")
    async with storage.writing() as uow:
        for number, (type_, body) in enumerate(several):
            await uow.record.put(replace(first, type=type_, id=f"r{number:05}", text=body))
    async with storage.engines[0].begin() as connection:
        await connection.execute(text(TABLE))
        rows = [{"id": f"r{n:05}", "type": type_, "body": body} for n, (type_, body) in enumerate(several)]
        await connection.execute(INSERT, rows)


async def opened_in_clear(assembled: Assembled) -> object:
    """Do the same with texts that need no opening."""
    found = []
    async with assembled.opened.storage.engines[1].connect() as connection:
        for type_ in KINDS:
            rows = (await connection.execute(SELECT, {"type": type_})).all()
            found += [recorded(row.body, "Hill Hospital") for row in rows]
    return grouped([each for each in reversed(found) if each is not None])


async def often(work: Callable[[], Awaitable[object]]) -> float:
    """Do something a few times; return the milliseconds of one."""
    began = perf_counter()
    for _ in range(TIMES):
        await work()
    return (perf_counter() - began) * 1000 / TIMES


def lines_of(name: str, times: Times) -> list[Line]:
    """Return the lines of one database."""
    ours, plain = figure(times.ours, "ms"), figure(times.plain, "ms")
    work = f"{name}: a record of {RESOURCES} resources in view of a visit"
    note = f"sealed, audited{others()}"
    line = Line(
        bench="record",
        work=work,
        ours=ours,
        floor=plain,
        peer="the same texts in clear, not audited",
        goal=f"<= {AT_MOST} x",
        met=ours.median <= AT_MOST * plain.median,
        note=note,
    )
    limit, goal = exactly(WITHIN, "ms"), f"<= {WITHIN:.0f} ms"
    met = ours.median <= WITHIN
    return [line, replace(line, floor=limit, peer="the goal itself", goal=goal, met=met)]
