"""The audit chain on real storage: linked while others write, and tampering with the file is told."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from telehealth.crypto.purposes import Purpose
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import StaleVersion
from telehealth.services.audit_chain import AuditChain
from telehealth.services.trail import enter
from telehealth.workers.auditing import AnchorFile
from tests.fakes import Remembered
from tests.integration.services.conftest import Office


@pytest.fixture
def chain(office: Office, tmp_path: Path) -> AuditChain:
    key = office.keyring.derived(Purpose.AUDIT_ANCHOR)
    anchors = AnchorFile(tmp_path / "anchors.jsonl", Remembered())
    return AuditChain(work=office.work, anchors=anchors, anchor_key=key)


async def write(office: Office, count: int) -> None:
    for each in range(count):
        async with office.storage.writing() as uow:
            await enter(
                office.work,
                uow,
                SYSTEM,
                AuditAction.VISIT_READ,
                patient_ids=("a", "b"),
                entity_id=f"{each} ü",
            )


async def test_entries_are_linked_while_they_are_written(office: Office, chain: AuditChain) -> None:
    async def link() -> None:
        for _ in range(10):
            await chain.link_new()

    await asyncio.gather(write(office, 40), link())
    await chain.link_new()
    await chain.anchor()
    verdict = await chain.verify()
    assert (verdict.ok, verdict.linked, verdict.unlinked, verdict.anchored) == (True, 40, 0, 40)


async def test_two_workers_make_one_chain(office: Office, chain: AuditChain) -> None:
    await write(office, 20)
    results = await asyncio.gather(chain.link_new(), chain.link_new(), return_exceptions=True)
    assert all(isinstance(each, int | StaleVersion) for each in results)
    verdict = await chain.verify()
    assert (verdict.ok, verdict.linked) == (True, 20)


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "tamper,problem",
    [
        ("UPDATE audit_entry SET actor_id = 'other' WHERE id = :id", "Entry 3 was changed."),
        ("DELETE FROM audit_entry WHERE id = :id", "Entry 3 is missing."),
        ("DELETE FROM audit_link WHERE entry_id = :id", "Entry 3 was taken out of the chain."),
    ],
)
async def test_changes_in_the_database_file_are_told(
    office: Office, chain: AuditChain, tmp_path: Path, tamper: str, problem: str
) -> None:
    await write(office, 5)
    await chain.link_new()
    file = sqlite3.connect(tmp_path / "test.sqlite", isolation_level=None)
    for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        file.execute(f'DROP TRIGGER "{trigger}"')
    (entry_id,) = file.execute("SELECT entry_id FROM audit_link WHERE number = 3").fetchone()
    file.execute(tamper, {"id": entry_id})
    file.close()
    verdict = await chain.verify()
    assert (verdict.ok, verdict.number, verdict.problem) == (False, 3, problem)
