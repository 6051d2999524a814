"""Forty specialists in several processes take the next at once: nobody is called twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.walk_in import LEVELS, WalkIn, WalkInStatus
from telehealth.storage.rows.visits import visits
from telehealth.storage.unit_of_work import Storage
from tests.integration.services.conftest import Office
from tests.integration.services.racer import patient_id
from tests.integration.services.test_one_time_for_many import race
from tests.integration.storage import cast

WAITS = WalkInStatus.WAITING
SPECIALISTS = 40


async def queue(storage: Storage, waiting: int) -> None:
    """Specialists for whom so many people wait at the rural clinic."""
    async with storage.writing() as uow:
        for number in range(SPECIALISTS):
            whose = f"prac-{number:03}"
            await uow.directory.add_practitioner(replace(cast.AMARA, id=whose, email=""))
            await uow.directory.add_hours(replace(cast.MONDAYS, id=f"hours-{whose}", practitioner_id=whose))
        for number in range(waiting):
            person = replace(cast.BO, id=patient_id(number), identifiers=(), phone="", email="")
            await uow.patients.add(person)
            came = cast.NOW - timedelta(minutes=number)
            triage = LEVELS[number % len(LEVELS)]
            whom = (cast.RURAL.id, cast.CARDIOLOGY.id, person.id)
            await uow.walk_ins.add(WalkIn(f"walk-in-{number}", *whom, triage, came, WAITS, came))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("waiting", [1, 20])
async def test_as_many_are_called_as_wait_and_all_others_are_told(
    office: Office, migrated_url: str, tmp_path: Path, waiting: int
) -> None:
    await queue(office.storage, waiting)
    ends = await race(migrated_url, tmp_path / "keys", "queue", SPECIALISTS)
    assert sorted(ends.values()) == ["won"] * waiting + ["wrong-state"] * (SPECIALISTS - waiting)
    async with office.storage.reading() as uow:
        found = await uow.walk_ins.of_clinic(cast.RURAL.id, cast.NOW - timedelta(days=1))
    assert {each.status for each in found} == {WalkInStatus.CALLED}
    async with office.storage.engines[0].connect() as connection:
        rows = (
            await connection.execute(select(visits.c.id, visits.c.patient_id, visits.c.practitioner_id))
        ).all()
    assert {(row.id, row.patient_id) for row in rows} == {(each.visit_id, each.patient_id) for each in found}
    assert len({row.practitioner_id for row in rows}) == len(rows) == waiting
