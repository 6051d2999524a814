"""An old version that is put back where a newer one was is noticed against the audit chain."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from telehealth.background import chain_of
from telehealth.domain.note import NoteContent
from telehealth.services.audit_chain import AuditChain
from tests.cast import AMARA, House

FIRST = NoteContent(history="Palpitations for 3 weeks.")
SECOND = NoteContent(history="Palpitations for 3 weeks.", plan="Less coffee.")


@pytest.fixture
def chain(house: House) -> AuditChain:
    return chain_of(house.assembled.opened)


async def tamper(house: House, *statements: str, **values: object) -> Sequence[object] | None:
    """Speak to the database as somebody who may do anything; returns the last statement's first row."""
    writer, _ = house.assembled.opened.storage.engines
    async with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            found = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in found.all():
                await connection.execute(text(f'DROP TRIGGER "{name}"'))
        for statement in statements:
            result = await connection.execute(text(statement), values)
        return result.first() if result.returns_rows else None


async def test_what_was_never_touched_is_whole(house: House, chain: AuditChain) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    await services.notes.save(AMARA, booked.visit_id, FIRST, 0)
    draft = await services.notes.save(AMARA, booked.visit_id, SECOND, 1)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    await services.notes.add(AMARA, booked.visit_id, "Potassium was 4.1.")
    await services.consulting.end(AMARA, booked.visit_id)
    for linking in (False, True):
        if linking:
            await chain.link_new()
        verdict = await chain.verify()
        assert (verdict.ok, verdict.problem) == (True, "")


@pytest.mark.parametrize("linked", [True, False], ids=["linked", "waiting"])
async def test_an_older_draft_in_its_place_is_told(house: House, chain: AuditChain, linked: bool) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    note = await services.notes.save(AMARA, booked.visit_id, FIRST, 0)
    old = await tamper(house, "SELECT version, key_id, sealed FROM note WHERE id = :id", id=note.id)
    await services.notes.save(AMARA, booked.visit_id, SECOND, 1)
    if linked:
        await chain.link_new()
    assert old is not None
    version, key_id, sealed = old
    back = "UPDATE note SET version = :version, key_id = :key_id, sealed = :sealed WHERE id = :id"
    await tamper(house, back, id=note.id, version=version, key_id=key_id, sealed=sealed)
    view = await services.notes.open(AMARA, booked.visit_id)
    assert view.note is not None
    assert view.note.content == FIRST
    verdict = await chain.verify()
    assert not verdict.ok
    assert verdict.problem == f"A note of visit {booked.visit_id} is at version 1; version 2 was entered."


async def test_a_note_that_is_gone_is_told(house: House, chain: AuditChain) -> None:
    booked = await house.book()
    await house.call(booked)
    note = await house.assembled.services.notes.save(AMARA, booked.visit_id, FIRST, 0)
    await chain.link_new()
    await tamper(house, "DELETE FROM note WHERE id = :id", id=note.id)
    verdict = await chain.verify()
    assert (verdict.ok, verdict.problem) == (
        False,
        f"A note of visit {booked.visit_id} is missing; version 1 was entered.",
    )
    assert verdict.number > 0


@pytest.mark.parametrize("type_", ["Composition", "Encounter"])
async def test_a_resource_without_its_newest_version_is_told(
    house: House, chain: AuditChain, type_: str
) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, FIRST, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    await services.notes.add(AMARA, booked.visit_id, "Potassium was 4.1.")
    await services.consulting.end(AMARA, booked.visit_id)
    await chain.link_new()
    await tamper(house, "DELETE FROM resource_version WHERE type = :type AND version = 2", type=type_)
    verdict = await chain.verify()
    assert not verdict.ok
    assert verdict.problem.startswith(f"{type_} ")
    assert verdict.problem.endswith("is at version 1; version 2 was entered.")
