"""The files of exports and their fake: in order, whole or not at all, cut where they broke off, sealed."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from telehealth.crypto.errors import SealBroken
from telehealth.crypto.tape import LARGEST
from telehealth.domain.exports import ExportFile, FilesLost
from telehealth.services.export_repository import Spools
from telehealth.storage.spools import PIECE, SpoolFiles
from tests.fakes import FakeChance
from tests.fakes.exports import FakeSpools
from tests.integration.storage.test_exports import EXPORT

LINE = '{"resourceType":"Observation","value":"72.50"}'
DOCUMENT = 6 * 1024 * 1024
"""Bytes of the largest document that is taken, or more."""


@pytest.fixture(params=["fake", "files"])
def spools(request: pytest.FixtureRequest, tmp_path: Path) -> Spools:
    return FakeSpools() if request.param == "fake" else SpoolFiles(tmp_path, FakeChance())


@pytest.fixture
def files(tmp_path: Path) -> SpoolFiles:
    return SpoolFiles(tmp_path, FakeChance())


async def written(spools: Spools, *lines: str, known: tuple[ExportFile, ...] = ()) -> tuple[ExportFile, ...]:
    spool = await spools.open(replace(EXPORT, files=known))
    for each in lines:
        await spool.add("Observation", [each])
    return await spool.close()


async def text_of(spools: Spools, file: ExportFile, key: str = EXPORT.key) -> str:
    return b"".join([each async for each in spools.read(replace(EXPORT, key=key), file)]).decode()


def only_one(folder: Path) -> Path:
    (path,) = folder.rglob("*.sealed")
    return path


async def test_what_is_written_comes_back_in_order_whatever_its_length(spools: Spools) -> None:
    many = [f"{number} {LINE} ü" for number in range(3 * PIECE // len(LINE))]
    spool = await spools.open(EXPORT)
    await spool.add("Observation", many)
    await spool.add("Patient", [LINE])
    first = await spool.close()
    assert [(each.type, each.count) for each in first] == [("Observation", len(many)), ("Patient", 1)]
    again = await written(spools, "behind it", known=first)
    assert await text_of(spools, again[0]) == "".join(f"{each}\n" for each in [*many, "behind it"])
    assert await text_of(spools, again[1]) == f"{LINE}\n"


async def test_a_large_document_and_all_behind_it_come_back(spools: Spools) -> None:
    document = "x" * (DOCUMENT * 4 // 3)
    (file,) = await written(spools, "y" * (PIECE - 9), document, "behind it")
    assert (len(document) + PIECE > LARGEST, file.count) == (True, 3)
    assert (await text_of(spools, file)).endswith(f"{document}\nbehind it\n")


async def test_what_was_written_behind_the_last_mark_is_cut_off(spools: Spools) -> None:
    known = await written(spools, "kept")
    broken = await spools.open(replace(EXPORT, files=known))
    await broken.add("Observation", ["x" * PIECE])
    await broken.add("Patient", ["x" * PIECE])
    (file,) = await written(spools, "after it", known=known)
    assert await text_of(spools, file) == "kept\nafter it\n"


async def test_files_that_are_gone_are_neither_read_nor_gone_on_with(spools: Spools) -> None:
    (file,) = known = await written(spools, "kept")
    assert await spools.erase_all_but([]) == 1
    with pytest.raises(SealBroken):
        await text_of(spools, file)
    with pytest.raises(FilesLost):
        await spools.open(replace(EXPORT, files=known))
    assert await text_of(spools, *await written(spools, "from the start")) == "from the start\n"


async def test_files_of_what_is_over_are_erased(spools: Spools) -> None:
    assert await spools.erase_all_but([]) == 0
    for name in ("e1", "e2"):
        spool = await spools.open(replace(EXPORT, id=name))
        await spool.add("Patient", ["x"])
        await spool.close()
    assert await spools.erase_all_but(["e2"]) == 1
    assert await spools.erase_all_but(["e2"]) == 0


async def test_a_file_that_is_cut_short_is_neither_read_nor_gone_on_with(
    files: SpoolFiles, tmp_path: Path
) -> None:
    known = await written(files, "kept")
    (file,) = known = await written(files, "and this", known=known)
    path = only_one(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    read = files.read(EXPORT, file)
    with pytest.raises(SealBroken):
        await anext(read)
    with pytest.raises(FilesLost):
        await files.open(replace(EXPORT, files=known))


async def test_nothing_lies_open_and_another_key_opens_nothing(files: SpoolFiles, tmp_path: Path) -> None:
    (file,) = await written(files, LINE)
    assert b"72.50" not in only_one(tmp_path).read_bytes()
    with pytest.raises(SealBroken):
        await text_of(files, file, key="cd" * 32)


async def test_where_the_disk_gets_full_files_are_given_up(
    files: SpoolFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (known,) = await written(files, LINE)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(total=1000, free=49))
    with pytest.raises(FilesLost):
        await written(files, LINE, known=(known,))
    with pytest.raises(ValueError, match="not enough"):
        only_one(tmp_path)
