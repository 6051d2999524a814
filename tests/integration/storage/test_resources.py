"""Rooms, devices and interpreters as rows, one contract for fake and real: who has them, and since when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.errors import StaleVersion
from telehealth.domain.resources import Party, Resource
from telehealth.domain.scheduling import Interval
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import (
    AMARA,
    HOSPITAL,
    LINA,
    NOW,
    RURAL,
    VILLAGE,
    WARD,
    appointment,
    claims,
    move_in,
    visit,
)
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

ROOM = Resource("res-b", RURAL.id, VILLAGE.id, ResourceKind.ROOM, "Room B", (), 5, 10)
OLD = Resource("res-a", RURAL.id, VILLAGE.id, ResourceKind.ROOM, "Room A", retired_at=NOW)
SCOPE = Resource("res-scope", HOSPITAL.id, WARD.id, ResourceKind.DEVICE, "Otoscope")


async def test_resources_come_back_to_the_letter_and_in_order(units: Units) -> None:
    async with units.writing() as uow:
        for each in (LINA, OLD, ROOM, SCOPE):
            await uow.resources.add(each)
    async with units.reading() as uow:
        assert await uow.resources.get(LINA.id) == LINA
        assert await uow.resources.get("nobody") is None
        assert await uow.resources.of(RURAL.id) == [ROOM, LINA, OLD]
        assert await uow.resources.of(HOSPITAL.id) == [SCOPE]


async def test_two_who_change_one_do_not_overwrite_each_other(units: Units) -> None:
    async with units.writing() as uow:
        await uow.resources.add(ROOM)
    changed = replace(ROOM, name="Blue room", retired_at=NOW, version=1)
    async with units.writing() as uow:
        await uow.resources.save(changed)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.resources.save(replace(ROOM, name="Green room", version=1))
    async with units.reading() as uow:
        assert await uow.resources.get(ROOM.id) == changed


async def test_a_visit_tells_what_it_has_also_after_it_was_cancelled(units: Units) -> None:
    booked, without = appointment("9", NOW + timedelta(hours=3)), appointment("8", NOW + timedelta(hours=5))
    span = Interval(booked.start, booked.end)
    async with units.writing() as uow:
        for each in (LINA, ROOM):
            await uow.resources.add(each)
        parties = [Party(LINA, "sv"), Party(ROOM)]
        await uow.appointments.book(booked, [*claims(booked), *(each.claim(booked) for each in parties)])
        await uow.appointments.book(without, claims(without))
    expected = {
        booked.id: [Party(ROOM, "", ROOM.around(span)), Party(LINA, "sv", LINA.around(span))],
        without.id: [],
    }
    async with units.reading() as uow:
        assert await uow.resources.parties([booked.id, without.id]) == expected
        assert await uow.resources.parties([]) == {}
    async with units.writing() as uow:
        await uow.appointments.save(replace(booked, status=AppointmentStatus.CANCELLED, version=1))
    async with units.reading() as uow:
        assert await uow.resources.parties([booked.id, without.id]) == expected
        assert not (await uow.appointments.busy(ResourceKind.ROOM, [ROOM.id], span))[ROOM.id]


async def test_the_clinics_list_tells_what_each_visit_has_and_names_no_visit_twice(units: Units) -> None:
    booked, without = appointment("9", NOW + timedelta(hours=3)), appointment("8", NOW + timedelta(hours=5))
    span, day = Interval(booked.start, booked.end), Interval(booked.start, without.end)
    async with units.writing() as uow:
        for each in (LINA, ROOM):
            await uow.resources.add(each)
        parties = [Party(LINA, "sv"), Party(ROOM)]
        await uow.appointments.book(booked, [*claims(booked), *(each.claim(booked) for each in parties)])
        await uow.appointments.book(without, claims(without))
        for name, each in (("9", booked), ("8", without)):
            await uow.visits.add(visit(each, name))
    async with units.reading() as uow:
        rows = await uow.visits.clinic(AMARA.id, day, day)
    told = [(row.appointment, row.parties) for row in rows]
    has = (Party(ROOM, "", ROOM.around(span)), Party(LINA, "sv", LINA.around(span)))
    assert told == [(booked, has), (without, ())]


async def test_a_language_that_was_written_in_clear_is_still_read(storage: Storage) -> None:
    booked = appointment("9", NOW + timedelta(hours=3))
    async with storage.writing() as uow:
        await move_in(uow)
        await uow.resources.add(LINA)
        await uow.appointments.book(booked, [*claims(booked), Party(LINA, "sv").claim(booked)])
    before = (
        "UPDATE appointment_resource SET wanted = 'ar', key_id = NULL, sealed = NULL WHERE sealed IS NOT NULL"
    )
    async with storage.engines[0].begin() as connection:
        await connection.execute(text(before))
    async with storage.reading() as uow:
        (party,) = (await uow.resources.parties([booked.id]))[booked.id]
    assert party.wanted == "ar"
