"""Exports as rows: one of each program, marked as they go on, claimed by one, resting after a failure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.exports import Export, ExportFile, ExportState
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units
from tests.integration.storage.test_programs import LAB

__all__ = ["kind", "units"]

MINUTE = timedelta(minutes=1)
LATER = cast.NOW + MINUTE
EXPORT = Export(
    id="e1",
    program_id=LAB.id,
    organization_id=cast.HOSPITAL.id,
    types=("Patient", "Observation"),
    scopes=("system/*.rs",),
    request="https://care.example/fhir/R4/$export",
    key="ab" * 32,
    made_at=cast.NOW,
    changed_at=cast.NOW,
)


async def test_a_program_has_one_that_gets_further_by_version(units: Units) -> None:
    async with units.writing() as uow:
        await uow.programs.add(LAB)
        await uow.exports.add(EXPORT)
        assert await uow.exports.of(LAB.id) == await uow.exports.get("e1") == EXPORT
        assert (await uow.exports.of("other"), await uow.exports.get("other")) == (None, None)
        file = ExportFile("Observation", 100, 2, 7)
        further = replace(
            EXPORT, files=(file,), after="p", done=2, since=cast.NOW, changed_at=LATER, version=1
        )
        await uow.exports.save(further)
        assert await uow.exports.get("e1") == further
        assert await uow.exports.ids() == ["e1"]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.exports.add(replace(EXPORT, id="e2"))
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.exports.save(further)
    async with units.writing() as uow:
        assert await uow.exports.forget(cast.NOW) == 0
        assert await uow.exports.forget(LATER) == 1
        assert await uow.exports.ids() == []
        await uow.exports.add(EXPORT)
        assert await uow.exports.remove_of("other") == 0
        assert await uow.exports.remove_of(EXPORT.organization_id) == 1
        assert await uow.exports.remove("e1") == 0


async def test_one_that_runs_is_claimed_by_one(units: Units) -> None:
    other = replace(EXPORT, id="e0", program_id="p2", changed_at=LATER)
    ready = replace(EXPORT, id="e3", program_id="p3", state=ExportState.READY)
    async with units.writing() as uow:
        for each in (LAB, replace(LAB, id="p2"), replace(LAB, id="p3")):
            await uow.programs.add(each)
        for export in (EXPORT, other, ready):
            await uow.exports.add(export)
    async with units.writing() as uow:
        assert await uow.exports.claim(cast.NOW, LATER) == EXPORT
        assert await uow.exports.claim(cast.NOW, LATER) == other
        assert await uow.exports.claim(cast.NOW, LATER) is None
        assert await uow.exports.claim(LATER, LATER + MINUTE) == EXPORT
        tried = replace(EXPORT, tries=1, version=1)
        await uow.exports.save(tried, LATER + 2 * MINUTE)
        await uow.exports.save(replace(other, version=1))
    async with units.writing() as uow:
        assert await uow.exports.claim(LATER, LATER + 9 * MINUTE) == replace(other, version=1)
        assert await uow.exports.claim(LATER + MINUTE, LATER + 9 * MINUTE) is None, "it rests"
        assert await uow.exports.claim(LATER + 2 * MINUTE, LATER + 9 * MINUTE) == tried


async def test_patients_of_a_house_are_counted_and_told_by_id(units: Units) -> None:
    async with units.reading() as uow:
        house = cast.BO.organization_id
        everybody = await uow.patients.ids(house, "", 99)
        assert (cast.BO.id in everybody, everybody) == (True, sorted(everybody))
        assert await uow.patients.count(house) == len(everybody)
        assert await uow.patients.ids(house, everybody[0], 99) == everybody[1:]
        assert await uow.patients.ids(house, "", 1) == everybody[:1]
        assert await uow.patients.count("nobody") == 0
