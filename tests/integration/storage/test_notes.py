"""Notes, addenda and the shared record: changed by their author only while drafts, versions kept for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from telehealth.domain.errors import StaleVersion
from telehealth.domain.note import NoteContent, NoteState
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, BO, CY, NOW, addendum, arrive, note, resource

SIGNED = replace(note(2, NoteState.SIGNED), signed_at=NOW, composition_id="resource-1", language="ar")


@pytest.fixture
async def written(cluster: Storage) -> Storage:
    async with cluster.writing() as unit:
        await arrive(unit)
        await unit.notes.add(note())
    return cluster


async def test_a_note_comes_back_as_it_went_in(written: Storage) -> None:
    async with written.reading() as unit:
        assert await unit.notes.of_visit("visit-1", AMARA.id) == note()
        assert await unit.notes.get("note-1") == note()
        assert await unit.notes.of_visit("visit-1", "prac-noor") is None
        assert await unit.notes.get("nothing") is None


async def test_any_text_comes_back_to_the_letter(written: Storage) -> None:
    strange = NoteContent(
        history="Ж\u00e9\U0001fa7a\u202e\r\n\ttab", plan="lone \ud800 half", when="\u0967 day"
    )
    async with written.writing() as unit:
        await unit.notes.save(replace(note(2), content=strange))
    async with written.reading() as unit:
        found = await unit.notes.get("note-1")
        assert found is not None
        assert found.content == strange


async def test_a_stale_save_is_refused_and_changes_nothing(written: Storage) -> None:
    for version in (1, 3):
        with pytest.raises(StaleVersion):
            async with written.writing() as unit:
                await unit.notes.save(replace(note(version), content=NoteContent(history="other")))
    async with written.reading() as unit:
        assert await unit.notes.get("note-1") == note()


async def test_an_author_has_one_note_of_a_visit(written: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with written.writing() as unit:
            await unit.notes.add(replace(note(), id="note-2"))


async def test_a_signed_note_is_never_written_again(written: Storage) -> None:
    async with written.writing() as unit:
        assert await unit.notes.unsigned(AMARA.id) == [note()]
        await unit.notes.save(SIGNED)
    with pytest.raises(StaleVersion):
        async with written.writing() as unit:
            await unit.notes.save(replace(SIGNED, version=3))
    for change in ("UPDATE note SET state = 'draft'", "DELETE FROM note"):
        with pytest.raises(DBAPIError, match="note-locked"):
            async with written.engines[0].begin() as connection:
                await connection.execute(text(change))
    async with written.reading() as unit:
        assert await unit.notes.get("note-1") == SIGNED
        assert await unit.notes.unsigned(AMARA.id) == []


async def test_addenda_come_in_order(written: Storage) -> None:
    second = addendum("2", NOW + timedelta(minutes=1))
    async with written.writing() as unit:
        await unit.notes.add_addendum(second)
        await unit.notes.add_addendum(addendum())
    async with written.reading() as unit:
        assert await unit.notes.addenda("note-1") == [addendum(), second]
        assert await unit.notes.addenda("nothing") == []


async def test_versions_of_a_resource_come_back_to_the_letter(written: Storage) -> None:
    async with written.writing() as unit:
        await unit.record.put(resource())
        await unit.record.put(resource(2))
        await unit.record.put(replace(resource(1, "Encounter"), updated_at=NOW + timedelta(seconds=1)))
    async with written.reading() as unit:
        assert await unit.record.get("Composition", "resource-1") == resource(2)
        assert await unit.record.get("Composition", "resource-1", 1) == resource(1)
        assert await unit.record.get("Composition", "resource-1", 3) is None
        assert [(each.type, each.version) for each in await unit.record.of_patient(BO.id)] == [
            ("Composition", 2),
            ("Encounter", 1),
        ]
        assert await unit.record.of_patient(BO.id, "Composition") == [resource(2)]
        assert await unit.record.of_patient(CY.id) == []


async def test_a_resource_about_nobody_in_particular_is_kept(written: Storage) -> None:
    async with written.writing() as unit:
        await unit.record.put(resource(1, "Organization", ""))
    async with written.reading() as unit:
        assert await unit.record.get("Organization", "resource-1") == resource(1, "Organization", "")


async def test_a_version_is_written_once(written: Storage) -> None:
    async with written.writing() as unit:
        await unit.record.put(resource())
    with pytest.raises(StaleVersion):
        async with written.writing() as unit:
            await unit.record.put(resource())
    with pytest.raises(DBAPIError, match="version-unchangeable"):
        async with written.engines[0].begin() as connection:
            await connection.execute(text("UPDATE resource_version SET version = 7"))
