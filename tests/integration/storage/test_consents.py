"""Consents as rows, one contract for fake and real: a patient has one word, never two at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.errors import StaleVersion
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

SAID = Consent("c1", cast.BO.id, cast.HOSPITAL.id, cast.NOW, Sharing.HOUSE, (cast.NOOR.id,), version=1)


async def test_it_comes_back_as_it_was_given(units: Units) -> None:
    later = replace(SAID, sharing=Sharing.ALL, denied=(), emergencies=False, programs=False, version=2)
    later = replace(later, given_at=cast.NOW + timedelta(days=1))
    async with units.writing() as uow:
        assert await uow.consents.of(cast.BO.id) is None
        await uow.consents.put(SAID)
    async with units.writing() as uow:
        assert await uow.consents.of(cast.BO.id) == SAID
        assert await uow.consents.of(cast.CY.id) is None
        await uow.consents.put(later)
    async with units.reading() as uow:
        assert await uow.consents.of(cast.BO.id) == later


@pytest.mark.parametrize("other", [replace(SAID, id="c2"), replace(SAID, version=3)], ids=["first", "third"])
async def test_two_at_once_do_not_both_hold(units: Units, other: Consent) -> None:
    async with units.writing() as uow:
        await uow.consents.put(SAID)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.consents.put(other)
