"""Weekly hours that come and go, and the figures that monitors ask for: real storage and the fake agree."""

from dataclasses import replace

import pytest

from telehealth.domain.outbox import Delivery
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.fakes import FakeUnits
from tests.integration.storage import cast


@pytest.fixture(params=["fake", "real"])
async def units(request: pytest.FixtureRequest, cluster: Storage) -> Units:
    """Either kind with the cast in it."""
    if request.param == "real":
        return cluster
    fake = FakeUnits()
    async with fake.writing() as uow:
        await cast.move_in(uow)
    return fake


async def test_weekly_hours_come_and_go(units: Units) -> None:
    tuesdays = replace(cast.MONDAYS, id="hours-2", weekday=2)
    async with units.writing() as uow:
        await uow.directory.add_hours(tuesdays)
        await uow.directory.remove_hours(cast.MONDAYS.id)
        await uow.directory.remove_hours("never-there")
    async with units.reading() as uow:
        assert await uow.directory.hours(practitioner_id=cast.AMARA.id) == [tuesdays]


async def test_messages_and_unlinked_entries_are_counted(units: Units) -> None:
    first = replace(cast.message(), id="m1")
    async with units.reading() as uow:
        assert (await uow.outbox.counts(), await uow.audit.waiting()) == ({}, 0)
    async with units.writing() as uow:
        await cast.arrive(uow)
        await uow.outbox.put(first)
        await uow.outbox.put(replace(first, id="m2"))
        await uow.outbox.put(replace(first, id="m3", state=Delivery.FAILED))
        await uow.audit.enter(cast.entry("1", cast.BO.id))
    async with units.reading() as uow:
        assert await uow.outbox.counts() == {Delivery.DUE: 2, Delivery.FAILED: 1}
        assert await uow.audit.waiting() == 1
