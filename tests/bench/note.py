"""The note: twenty authors save and sign 4 kB each at once, beside plain rows of the same size, as durable.

A plain autosave is one UPDATE of a 4 kB row; a plain signature is the UPDATE and three INSERTs of the sizes
that signing files (Composition, Encounter, Provenance), in one transaction, in clear, reading nothing.
They are written through the same engine as ours (the floor) and, for comparison, by the driver alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Protocol

import uvloop

from telehealth.app import Assembled
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.note import NoteContent, Outcome
from telehealth.services.booking import BookingRequest
from tests.bench.cluster import BOOKER, MINUTES, SERVICE, Member, cluster, hire, midnight, register
from tests.bench.databases import Bare, Engine, Statement, databases, raw
from tests.bench.table import RUNS, Line, figure, others

AUTHORS, SAVES, BYTES = 20, 25, 4000
AT_MOST = 1.5
CALLBACK = "+493005550201"
TEXT = ("Palpitations for three weeks, worse at night. " * 30)[: BYTES // 4]
CONTENT = NoteContent(TEXT, TEXT, TEXT, TEXT, Outcome.FOLLOW_UP_VIDEO, "2 weeks")
PLAIN = "CREATE TABLE plain (id VARCHAR PRIMARY KEY, version INTEGER NOT NULL, body {blob} NOT NULL)"
UPDATE, INSERT = "UPDATE plain SET version = ?, body = ? WHERE id = ?", "INSERT INTO plain VALUES (?, ?, ?)"
FILED = (1.5, 0.35, 0.35)
"""Sizes of Composition, Encounter and Provenance as shares of the note's."""


class Writer(Protocol):
    """Somebody who saves and signs."""

    async def save(self) -> None:
        """Save 4 kB."""
        ...

    async def sign(self) -> None:
        """Sign it."""
        ...


@dataclass(slots=True)
class Times:
    """Milliseconds of one write, run by run: ours, plain through the engine, plain by the driver."""

    save: tuple[list[float], list[float], list[float]] = field(default_factory=lambda: ([], [], []))
    sign: tuple[list[float], list[float], list[float]] = field(default_factory=lambda: ([], [], []))


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with databases() as found:
        times = {name: await measure(url, data) for name, (url, data) in found.items()}
    return [line for name, each in times.items() for line in lines_of(name, each)]


async def measure(url: str, data: Path) -> Times:
    """Save and sign on one database, in turn with the plain rows; every run has visits of its own."""
    times = Times()
    async with cluster(url, data) as assembled, raw(url) as driver:
        authors = await hire(assembled.opened.work, AUTHORS)
        await register(assembled.opened.work, AUTHORS)
        engine = Engine(assembled.opened.storage.engines[0])
        await driver.write([(PLAIN.format(blob="BLOB" if url.startswith("sqlite") else "BYTEA"), ())])
        for number in range(RUNS + 1):
            visits = [await visit_of(assembled, who, at, number) for at, who in enumerate(authors)]
            desks = [Desk(assembled, who, visit) for who, visit in zip(authors, visits, strict=True)]
            crowds: list[list[Writer]] = [[*desks]]
            for name, floor in (("engine", engine), ("driver", driver)):
                sheets = [Sheet(floor, f"{name}-{number}-{at}") for at in range(AUTHORS)]
                await asyncio.gather(*(sheet.begin() for sheet in sheets))
                crowds.append([*sheets])
            for at, crowd in enumerate(crowds):
                save, sign = await together(crowd, SAVES), await together(crowd, sign=True)
                if number:
                    times.save[at].append(save)
                    times.sign[at].append(sign)
    return times


async def visit_of(assembled: Assembled, who: Member, at: int, number: int) -> str:
    """Bring one visit to where its note may be written and signed."""
    services, now = assembled.services, assembled.opened.work.clock.now()
    start = midnight(now) + timedelta(minutes=MINUTES * number)
    booked = await services.booking.book(
        BOOKER, BookingRequest(f"patient-{at:04}", SERVICE, who.actor.id, start)
    )
    async with assembled.opened.work.units.writing() as uow:
        visit = await uow.visits.get(booked.visit_id)
        assert visit is not None
        running = replace(visit, status=VisitStatus.IN_PROGRESS, admitted_at=now, version=visit.version + 1)
        await uow.visits.save(running)
    await services.consulting.confirm(who.actor, booked.visit_id, ("name", "birth-date"), "At home", CALLBACK)
    return booked.visit_id


@dataclass(slots=True)
class Desk:
    """An author with a visit, through the note desk."""

    assembled: Assembled
    who: Member
    visit_id: str
    version: int = 0

    async def save(self) -> None:
        """Save the draft as the page does, two seconds after the last key."""
        note = await self.assembled.services.notes.save(self.who.actor, self.visit_id, CONTENT, self.version)
        self.version = note.version

    async def sign(self) -> None:
        """Sign and file."""
        await self.assembled.services.notes.sign(self.who.actor, self.visit_id, self.version)


@dataclass(slots=True)
class Sheet:
    """A plain row of the same size."""

    floor: Bare
    name: str
    version: int = 0

    async def begin(self) -> None:
        """Make the row."""
        await self.floor.write([(INSERT, (self.name, 0, TEXT.encode()))])

    async def save(self) -> None:
        """Write the row."""
        await self.floor.write([self._update()])

    async def sign(self) -> None:
        """Write the row and what is filed."""
        filed = [
            (INSERT, (f"{self.name}-{at}", 1, (TEXT * 8).encode()[: int(BYTES * share)]))
            for at, share in enumerate(FILED)
        ]
        await self.floor.write([self._update(), *filed])

    def _update(self) -> Statement:
        self.version += 1
        return UPDATE, (self.version, (TEXT * 4).encode(), self.name)


async def together(writers: Sequence[Writer], times: int = 1, *, sign: bool = False) -> float:
    """Let everybody save (or sign) so many times at once; return the milliseconds that one write took."""
    began = perf_counter()

    async def one(writer: Writer) -> None:
        for _ in range(times):
            await (writer.sign() if sign else writer.save())

    await asyncio.gather(*(one(writer) for writer in writers))
    return (perf_counter() - began) / (len(writers) * times) * 1000


def lines_of(name: str, times: Times) -> list[Line]:
    """Return the lines of one database."""
    lines = []
    for word, (ours, engine, driver) in (("autosave", times.save), ("sign and file", times.sign)):
        work, mine = f"{name}: {word} {BYTES:,} bytes, {AUTHORS} at once, a write", figure(ours, "ms")
        floor, raw_floor = figure(engine, "ms"), figure(driver, "ms")
        met = mine.median <= AT_MOST * floor.median
        peer, goal = "plain rows, same engine", f"<= {AT_MOST} x"
        note = f"an autosave checks, seals and audits in 4 statements, a signature in 10{others()}"
        lines += [
            Line(bench="note", work=work, ours=mine, floor=floor, peer=peer, goal=goal, met=met, note=note),
            Line(
                bench="note", work=work, ours=mine, floor=raw_floor, peer="driver alone", goal="-", met=None
            ),
        ]
    return lines
