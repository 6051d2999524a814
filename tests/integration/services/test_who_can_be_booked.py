"""What is offered can be kept: only specialists who still work here, only patients whose hours are known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.accounts import Account
from telehealth.domain.errors import BadInput
from telehealth.services.slots import SlotQuery
from tests.cast import AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, House, a_patient

TODAY = SlotQuery(CARDIOLOGY, MONDAY, MONDAY + timedelta(hours=4))


async def test_a_disabled_specialist_is_not_offered(house: House) -> None:
    services = house.assembled.services
    account = Account("account-amara", AMARA.id, HOSPITAL, "amara@hospital.example", "", "")
    async with house.assembled.opened.storage.writing() as uow:
        await uow.accounts.add(account)
    assert await services.booking.find(CARLA, TODAY)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.accounts.save(replace(account, disabled_at=MONDAY))
    assert await services.booking.find(CARLA, TODAY) == []
    catalogue = await services.desk.catalogue(CARLA)
    assert AMARA.id not in {each.id for each in catalogue.practitioners}
    assert catalogue.offers == []
    with pytest.raises(BadInput):
        await house.book()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "europe/berlin "])
async def test_an_impossible_time_zone_is_named(house: House, zone: str) -> None:
    with pytest.raises(BadInput) as refused:
        await house.assembled.services.desk.register(CARLA, a_patient("Lia", "Sander", "02", zone=zone))
    assert [each.field for each in refused.value.problems] == ["zone"]


async def test_every_real_time_zone_will_do(house: House) -> None:
    for number, zone in enumerate(("Pacific/Kiritimati", "Africa/Casablanca", "UTC"), 10):
        new = a_patient("Lia", "Sander", str(number), zone=zone)
        assert (await house.assembled.services.desk.register(CARLA, new)).zone == zone
