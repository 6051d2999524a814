"""Whoever may write to the database and its folder, but not to the key directory, is found out."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from telehealth.background import ANCHORS, chain_of, sealed_log
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.services.trail import enter
from telehealth.storage.engine import database_url as address_of
from tests.cast import House

NOTHING_LEFT = ("DELETE FROM audit_subject", "DELETE FROM audit_link", "DELETE FROM audit_entry")
END_CUT = (
    "DELETE FROM audit_subject",
    "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE number > 3)",
    "DELETE FROM audit_link WHERE number > 3",
)
FORGED = (
    (
        "INSERT INTO audit_entry SELECT 'forged', at, action, outcome, actor_kind, actor_id, actor_role,"
        " organization_id, session_id, request_id, patient_ids, entity, entity_id, reason, patient_id, linked"
        " FROM audit_entry WHERE id = (SELECT entry_id FROM audit_link WHERE number = 2)"
    ),
)
THIRD = "WHERE id = (SELECT entry_id FROM audit_link WHERE number = 3)"


async def write(house: House, count: int) -> None:
    """Enter a few things, each about two patients."""
    work = house.assembled.opened.work
    async with work.units.writing() as uow:
        for _ in range(count):
            await enter(work, uow, SYSTEM, AuditAction.PATIENT_SEARCHED, patient_ids=("one", "two"))


async def tamper(url: str, *statements: str) -> None:
    """Change the log past every rule of the database."""
    engine = create_async_engine(address_of(url))
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET session_replication_role = replica"))
        else:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
            for (name,) in (await connection.execute(text(found))).all():
                await connection.execute(text(f'DROP TRIGGER "{name}"'))
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()
    await engine.dispose()


def anchors_of(house: House) -> Path:
    return house.assembled.opened.config.data / ANCHORS


@pytest.fixture
async def kept(house: House) -> House:
    """A log that was anchored twice."""
    chain = chain_of(house.assembled.opened)
    for _ in range(2):
        await write(house, 3)
        await chain.seal()
    assert (await chain.verify()).ok
    return house


@pytest.mark.parametrize(
    "statements,lines,problem",
    [
        (NOTHING_LEFT, 2, "its end was cut"),
        (NOTHING_LEFT, 0, "is missing"),
        (END_CUT, 0, "is missing"),
        (END_CUT, 1, "is missing"),
        ((), 0, "is missing"),
        (("DELETE FROM audit_link",), 0, "is missing"),
        (FORGED, 2, "Entry forged is not where the log says"),
        (("DELETE FROM audit_subject",), 2, "are not those that it was written with"),
        (("UPDATE audit_subject SET patient_id = 'three' WHERE patient_id = 'one'",), 2, "are not those"),
        (
            (f"UPDATE audit_entry SET patient_id = 'three' {THIRD}",),
            2,
            "The patients of entry 3 are not those",
        ),
        ((f"UPDATE audit_entry SET outcome = 'perhaps' {THIRD}",), 2, "Entry 3 cannot be read"),
        ((f"UPDATE audit_entry SET linked = {{no}} {THIRD}",), 2, "is not where the log says"),
        ((f"UPDATE audit_entry SET patient_ids = '5' {THIRD}",), 2, "Entry 3 cannot be read"),
    ],
)
async def test_it_is_told(
    kept: House, migrated_url: str, statements: tuple[str, ...], lines: int, problem: str
) -> None:
    no = "false" if migrated_url.startswith("postgresql") else "0"
    await tamper(migrated_url, *(each.replace("{no}", no) for each in statements))
    whole = anchors_of(kept).read_text().splitlines(keepends=True)
    anchors_of(kept).write_text("".join(whole[:lines]))
    verdict = await chain_of(kept.assembled.opened).verify()
    assert not verdict.ok
    assert problem in verdict.problem


async def test_a_removed_anchor_stays_told_when_the_log_grows(kept: House) -> None:
    anchors_of(kept).unlink()
    await write(kept, 1)
    await chain_of(kept.assembled.opened).seal()
    assert not (await chain_of(kept.assembled.opened).verify()).ok


async def test_a_server_signs_the_log_when_it_starts_and_when_it_ends(house: House) -> None:
    await write(house, 2)
    chain = chain_of(house.assembled.opened)
    async with sealed_log(house.assembled.opened):
        before = await chain.verify()
        await write(house, 2)
    after = await chain.verify()
    assert (before.ok, before.unlinked, before.anchored) == (True, 0, before.linked)
    assert (after.ok, after.unlinked, after.anchored) == (True, 0, before.linked + 2)
