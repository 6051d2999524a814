"""Two hundred want one slot: exactly one gets it, and the others are told that it is taken."""

import asyncio

import pytest
from sqlalchemy import func, select

from telehealth.domain.errors import SlotTaken, Unavailable
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import BO, CY, appointment, claims

RACERS = 200


@pytest.mark.parametrize("look_first", [False, True])
async def test_one_of_two_hundred_gets_the_slot(cluster: Storage, look_first: bool) -> None:
    async def race(number: int) -> str:
        wanted = appointment(str(number), patient=(BO, CY)[number % 2])
        try:
            async with cluster.writing() as unit:
                if look_first:
                    await unit.directory.practitioners()
                await unit.appointments.book(wanted, claims(wanted))
        except SlotTaken:
            return "taken"
        except Unavailable:  # on a slow machine more wait for a connection than come to one: then ask again
            return await race(number)
        return "booked"

    ends = await asyncio.gather(*(race(number) for number in range(RACERS)))
    assert sorted(ends) == ["booked"] + ["taken"] * (RACERS - 1)
    async with cluster.engines[0].connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(appointments))).scalar() == 1
        assert (
            await connection.execute(select(func.count()).select_from(appointment_resource))
        ).scalar() == 2
