"""Which clinics are closed now is read in two statements, however many of them wait for the same service."""

from datetime import timedelta

from telehealth.domain.closures import ClosedBecause, Closure
from telehealth.services.walk_in_places import closed_now
from tests.bench.statements import counted
from tests.cast import HOSPITAL, MONDAY, RURAL, SITE, House

HOUR = timedelta(hours=1)


async def closes(house: House, organization: str, site: str) -> None:
    closure = Closure(
        f"closure-{organization}", organization, site, MONDAY, MONDAY + HOUR, ClosedBecause.WEATHER, ""
    )
    async with house.assembled.opened.storage.writing() as uow:
        await uow.closures.add(closure)


async def test_several_closed_clinics_take_two_statements(house: House) -> None:
    await closes(house, HOSPITAL, SITE)
    await closes(house, RURAL, "")
    with counted(house.assembled.opened.storage) as statements:
        async with house.assembled.opened.storage.reading() as uow:
            found = await closed_now(uow, {HOSPITAL, RURAL}, MONDAY)
    assert {whose: each.zone for whose, each in found.items()} == {
        HOSPITAL: "Europe/Berlin",
        RURAL: "Africa/Nairobi",
    }
    assert len([each for each in statements if each.startswith("SELECT")]) == 2
    async with house.assembled.opened.storage.reading() as uow:
        assert await closed_now(uow, {HOSPITAL, RURAL}, MONDAY + HOUR) == {}
