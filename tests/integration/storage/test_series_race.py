"""Two hundred want the same weeks, as series in either order and as single visits: none waits in a circle."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import Refused, Unavailable
from telehealth.domain.series import Series
from telehealth.services.appointment_repository import Claimed
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOW, appointment, claims

RACERS, WEEKS = 200, 6
WEEK = timedelta(days=7)
SERIES = Series(
    "series",
    HOSPITAL.id,
    HOSPITAL.id,
    BO.id,
    AMARA.id,
    CARDIOLOGY.id,
    "UTC",
    "2026-11-23T09:00",
    "FREQ=WEEKLY",
)


def visit(number: int, week: int) -> Appointment:
    """One visit of a racer's; two patients share all of them, so that patients are raced for as well."""
    made = appointment(f"{number}-{week}", NOW + WEEK * week, (BO, CY)[number % 2])
    return replace(made, series_id=f"series-{number}", recurrence=str(week)) if number % 3 else made


def wishes(number: int) -> list[Claimed]:
    """A series forwards, one backwards, or a single visit in one of its weeks."""
    weeks = [range(WEEKS), range(WEEKS - 1, -1, -1), [number % WEEKS]][number % 3 - 1]
    return [(made, claims(made)) for made in (visit(number, week) for week in weeks)]


async def race(storage: Storage, number: int) -> str:
    try:
        async with storage.writing() as unit:
            if number % 3:
                await unit.series.add(replace(SERIES, id=f"series-{number}"))
            await unit.appointments.book_all(wishes(number))
    except Unavailable:  # the database is full of others who ask
        return await race(storage, number)
    except Refused as refused:
        return refused.code
    return "booked"


@pytest.mark.parametrize("series_only", [True, False])
async def test_a_week_is_one_racers_and_all_others_are_told(cluster: Storage, series_only: bool) -> None:
    numbers = [each for each in range(RACERS * 2) if each % 3 or not series_only][:RACERS]
    ends = dict(zip(numbers, await asyncio.gather(*(race(cluster, each) for each in numbers)), strict=True))
    assert set(ends.values()) == {"booked", "slot-taken"}
    winners = [number for number, end in ends.items() if end == "booked"]
    async with cluster.engines[0].connect() as connection:
        claim = appointment_resource.c
        taken = (await connection.execute(select(claim.resource_id, claim.busy_start))).all()
        kept = (await connection.execute(select(appointments.c.id))).scalars().all()
    assert len(set(taken)) == len(taken) == 2 * len(kept)
    assert sorted(kept) == sorted(made.id for number in winners for made, _ in wishes(number))
    if any(number % 3 for number in winners):
        assert len(winners) == 1  # whoever has all weeks leaves none


async def test_visits_of_a_series_may_change_places(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        await unit.series.add(replace(SERIES, id="series-1"))
        await unit.appointments.book_all(wishes(1))
    order = [made for made, _ in wishes(1)]
    moved = [
        replace(made, start=other.start, end=other.end, version=1)
        for made, other in zip(order, [*order[1:], order[0]], strict=True)
    ]
    async with cluster.writing() as unit:
        await unit.appointments.move_all([(made, claims(made)) for made in moved])
    async with cluster.reading() as unit:
        assert [await unit.appointments.get(made.id) for made in moved] == moved
