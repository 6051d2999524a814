"""Own wishes as rows, one contract for fake and real: found, changed in turn, forgotten."""

from datetime import date, timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.own_booking import Asked
from telehealth.domain.own_wish import OwnWish
from telehealth.domain.waitlist import EVERY_DAY, Suits, Waiting
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.cast import NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

DAWIT = Asked("Dawit", "Alemu", date(1980, 6, 5), "dawit@mail.example", "am")
HOUSE = cast.CARDIOLOGY.organization_id


def left(digest: bytes = b"cookie", minutes: int = 0) -> OwnWish:
    made = NOW + timedelta(minutes=minutes)
    return OwnWish(digest.decode(), HOUSE, cast.CARDIOLOGY.id, digest, made)


async def test_one_comes_back_to_the_letter(units: Units) -> None:
    asked = left().ask(DAWIT, Suits((1, 5), 12, 24), "012345", NOW)
    async with units.writing() as uow:
        await uow.own_wishes.add(left())
        await uow.own_wishes.save(asked)
    async with units.reading() as uow:
        assert await uow.own_wishes.by_cookie(b"cookie") == asked
        assert await uow.own_wishes.by_cookie(b"another") is None
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.own_wishes.save(left().mistype())


async def test_what_is_old_is_forgotten_and_what_was_never_shown_sooner(units: Units) -> None:
    day = NOW.date()
    one = Waiting("w", HOUSE, HOUSE, cast.CARDIOLOGY.id, cast.BO.id, "", day, day, EVERY_DAY, 2, NOW)
    waits = left(b"waits")
    async with units.writing() as uow:
        await uow.waitlist.add(one)
        for each in (waits, left(b"typed"), left(b"fresh", minutes=5)):
            await uow.own_wishes.add(each)
        await uow.own_wishes.save(waits.wait(one.id))
    later = NOW + timedelta(minutes=1)
    async with units.writing() as uow:
        assert await uow.own_wishes.forget(NOW, later) == 1
        assert await uow.own_wishes.by_cookie(b"typed") is None
        assert await uow.own_wishes.forget(later, later) == 1
        assert await uow.own_wishes.by_cookie(b"waits") is None
        assert await uow.own_wishes.by_cookie(b"fresh") is not None
