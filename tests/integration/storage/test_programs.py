"""Programs as rows, one contract for fake and real: ended by version, let in once by each assertion."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.programs import Program, ProgramToken
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

LAB = Program("p1", cast.HOSPITAL.id, "Laboratory", ("system/Observation.write",), '{"keys": []}', cast.NOW)
MINUTE = timedelta(minutes=1)
TOKEN = ProgramToken(b"1" * 32, LAB.id, LAB.scopes, cast.NOW + MINUTE)


async def test_a_program_is_kept_and_ended(units: Units) -> None:
    other = replace(LAB, id="p0", made_at=cast.NOW + MINUTE)
    async with units.writing() as uow:
        await uow.programs.add(other)
        await uow.programs.add(LAB)
        assert await uow.programs.all() == [LAB, other]
        assert await uow.programs.get("p1") == LAB
        assert await uow.programs.get("none") is None
        ended = replace(LAB, ended_at=cast.NOW, version=1)
        await uow.programs.save(ended)
        assert await uow.programs.get("p1") == ended
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.programs.save(ended)


async def test_what_was_given_is_found_with_its_program(units: Units) -> None:
    async with units.writing() as uow:
        await uow.programs.add(LAB)
        await uow.programs.give(TOKEN)
        assert await uow.programs.by_digest(TOKEN.digest) == (LAB, TOKEN)
        assert await uow.programs.by_digest(b"2" * 32) is None


async def test_an_assertion_is_used_once_until_it_is_over(units: Units) -> None:
    async with units.writing() as uow:
        await uow.programs.add(LAB)
        await uow.programs.add(replace(LAB, id="p2"))
        await uow.programs.give(TOKEN)
        assert await uow.programs.use(LAB.id, b"a", cast.NOW + MINUTE)
        assert not await uow.programs.use(LAB.id, b"a", cast.NOW + 2 * MINUTE)
        assert await uow.programs.use(LAB.id, b"b", cast.NOW + 2 * MINUTE)
        assert await uow.programs.use("p2", b"a", cast.NOW + 2 * MINUTE)
    async with units.writing() as uow:
        assert not await uow.programs.use(LAB.id, b"a", cast.NOW + MINUTE)
        assert await uow.programs.forget(cast.NOW) == 0
        assert await uow.programs.forget(cast.NOW + MINUTE) == 2
        assert await uow.programs.by_digest(TOKEN.digest) is None
        assert await uow.programs.use(LAB.id, b"a", cast.NOW + 3 * MINUTE)
