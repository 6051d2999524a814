"""`telehealth patients export`: the whole record in one file that anybody can open, and entered so."""

import asyncio
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from telehealth.background import erasing_of
from telehealth.config import Config
from telehealth.domain.erasure import Ground
from telehealth.fhir.text import narrative
from telehealth.opening import open_data
from tests.arrivals import WEIGHT, changed
from tests.integration.server.test_commands import Command, command, one_sentence, watched
from tests.integration.storage import cast

__all__ = ["command"]

COMPOSITION = {
    "resourceType": "Composition",
    "id": "note-1",
    "language": "ar",
    "title": "Virtual consultation note",
    "date": "2026-11-23T09:00:00Z",
    "section": [{"title": "Plan", "text": narrative("Rest.\nWalk.")}],
}
PICTURE = {
    "resourceType": "DocumentReference",
    "id": "picture-1",
    "content": [{"attachment": {"contentType": "image/png", "data": "aGVsbG8="}}],
}


async def recorded(data: Path) -> None:
    await watched(data)
    async with open_data(Config(data=data)) as opened, opened.storage.writing() as uow:
        weight = changed(WEIGHT, id="weight-1")
        for resource in (COMPOSITION, PICTURE, weight):
            known = cast.resource(type_=resource["resourceType"])
            text = json.dumps(resource, indent=1)
            await uow.record.put(replace(known, id=resource["id"], text=text))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asyncio.run(recorded(tmp_path / "data"))
    return tmp_path / "data"


def test_the_whole_record_is_one_file(command: Command, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "bo.zip"
    status, told, _ = command("patients", "export", cast.BO.id, str(file))
    assert (status, "4 files" in told, "not sealed" in told) == (0, True, True)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as zipped:
        names = sorted(zipped.namelist())
        assert names == ["documents/picture-1.png", "notes/note-1.pdf", "record.json", "who-has-read.json"]
        assert zipped.read("documents/picture-1.png") == b"hello"
        assert zipped.read("notes/note-1.pdf").startswith(b"%PDF-")
        bundle = json.loads(zipped.read("record.json"))
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
        assert sorted(each["resource"]["id"] for each in bundle["entry"]) == [
            "note-1",
            "picture-1",
            "weight-1",
        ]
        readers = json.loads(zipped.read("who-has-read.json"))
        assert [(each["who"], each["what"], each["purpose"]) for each in readers] == [
            ("system", "whole", "HOPERAT"),
            *[(cast.AMARA.display, "notes", "TREAT")] * 2,
        ]
    assert "record:take-out" in command("audit", "seen", cast.BO.id, "--json")[1]
    again = command("patients", "export", cast.BO.id, str(file))
    assert (again[0], one_sentence(again[2])) == (1, True), "nothing is overwritten"
    assert data.is_dir()


def test_who_is_not_there_leaves_no_file(command: Command, data: Path, tmp_path: Path) -> None:
    asyncio.run(gone(data))
    for who in ("nobody", cast.BO.id):
        status, _, complaint = command("patients", "export", who, str(tmp_path / "x.zip"))
        assert (status, one_sentence(complaint)) == (1, True)
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


async def gone(data: Path) -> None:
    async with open_data(Config(data=data)) as opened:
        await erasing_of(opened).erase(cast.BO.id, Ground.MISTAKE, cast.BO.birth_date)
