"""The note: twenty authors save and sign 4 kB each at once, beside plain rows of the same size and durability.

A plain autosave is one UPDATE of a 4 kB row; a plain signature is the UPDATE and the INSERT of what signing files
(Composition, Encounter, Provenance), in one transaction, in clear, with nothing read or checked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import uvloop

from telehealth.app import Assembled
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.note import NoteContent, Outcome
from telehealth.services.booking import BookingRequest
from tests.bench.cluster import BOOKER, MINUTES, SERVICE, Member, cluster, hire, midnight, register
from tests.bench.databases import Bare, Statement, bare, databases
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


Writer = TypeVar("Writer")


@dataclass(slots=True)
class Times:
    """Milliseconds of one write, run by run: ours and the plain one, saving and signing."""

    save: list[float] = field(default_factory=list)
    plain_save: list[float] = field(default_factory=list)
    sign: list[float] = field(default_factory=list)
    plain_sign: list[float] = field(default_factory=list)


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
    async with cluster(url, data) as assembled, bare(url) as floor:
        authors = await hire(assembled.opened.work, AUTHORS)
        await register(assembled.opened.work, AUTHORS)
        blob = "BYTEA" if hasattr(floor, "pool") else "BLOB"
        await floor.write([(PLAIN.format(blob=blob), ())])
        for number in range(RUNS + 1):
            desks = [
                Desk(assembled, who, await visit_of(assembled, who, at, number))
                for at, who in enumerate(authors)
            ]
            sheets = [Sheet(floor, f"{number}-{at}") for at in range(AUTHORS)]
            for sheet in sheets:
                await floor.write([(INSERT, (sheet.name, 0, TEXT.encode()))])
            save, plain_save = (
                await together(desks, Desk.save, SAVES),
                await together(sheets, Sheet.save, SAVES),
            )
            sign, plain_sign = await together(desks, Desk.sign), await together(sheets, Sheet.sign)
            if number:
                times.save.append(save)
                times.plain_save.append(plain_save)
                times.sign.append(sign)
                times.plain_sign.append(plain_sign)
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


async def together(
    writers: Sequence[Writer], write: Callable[[Writer], Awaitable[None]], times: int = 1
) -> float:
    """Let everybody write so many times at once; return the milliseconds that one write took of the whole."""
    began = perf_counter()

    async def one(writer: Writer) -> None:
        for _ in range(times):
            await write(writer)

    await asyncio.gather(*(one(writer) for writer in writers))
    return (perf_counter() - began) / (len(writers) * times) * 1000


def lines_of(name: str, times: Times) -> list[Line]:
    """Return the two lines of one database."""
    return [
        Line(
            bench="note",
            work=f"{name}: {word} {BYTES:,} bytes, {AUTHORS} authors at once, a write",
            ours=(mine := figure(ours, "ms")),
            floor=(plain := figure(floor, "ms")),
            peer="plain rows",
            goal=f"<= {AT_MOST} x",
            met=mine.median <= AT_MOST * plain.median,
            note=f"an autosave checks, seals and audits in 4 statements, a signature in 12{others()}",
        )
        for word, ours, floor in (
            ("autosave", times.save, times.plain_save),
            ("sign and file", times.sign, times.plain_sign),
        )
    ]
