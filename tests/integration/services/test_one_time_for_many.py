"""Two hundred in several processes want one time: as many get it as there are specialists, all are told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.scheduling import Interval
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.racing import raced
from tests.integration.services.conftest import Office
from tests.integration.services.racer import PRIZE, own_time, patient_id
from tests.integration.storage import cast

RACERS = 200


async def everybody(storage: Storage, *, moving: bool) -> None:
    """Two hundred patients; if they are to move, the odd ones have a visit with Dr Amara."""
    async with storage.writing() as uow:
        for number in range(RACERS):
            changes = {"id": patient_id(number), "organization_id": cast.HOSPITAL.id, "identifiers": ()}
            person = replace(cast.BO, **changes, phone="", email=f"p{number}@mail.example")
            await uow.patients.add(person)
            if moving and number % 2:
                booked = cast.appointment(str(number), own_time(number), person)
                await uow.appointments.book(booked, cast.claims(booked))
                await uow.visits.add(cast.visit(booked, str(number)))


async def race(url: str, keys: Path, whom: str, racers: int = RACERS) -> dict[int, str]:
    """Let all processes start at one moment; what became of each racer."""
    return await raced("tests.integration.services.racer", racers, url, str(keys), whom)


@pytest.mark.timeout(180)
async def test_one_of_all_who_book_and_who_move_gets_the_time(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await everybody(office.storage, moving=True)
    ends = await race(migrated_url, tmp_path / "keys", "amara")
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


@pytest.mark.timeout(180)
async def test_as_many_get_a_time_with_anybody_as_there_are_specialists(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    whom = [cast.AMARA, *(replace(cast.AMARA, id=f"prac-{each}", email="") for each in ("cyd", "lev"))]
    async with office.storage.writing() as uow:
        for each in whom[1:]:
            await uow.directory.add_practitioner(each)
            await uow.directory.add_hours(
                replace(cast.MONDAYS, id=f"hours-{each.id}", practitioner_id=each.id)
            )
    await everybody(office.storage, moving=False)
    ends = await race(migrated_url, tmp_path / "keys", "anybody")
    assert sorted(ends.values()) == ["slot-taken"] * (RACERS - 3) + ["won"] * 3
    async with office.storage.reading() as uow:
        day = Interval(PRIZE, PRIZE + timedelta(days=1))
        busy = await uow.appointments.busy(ResourceKind.PRACTITIONER, [each.id for each in whom], day)
    assert [[each.start for each in spans] for spans in busy.values()] == [[PRIZE]] * 3
