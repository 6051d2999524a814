"""In several processes: series and single visits, each with another specialist, want one room."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.resources import Resource
from telehealth.domain.scheduling import A_WEEK
from telehealth.storage.rows.appointments import appointment_resource
from tests.integration.services.conftest import Office
from tests.integration.services.racer import PRIZE, WEEKS
from tests.integration.services.test_one_time_for_many import everybody, race
from tests.integration.storage import cast
from tests.integration.storage.test_parties_processes import deadlocks

RACERS = 40


async def furnish(office: Office) -> None:
    """One room, and a specialist for each of those who want it."""
    async with office.storage.writing() as uow:
        where = (cast.HOSPITAL.id, cast.WARD.id)
        await uow.resources.add(Resource("room", *where, ResourceKind.ROOM, "Room 1", (), after_minutes=5))
        for number in range(RACERS):
            person = replace(cast.AMARA, id=f"prac-{number:03}", email="")
            await uow.directory.add_practitioner(person)
            hours = replace(cast.MONDAYS, id=f"hours-{person.id}", practitioner_id=person.id)
            await uow.directory.add_hours(hours)


@pytest.mark.timeout(180)
async def test_the_room_is_a_seriess_in_all_weeks_or_single_visits_and_losers_have_nothing(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await furnish(office)
    await everybody(office.storage, moving=False)
    before = await deadlocks(office.storage)
    ends = await race(migrated_url, tmp_path / "keys", "rooms", RACERS)
    assert set(ends.values()) == {"won", "slot-taken"}
    winners = [number for number, word in ends.items() if word == "won"]
    weeks = [PRIZE + A_WEEK * week for week in range(WEEKS)]
    claim = appointment_resource.c
    async with office.storage.engines[0].connect() as connection:
        columns = (claim.kind, claim.resource_id, claim.busy_start)
        taken = [tuple(row) for row in (await connection.execute(select(*columns).where(claim.active))).all()]
    assert sorted(start for kind, _, start in taken if kind == ResourceKind.ROOM) == weeks
    whose = {resource for kind, resource, _ in taken if kind == ResourceKind.PRACTITIONER}
    assert whose == {f"prac-{number:03}" for number in winners}
    assert len(taken) == 3 * WEEKS
    assert len(winners) == (1 if any(number % 2 for number in winners) else WEEKS)
    assert await deadlocks(office.storage) == before
