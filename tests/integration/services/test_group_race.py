"""Two hundred in several processes want a seat in one group session: so many get one as there are seats."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import ResourceKind
from telehealth.services.parties import claims_of
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.unit_of_work import Storage
from tests.integration.services.conftest import Office
from tests.integration.services.racer import PRIZE, SEATS, patient_id
from tests.integration.services.test_one_time_for_many import RACERS, everybody, race
from tests.integration.storage import cast

GROUP = replace(cast.CARDIOLOGY, capacity=SEATS, version=1)


async def seats(storage: Storage) -> dict[str, int]:
    """Who has which seat, by appointment."""
    claim = appointment_resource.c
    statement = select(claim.appointment_id, claim.seat).where(
        claim.active, claim.busy_start == PRIZE, claim.kind == ResourceKind.PRACTITIONER
    )
    async with storage.engines[0].connect() as connection:
        return {row.appointment_id: row.seat for row in await connection.execute(statement)}


async def grouped(office: Office, *, moving: bool = False) -> None:
    await everybody(office.storage, moving=moving)
    async with office.storage.writing() as uow:
        await uow.directory.save_service(GROUP)


@pytest.mark.timeout(180)
async def test_of_all_who_book_and_who_move_so_many_get_a_seat_as_there_are(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    """The first bookers are in no other place than the last: nobody makes the session for the others."""
    await grouped(office, moving=True)
    ends = await race(migrated_url, tmp_path / "keys", "amara")
    assert Counter(ends.values()) == {"won": SEATS, "slot-taken": RACERS - SEATS}
    assert sorted((await seats(office.storage)).values()) == list(range(1, SEATS + 1))


async def test_first_bookers_of_one_session_meet_in_it(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await grouped(office, moving=True)
    ends = await race(migrated_url, tmp_path / "keys", "amara", 4)
    assert set(ends.values()) == {"won"}
    assert sorted((await seats(office.storage)).values()) == [1, 2, 3, 4]


@pytest.mark.timeout(180)
async def test_who_leaves_makes_room_for_one(office: Office, migrated_url: str, tmp_path: Path) -> None:
    await grouped(office)
    async with office.storage.writing() as uow:
        for number in range(SEATS):
            person = await uow.patients.get(patient_id(number))
            booked = cast.appointment(str(number), PRIZE, person)
            await uow.appointments.book(booked, claims_of(booked, GROUP))
            await uow.visits.add(cast.visit(booked, str(number)))
    before = await seats(office.storage)
    ends = await race(migrated_url, tmp_path / "keys", "leaving")
    assert {ends[number] for number in range(SEATS)} == {"won"}
    came = [number for number in range(SEATS, RACERS) if ends[number] == "won"]
    assert Counter(ends.values()) == {"won": SEATS + len(came), "slot-taken": RACERS - SEATS - len(came)}
    after = await seats(office.storage)
    assert len(after) == len(came) <= SEATS
    assert not after.keys() & before.keys()
    assert set(after.values()) <= set(range(1, SEATS + 1))
    assert len(set(after.values())) == len(after)
