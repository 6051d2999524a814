"""The drill: a backup beside somebody who goes on writing, put back into the other kind of database."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Table, select

from telehealth.background import ANCHORS, chain_of
from telehealth.commands import backup, restore
from telehealth.config import Config
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import Erased
from telehealth.domain.guests import GuestState
from telehealth.domain.note import Note, NoteContent
from telehealth.domain.outbox import INVITATION, UNSURE, Delivery
from telehealth.domain.people import Patient
from telehealth.opening import open_data
from telehealth.services.booking import Booked
from telehealth.storage.rows import metadata
from telehealth.storage.unit_of_work import Storage
from tests.cast import AMARA, HOSPITAL, MONDAY, House, a_patient
from tests.integration.storage import cast
from tests.services.postgresql import PostgreSQL

CANARY = "Reads capricornus-typed-text in the note"
READABLE = [CANARY, "Lindqvist", "Lindenau District Hospital", "Europe/Berlin", HOSPITAL, "audit_entry"]
TOUCHED = {
    "audit_entry",
    "audit_link",
    "audit_subject",
    "meta",
    "note",
    "outbox",
    "staff_session",
    "visit",
    "visit_guest",
    "visit_session",
}
"""Tables in which whoever goes on writes, or the restore itself; the others must be equal to the row."""
PUT_BACK = Namespace(at=None, send=False, despite_missing_keys=False)


@dataclass
class Work:
    """What was there at the backup's moment."""

    house: House
    note: Note
    booked: Booked
    gone: Patient


@pytest.fixture
async def work(house: House) -> Work:
    """Bo in a call with a guest and a draft, the log anchored; somebody else with an invitation to come."""
    services = house.assembled.services
    gone = await services.desk.register(AMARA, a_patient("Gus", "Gone", "09"))
    booked = await house.book()
    await house.book(MONDAY + timedelta(days=3), patient=gone)
    await house.call(booked)
    opened = house.assembled.opened
    async with opened.storage.writing() as uow:
        amara = await uow.directory.practitioner(AMARA.id)
        assert amara is not None
        await uow.accounts.add(cast.account(amara))
        await uow.accounts.add_session(cast.session(of=amara))
        lina = replace(cast.guest(), visit_id=booked.visit_id, patient_id=house.bo.id)
        lina = replace(lina, organization_id=HOSPITAL)
        await uow.guests.add(replace(lina, state=GuestState.ADMITTED, session_digest=b"cookie"))
    note = await services.notes.save(AMARA, booked.visit_id, NoteContent(history=CANARY), 0)
    await chain_of(opened).seal()
    return Work(house, note, booked, gone)


@pytest.fixture
def elsewhere(house: House, tmp_path: Path, postgresql_server: PostgreSQL) -> Iterator[Config]:
    """The other kind of database and a folder, both empty, with the same keys."""
    config = house.assembled.opened.config
    new = replace(config, data=tmp_path / "elsewhere", key_dir=str(config.keys_at))
    if config.database_url.startswith("sqlite"):
        with postgresql_server.database() as url:
            yield replace(new, database_url=url)
    else:
        yield replace(new, database_url="")


@pytest.fixture
async def archive(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup; while it is written, the note is saved again."""
    begun, go_on = Event(), Event()

    def held(report: backup.Progress, table: str, rows: int) -> None:
        begun.set()
        assert go_on.wait(20)

    monkeypatch.setattr(backup.Progress, "__call__", held)
    config, path = work.house.assembled.opened.config, tmp_path / "one.backup"
    made = asyncio.create_task(asyncio.to_thread(asyncio.run, backup.make(config, path, work.house.clock)))
    assert await asyncio.to_thread(begun.wait, 20)
    notes, later = work.house.assembled.services.notes, NoteContent(history="after the backup")
    await notes.save(AMARA, work.booked.visit_id, later, work.note.version)
    go_on.set()
    await made
    monkeypatch.undo()
    return path


@pytest.fixture
async def restored(work: Work, archive: Path, elsewhere: Config) -> AsyncIterator[Any]:
    """The backup put back, after somebody's keys were destroyed and the log had gone on."""
    opened = work.house.assembled.opened
    opened.custody.keyring.shred(work.gone.id)
    await chain_of(opened).seal()
    await restore.put_back(elsewhere, Namespace(**vars(PUT_BACK), where=archive), work.house.clock)
    async with open_data(elsewhere, work.house.clock) as again:
        yield again


async def rows(storage: Storage, table: Table) -> set[tuple[object, ...]]:
    async with storage.engines[1].connect() as connection:
        return {tuple(row) for row in await connection.execute(select(table))}


async def test_what_was_there_at_one_moment_is_there_again(work: Work, restored: Any, archive: Path) -> None:
    before = work.house.assembled.opened.storage
    filled = 0
    for table in metadata.sorted_tables:
        if table.name not in TOUCHED:
            kept = await rows(restored.storage, table)
            assert kept == await rows(before, table), table.name
            filled += bool(kept)
    assert filled > 11
    async with restored.work.units.reading() as uow:
        assert await uow.notes.get(work.note.id) == work.note
        with pytest.raises(Erased):
            await uow.patients.get(work.gone.id)
        entries = await uow.audit.entries()
        assert await uow.accounts.ended_since(MONDAY) == ["session-1"]
        sent = await uow.outbox.of_visit(work.booked.visit_id)
        (browser,) = await uow.visits.sessions_of(work.booked.visit_id)
        visit = await uow.visits.get(work.booked.visit_id)
        (guest,) = await uow.guests.of_visit(work.booked.visit_id)
    assert browser.ended_at == work.house.clock.now()
    assert (visit.status, visit.bound_to) == (VisitStatus.IN_PROGRESS, None)
    assert (guest.state, guest.session_digest) == (GuestState.INVITED, None)
    assert {AuditAction.BACKUP_MADE, AuditAction.BACKUP_RESTORED} <= {each.action for each in entries}
    states = {each.template: (each.state, each.last_error) for each in sent}
    assert states[INVITATION] == (Delivery.FAILED, UNSURE)
    verdict = await chain_of(restored).verify()
    assert (verdict.ok, verdict.problem, len(verdict.losses)) == (True, "", 1)
    assert (restored.config.data / ANCHORS).stat().st_mode & 0o777 == 0o600
    assert not [text for text in READABLE if text.encode() in readable(archive)]


def readable(archive: Path) -> bytes:
    return archive.read_bytes()
