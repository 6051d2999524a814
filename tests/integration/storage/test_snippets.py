"""Clinicians' own texts as rows, one contract for fake and real: everybody has their own, in one version."""

from dataclasses import replace

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.snippets import Snippet, Snippets
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

KEPT = Snippets(cast.AMARA.id, cast.HOSPITAL.id, (Snippet("normal", "Ж {name}\n___"),), version=1)


async def test_they_come_back_to_the_letter_and_to_nobody_else(units: Units) -> None:
    later = replace(KEPT, texts=(*KEPT.texts, Snippet("قلب", "سليم")), version=2)
    async with units.writing() as uow:
        assert await uow.snippets.of(cast.AMARA.id) is None
        await uow.snippets.put(KEPT)
    async with units.writing() as uow:
        assert await uow.snippets.of(cast.AMARA.id) == KEPT
        assert await uow.snippets.of(cast.NOOR.id) is None
        await uow.snippets.put(later)
    async with units.reading() as uow:
        assert await uow.snippets.of(cast.AMARA.id) == later


@pytest.mark.parametrize("version", [1, 3])
async def test_two_at_once_do_not_both_hold(units: Units, version: int) -> None:
    async with units.writing() as uow:
        await uow.snippets.put(KEPT)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.snippets.put(replace(KEPT, version=version))
