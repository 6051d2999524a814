"""Organizations' own wordings, in fake and databases: kept by version, each its own, sealed."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from telehealth.domain.errors import StaleVersion
from telehealth.domain.own_text import OwnText
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

OURS = OwnText(cast.HOSPITAL.id, "visit-invitation", "es", "Asunto", "Cuerpo {link}", "Corto {link}", 1)


async def test_a_wording_is_kept_changed_and_forgotten(units: Units) -> None:
    other = replace(OURS, language="ar")
    async with units.writing() as uow:
        await uow.texts.put(OURS)
        await uow.texts.put(other)
    second = replace(OURS, subject="Otro", version=2)
    async with units.writing() as uow:
        await uow.texts.put(second)
    async with units.writing() as uow:
        assert await uow.texts.get(cast.HOSPITAL.id, "visit-invitation", "es") == second
        assert await uow.texts.get(cast.RURAL.id, "visit-invitation", "es") is None
        assert await uow.texts.of(cast.HOSPITAL.id) == [other, second]
        await uow.texts.remove(second)
        assert await uow.texts.of(cast.HOSPITAL.id) == [other]


@pytest.mark.parametrize("version", [1, 3])
async def test_a_version_that_does_not_follow_is_refused(units: Units, version: int) -> None:
    async with units.writing() as uow:
        await uow.texts.put(OURS)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.texts.put(replace(OURS, version=version))


async def test_the_words_are_sealed(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        await unit.texts.put(OURS)
    async with cluster.engines[1].connect() as connection:
        row = (await connection.execute(text("SELECT * FROM own_text"))).one()
    assert "Asunto" not in repr(row)
