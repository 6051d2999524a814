"""Exports as rows and files: one of each program, marked as they go on, sealed, cut where they broke off."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from telehealth.crypto.errors import SealBroken
from telehealth.domain.errors import StaleVersion
from telehealth.domain.exports import Export, ExportFile, ExportState
from telehealth.services.ports import Units
from telehealth.storage.spools import PIECE, SpoolFiles
from tests.fakes import FakeChance
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


async def test_patients_of_a_house_are_counted_and_told_by_id(units: Units) -> None:
    async with units.reading() as uow:
        house = cast.BO.organization_id
        everybody = await uow.patients.ids(house, "", 99)
        assert (cast.BO.id in everybody, everybody) == (True, sorted(everybody))
        assert await uow.patients.count(house) == len(everybody)
        assert await uow.patients.ids(house, everybody[0], 99) == everybody[1:]
        assert await uow.patients.ids(house, "", 1) == everybody[:1]
        assert await uow.patients.count("nobody") == 0


async def test_what_is_written_is_sealed_and_comes_back_in_order(tmp_path: Path) -> None:
    spools, line = SpoolFiles(tmp_path, FakeChance()), '{"resourceType":"Observation","value":"72.50"}'
    spool = await spools.open(EXPORT)
    many = [f"{number} {line}" for number in range(3 * PIECE // len(line))]
    await spool.add("Observation", many)
    await spool.add("Patient", [line])
    first = await spool.close()
    assert [(each.type, each.count) for each in first] == [("Observation", len(many)), ("Patient", 1)]
    assert first[0].pieces > 2
    again = await spools.open(replace(EXPORT, files=first))
    await again.add("Patient", ["second"])
    files = await again.close()
    export = replace(EXPORT, files=files)
    assert await text_of(spools, export, files[0]) == "".join(f"{each}\n" for each in many)
    assert await text_of(spools, export, files[1]) == f"{line}\nsecond\n"
    for path in on_disk(tmp_path):
        assert b"72.50" not in path.read_bytes()
    with pytest.raises(SealBroken):
        await text_of(spools, replace(export, key="cd" * 32), files[1])


async def test_what_was_written_behind_the_last_mark_is_cut_off(tmp_path: Path) -> None:
    spools = SpoolFiles(tmp_path, FakeChance())
    spool = await spools.open(EXPORT)
    await spool.add("Observation", ["kept"])
    marked = replace(EXPORT, files=await spool.close())
    broken = await spools.open(marked)
    await broken.add("Observation", ["x" * PIECE])
    await broken.add("Patient", ["x" * PIECE])
    assert len(on_disk(tmp_path)) == 2
    spool = await spools.open(marked)
    await spool.add("Observation", ["after it"])
    (file,) = files = await spool.close()
    assert await text_of(spools, replace(marked, files=files), file) == "kept\nafter it\n"


async def test_files_of_what_is_over_are_erased(tmp_path: Path) -> None:
    spools = SpoolFiles(tmp_path / "none yet", FakeChance())
    assert await spools.erase_all_but([]) == 0
    for name in ("e1", "e2"):
        spool = await spools.open(replace(EXPORT, id=name))
        await spool.add("Patient", ["x"])
        await spool.close()
    assert await spools.erase_all_but(["e2"]) == 1
    assert [each.name for each in (tmp_path / "none yet").iterdir()] == ["e2"]


async def text_of(spools: SpoolFiles, export: Export, file: ExportFile) -> str:
    return b"".join([each async for each in spools.read(export, file)]).decode()


def on_disk(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.sealed"))
