"""Two hundred in several processes want one time, any room and an interpreter: all or nothing."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.resources import Resource
from telehealth.storage.rows.appointments import appointment_resource, appointments
from tests.integration.services.conftest import Office
from tests.integration.services.test_one_time_for_many import RACERS, everybody, race
from tests.integration.storage import cast
from tests.integration.storage.test_parties_processes import deadlocks

THERE = {ResourceKind.PRACTITIONER: 4, ResourceKind.ROOM: 3, ResourceKind.INTERPRETER: 2}
"""How many there are; of interpreters the fewest."""


async def furnish(office: Office) -> None:
    async with office.storage.writing() as uow:
        for number in range(1, THERE[ResourceKind.PRACTITIONER]):
            person = replace(cast.AMARA, id=f"prac-{number}", email="")
            await uow.directory.add_practitioner(person)
            hours = replace(cast.MONDAYS, id=f"hours-{person.id}", practitioner_id=person.id)
            await uow.directory.add_hours(hours)
        for kind in (ResourceKind.ROOM, ResourceKind.INTERPRETER):
            for number in range(THERE[kind]):
                where = (cast.HOSPITAL.id, cast.WARD.id)
                name = f"{kind}-{number}"
                await uow.resources.add(Resource(name, *where, kind, name, ("es",), after_minutes=5))


@pytest.mark.timeout(180)
async def test_as_many_are_booked_as_there_are_interpreters(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await furnish(office)
    await everybody(office.storage, moving=False)
    before = await deadlocks(office.storage)
    ends = await race(migrated_url, tmp_path / "keys", "parties")
    assert Counter(ends.values()) == {"won": 2, "slot-taken": RACERS - 2}
    claim = appointment_resource.c
    async with office.storage.engines[0].connect() as connection:
        taken = (await connection.execute(select(claim.appointment_id, claim.kind, claim.resource_id))).all()
        kept = (await connection.execute(select(appointments.c.id))).scalars().all()
    assert len(kept) == 2
    assert Counter(row.appointment_id for row in taken) == dict.fromkeys(kept, 4), "all four or none"
    assert len({row.resource_id for row in taken}) == 8, "nobody and nothing is in two visits"
    assert await deadlocks(office.storage) == before
