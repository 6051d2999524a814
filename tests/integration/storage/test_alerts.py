"""Alerts as rows, one contract for fake and real: one of each pattern, person, patient and day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.alerts import Alert, Pattern
from telehealth.domain.errors import StaleVersion
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

ODD = Alert("a1", Pattern.NIGHT, cast.HOSPITAL.id, cast.AMARA.id, cast.BO.id, "2026-11-23", cast.NOW)


async def test_they_are_told_to_the_readers_house_until_somebody_has_looked(units: Units) -> None:
    later = replace(ODD, id="a2", pattern=Pattern.MANY, patient_id="", at=cast.NOW + timedelta(hours=1))
    async with units.writing() as uow:
        for each in (ODD, later):
            await uow.alerts.add(each)
    async with units.writing() as uow:
        assert await uow.alerts.told(cast.HOSPITAL.id, seen=False, limit=5) == [ODD, later]
        assert await uow.alerts.told(cast.HOSPITAL.id, seen=False, limit=1) == [ODD]
        assert await uow.alerts.told(cast.RURAL.id, seen=False, limit=5) == []
        assert await uow.alerts.get("a1") == ODD
        assert await uow.alerts.get("a3") is None
        assert await uow.alerts.keys({"2026-11-23"}) == {ODD.key, later.key}
        assert await uow.alerts.keys({"2026-11-24"}) == set()
        seen = replace(ODD, seen_at=cast.NOW, seen_by="pia", version=1)
        await uow.alerts.save(seen)
        assert await uow.alerts.told(cast.HOSPITAL.id, seen=False, limit=5) == [later]
        assert await uow.alerts.told(cast.HOSPITAL.id, seen=True, limit=5) == [seen]


async def test_none_is_told_twice(units: Units) -> None:
    async with units.writing() as uow:
        await uow.alerts.add(ODD)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.alerts.add(replace(ODD, id="a2"))


async def test_what_another_has_looked_into_is_not_overwritten(units: Units) -> None:
    async with units.writing() as uow:
        await uow.alerts.add(ODD)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.alerts.save(replace(ODD, version=2))
