"""Two hundred in several processes want one time, half of them by moving: one gets it, all are told."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.services.conftest import Office
from tests.integration.services.racer import PRIZE, own_time, patient_id
from tests.integration.storage import cast

ROOT = Path(__file__).parents[3]
RACERS, PROCESSES = 200, 4
EACH = RACERS // PROCESSES


async def everybody(storage: Storage) -> None:
    """Two hundred patients; the odd ones have a visit with Dr Amara at a time of their own."""
    async with storage.writing() as uow:
        for number in range(RACERS):
            changes = {"id": patient_id(number), "organization_id": cast.HOSPITAL.id, "identifiers": ()}
            person = replace(cast.BO, **changes, phone="", email=f"p{number}@mail.example")
            await uow.patients.add(person)
            if number % 2:
                booked = cast.appointment(str(number), own_time(number), person)
                await uow.appointments.book(booked, cast.claims(booked))
                await uow.visits.add(cast.visit(booked, str(number)))


async def race(url: str, keys: Path) -> dict[int, str]:
    """Let all processes start at one moment; what became of each racer."""
    command = (sys.executable, "-m", "tests.integration.services.racer", url, str(keys))
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    racing = [
        await asyncio.create_subprocess_exec(*command, str(first), str(EACH), cwd=ROOT, **pipes)
        for first in range(0, RACERS, EACH)
    ]
    for each in racing:
        assert each.stdout is not None
        assert await each.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(each.communicate(b"go\n") for each in racing))
    assert [each.returncode for each in racing] == [0] * PROCESSES
    lines = [line.split() for told, _ in said for line in told.decode().splitlines()]
    return {int(number): word for number, word in lines}


@pytest.mark.timeout(180)
async def test_one_of_all_who_book_and_who_move_gets_the_time(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await everybody(office.storage)
    ends = await race(migrated_url, tmp_path / "keys")
    assert sorted(ends.values()) == ["slot-taken"] * (RACERS - 1) + ["won"]
    (winner,) = [number for number, word in ends.items() if word == "won"]
    async with office.storage.engines[0].connect() as connection:
        claim = appointment_resource.c
        taken = select(claim.resource_id).where(claim.active, claim.busy_start == PRIZE)
        assert sorted(await connection.scalars(taken)) == sorted([cast.AMARA.id, patient_id(winner)])
        rows = (await connection.execute(select(appointments))).all()
    moved = {row.id: (row.uid, row.start, row.sequence, row.version) for row in rows}
    for number in range(1, RACERS, 2):
        start, step = (PRIZE, 1) if number == winner else (own_time(number), 0)
        assert moved[f"appointment-{number}"] == (f"{number}@telehealth", start, step, step)
