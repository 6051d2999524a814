"""In several processes: series against single visits, and holds that run out against those who book."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.scheduling import A_WEEK
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.services.conftest import Office
from tests.integration.services.racer import HELD, PRIZE, RUNS_OUT, WEEKS, own_time, patient_id
from tests.integration.services.test_one_time_for_many import everybody, race
from tests.integration.storage import cast

RACERS, HOLDS = 80, 30


async def taken(storage: Storage) -> list[tuple[str, object]]:
    """Who takes which time, of all that is active."""
    claim = appointment_resource.c
    async with storage.engines[0].connect() as connection:
        rows = await connection.execute(select(claim.resource_id, claim.busy_start).where(claim.active))
    return [(row.resource_id, row.busy_start) for row in rows]


@pytest.mark.timeout(180)
async def test_a_series_is_one_patients_or_its_weeks_are_others_and_nobody_has_a_part(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await everybody(office.storage, moving=False)
    ends = await race(migrated_url, tmp_path / "keys", "series", RACERS)
    assert set(ends.values()) == {"won", "slot-taken"}
    winners = sorted(number for number, word in ends.items() if word == "won")
    weeks = [PRIZE + A_WEEK * week for week in range(WEEKS)]
    if any(number % 2 for number in winners):
        (whose,) = winners
        expected = {(patient_id(whose), week) for week in weeks}
    else:
        expected = {(patient_id(number), weeks[number // 2 % WEEKS]) for number in winners}
        assert len(winners) == WEEKS
    found = await taken(office.storage)
    assert len(found) == len(set(found))
    assert set(found) == expected | {(cast.AMARA.id, week) for week in weeks}


@pytest.mark.timeout(180)
async def test_what_is_held_until_now_is_had_by_one_of_its_holder_and_all_who_book(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await everybody(office.storage, moving=False)
    async with office.storage.writing() as uow:
        for number in range(HOLDS):
            name, start = (f"old-{number}", own_time(number)) if number else ("held", PRIZE)
            patient = {"patient_id": patient_id(number), "patient_organization_id": cast.HOSPITAL.id}
            hold = replace(cast.held(name, RUNS_OUT, start), **patient)
            await uow.appointments.book(hold, cast.claims(hold))
    ends = await race(migrated_url, tmp_path / "keys", "held", RACERS)
    assert {ends[number] for number in range(1, RACERS, 2)} == {"won"}, "who sweeps is never in anybody's way"
    (winner,) = [number for number in range(0, RACERS, 2) if ends[number] == "won"]
    told = {ends[number] for number in range(0, RACERS, 2) if number != winner}
    assert told <= {"slot-taken", "stale-version", "wrong-state"}
    assert sorted(await taken(office.storage)) == sorted(
        [(cast.AMARA.id, PRIZE), (patient_id(winner), PRIZE)]
    )
    async with office.storage.engines[0].connect() as connection:
        rows = (await connection.execute(select(appointments.c.id, appointments.c.status))).all()
    kept = {row.id: row.status for row in rows}
    assert kept.pop(HELD) == (AppointmentStatus.CANCELLED if winner else AppointmentStatus.BOOKED)
    assert sorted(kept.values()) == [AppointmentStatus.BOOKED] * bool(winner) + [
        AppointmentStatus.CANCELLED
    ] * (HOLDS - 1)
