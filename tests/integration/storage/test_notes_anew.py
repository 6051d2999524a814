"""A visit whose note was taken out of the record takes another: counted, found, and locked as the first."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.keyring import Keyring
from telehealth.domain.errors import StaleVersion
from telehealth.domain.note import NoteState
from telehealth.domain.scheduling import Interval
from telehealth.storage.engine import database_url as parsed
from telehealth.storage.engine import writing_engine
from telehealth.storage.migrate import migrate, run_on, upgrade
from telehealth.storage.rows import metadata
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, NOW, addendum, arrive, move_in, note
from tests.integration.storage.test_migrations import looked_at

SIGNED = replace(note(2, NoteState.SIGNED), signed_at=NOW, composition_id="note-1", language="en")
ANEW = SIGNED.anew("note-2", NOW)


async def with_a_signed_note(storage: Storage) -> None:
    async with storage.writing() as unit:
        await arrive(unit)
        await unit.notes.add(note())
        await unit.notes.save(SIGNED)
        await unit.notes.add_addendum(addendum())


@pytest.fixture
async def signed(cluster: Storage) -> Storage:
    await with_a_signed_note(cluster)
    return cluster


async def test_the_newest_is_the_note_of_the_visit_and_the_other_stays(signed: Storage) -> None:
    async with signed.writing() as unit:
        await unit.notes.add(ANEW)
    async with signed.reading() as unit:
        assert await unit.notes.of_visit("visit-1", AMARA.id) == ANEW
        assert await unit.notes.all_of_visit("visit-1", AMARA.id) == [ANEW, SIGNED]
        assert await unit.notes.get("note-1") == SIGNED
        assert await unit.notes.addenda("note-1") == [addendum()]
        assert await unit.notes.addenda("note-2") == []
        assert await unit.notes.unsigned(AMARA.id) == [ANEW]
        assert await unit.notes.versions(["visit-1"]) == {("visit-1", AMARA.id): 3}


async def test_a_row_of_the_day_stands_once_and_says_how_the_newest_stands(signed: Storage) -> None:
    async with signed.writing() as unit:
        await unit.notes.add(ANEW)
    async with signed.reading() as unit:
        window = Interval(NOW - timedelta(days=1), NOW + timedelta(days=1))
        states = [row.note_state for row in await unit.visits.day(AMARA.id, window)]
        assert states == [NoteState.DRAFT.value]


async def test_one_note_of_each_number(signed: Storage) -> None:
    for number in (1, 2):
        async with signed.writing() as unit:
            if number == 2:
                await unit.notes.add(ANEW)
        with pytest.raises(StaleVersion):
            async with signed.writing() as unit:
                await unit.notes.add(replace(ANEW, id="note-3", number=number))


async def test_a_signed_note_keeps_its_number(signed: Storage) -> None:
    with pytest.raises(DBAPIError, match="note-locked"):
        async with signed.engines[0].begin() as connection:
            await connection.execute(text("UPDATE note SET number = 7"))


async def test_what_the_release_before_has_written_stands_after_the_migration(
    tmp_path: Path, keyring: Keyring, blind: BlindIndex
) -> None:
    """SQLite writes both tables anew: rows, references, indexes and locks are as they were."""
    new, old = (f"sqlite:///{tmp_path / name}.sqlite" for name in ("new", "old"))
    await migrate(new)
    storage = Storage(new, keyring, blind)
    async with storage.writing() as unit:
        await move_in(unit)
    await with_a_signed_note(storage)
    await storage.close()
    await run_on(writing_engine(parsed(old)), lambda connection: upgrade(connection, "0047"))
    taken_over(tmp_path / "old.sqlite", tmp_path / "new.sqlite")
    await migrate(old)
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="note-locked"):
            file.execute("DELETE FROM note")
    assert await looked_at(old) == []
    storage = Storage(old, keyring, blind)
    async with storage.reading() as unit:
        assert await unit.notes.of_visit("visit-1", AMARA.id) == SIGNED
        assert await unit.notes.addenda("note-1") == [addendum()]
    await storage.close()


def taken_over(old: Path, new: Path) -> None:
    """Fill the tables of the release before with what stands in the new ones."""
    with closing(sqlite3.connect(old)) as file, file:
        file.execute("ATTACH ? AS new", (str(new),))
        for table in metadata.sorted_tables:
            known = [each[1] for each in file.execute(f"PRAGMA main.table_info({table.name})")]
            names = ", ".join(known)
            if known:
                file.execute(f"INSERT INTO main.{table.name} ({names}) SELECT {names} FROM new.{table.name}")
