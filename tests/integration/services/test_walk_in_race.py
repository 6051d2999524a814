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
from tests.integration.services.racer import SENT_ON, patient_id
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


@pytest.mark.timeout(180)
async def test_who_is_sent_on_while_others_are_called_is_neither_lost_nor_doubled(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await queue(office.storage, SENT_ON)
    ends = await race(migrated_url, tmp_path / "keys", "sending", SPECIALISTS)
    called = [number for number, word in ends.items() if word == "won" and not number % 2]
    assert {word for number, word in ends.items() if number % 2} <= {"won", "not-found", "wrong-state"}
    assert len(called) == SENT_ON
    async with office.storage.reading() as uow:
        found = [await uow.walk_ins.get(f"walk-in-{number}") for number in range(SENT_ON)]
    rows = [each for each in found if each is not None]
    assert [each.status for each in rows] == [WalkInStatus.CALLED] * SENT_ON
    assert len({each.visit_id for each in rows}) == SENT_ON
    assert {each.arrived_at for each in rows} == {cast.NOW - timedelta(minutes=at) for at in range(SENT_ON)}
