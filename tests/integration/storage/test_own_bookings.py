"""Bookings on their way as rows, one contract for fake and real: found, changed in turn, forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.own_booking import Asked, OwnBooking
from telehealth.domain.people import PatientQuery
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.cast import BO, NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

DAWIT = Asked("Dawit", "Alemu", date(1980, 6, 5), "dawit@mail.example", "am")


def begun(digest: bytes = b"cookie", minutes: int = 0) -> OwnBooking:
    appointment = cast.appointment()
    made = NOW + timedelta(minutes=minutes)
    name = digest.decode()
    organization = cast.CARDIOLOGY.organization_id
    return OwnBooking(name, organization, cast.CARDIOLOGY.id, appointment.id, digest, made)


async def test_one_comes_back_to_the_letter_at_each_step(units: Units) -> None:
    own = begun()
    async with units.writing() as uow:
        await uow.own_bookings.add(own)
    for step in (own.tell(DAWIT), own.tell(DAWIT).send("012345")):
        async with units.writing() as uow:
            await uow.own_bookings.save(step)
        async with units.reading() as uow:
            assert await uow.own_bookings.by_cookie(b"cookie") == step
            assert await uow.own_bookings.by_cookie(b"another") is None


async def test_who_read_before_a_change_changes_nothing(units: Units) -> None:
    own = begun()
    async with units.writing() as uow:
        await uow.own_bookings.add(own)
        await uow.own_bookings.save(own.mistype())
    for stale in (own.mistype(), replace(own, version=7)):
        with pytest.raises(StaleVersion):
            async with units.writing() as uow:
                await uow.own_bookings.save(stale)


async def test_what_is_old_is_forgotten(units: Units) -> None:
    async with units.writing() as uow:
        await uow.own_bookings.add(begun(b"old"))
        await uow.own_bookings.add(begun(b"new", minutes=5))
    async with units.writing() as uow:
        assert await uow.own_bookings.forget(NOW + timedelta(minutes=5)) == 1
    async with units.reading() as uow:
        assert await uow.own_bookings.by_cookie(b"old") is None
        assert await uow.own_bookings.by_cookie(b"new") is not None


async def test_a_search_wants_all_that_is_asked(units: Units) -> None:
    full = PatientQuery(email=BO.email, phone=BO.phone, family=BO.name.family, birth_date=BO.birth_date)
    async with units.reading() as uow:
        assert [each.id for each in await uow.patients.search(full, BO.organization_id)] == [BO.id]
        for other in (
            replace(full, birth_date=date(1980, 6, 5)),
            replace(full, family="Alemu"),
            replace(full, email="dawit@mail.example"),
        ):
            assert await uow.patients.search(other, BO.organization_id) == []
