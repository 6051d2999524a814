"""Erasing a patient over real storage and keys: refused with reason, cut at every step and ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from telehealth.background import erasing_of
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.erasure import Erasure, Ground
from telehealth.domain.errors import BadInput, Erased, NotFound
from telehealth.domain.people import Patient
from telehealth.services.erasing import Erasing, NotErased
from telehealth.storage.rows.outbox import outbox
from telehealth.storage.rows.patients import patient_index
from telehealth.storage.rows.visits import visit_link, visit_session, visits
from tests.cast import AMARA, MONDAY, House, a_patient

STEPS = ("shred", "_delete", "finish")


class Cut(Exception):
    """The process was ended here."""


@pytest.fixture
async def gus(house: House) -> Patient:
    return await house.assembled.services.desk.register(AMARA, a_patient("Gus", "Gone", "09"))


def erasing(house: House) -> Erasing:
    return erasing_of(house.assembled.opened)


async def entries(house: House, patient: Patient) -> Sequence[tuple[AuditAction, AuditOutcome, str]]:
    async with house.assembled.opened.storage.reading() as uow:
        found = await uow.audit.entries()
    wanted = ("patient:erase", "patient:hold")
    mine = [each for each in found if patient.id in each.patient_ids and each.action.startswith(wanted)]
    return sorted((each.action, each.outcome, each.reason) for each in mine)


async def test_who_is_erased_is_gone_and_the_log_tells_it(house: House, gus: Patient) -> None:
    done = await erasing(house).erase(gus.id, Ground.MISTAKE, gus.birth_date)
    assert done.done_at is not None
    async with house.assembled.opened.storage.reading() as uow:
        with pytest.raises(Erased):
            await uow.patients.get(gus.id)
        assert await uow.patients.get(house.bo.id) == house.bo
    assert await entries(house, gus) == [
        (AuditAction.PATIENT_ERASED, AuditOutcome.SUCCESS, ""),
        (AuditAction.PATIENT_ERASURE_DONE, AuditOutcome.SUCCESS, ""),
    ]
    with pytest.raises(NotFound):
        await erasing(house).look(gus.id)
    assert await erasing(house).finish_all() == 0


async def test_what_must_be_kept_is_kept(house: House, gus: Patient) -> None:
    erases, born = erasing(house), gus.birth_date
    with pytest.raises(NotErased, match="date of birth"):
        await erases.erase(gus.id, Ground.COURT, None)
    with pytest.raises(NotErased, match="date of birth"):
        await erases.erase(gus.id, Ground.COURT, born + timedelta(days=1))
    with pytest.raises(BadInput):
        await erases.hold(gus.id, " ")
    await erases.hold(gus.id, "a court asks for it")
    with pytest.raises(NotErased, match="legal hold"):
        await erases.erase(gus.id, Ground.COURT, born)
    await erases.release(gus.id)
    with pytest.raises(NotErased):
        await erases.release(gus.id)
    await house.book(MONDAY + timedelta(days=3), patient=gus)
    with pytest.raises(NotErased, match="visits ahead"):
        await erases.erase(gus.id, Ground.COURT, born)
    house.clock.pass_by(days=5)
    for ground in (Ground.RETENTION, Ground.REQUEST):
        with pytest.raises(NotErased, match="still has to be kept"):
            await erases.erase(gus.id, ground, born)
    async with house.assembled.opened.storage.reading() as uow:
        assert await uow.patients.get(gus.id) == gus
    reasons = [reason for _, outcome, reason in await entries(house, gus) if outcome is AuditOutcome.REFUSED]
    assert reasons == ["birth-date", "birth-date", "hold", "retention", "retention", "visits"]
    for nobody in ("nobody", house.assembled.opened.custody.keyring.check):
        with pytest.raises(NotFound):
            await erases.erase(nobody, Ground.MISTAKE, born)
    house.clock.pass_by(days=3654)
    assert (await erases.erase(gus.id, Ground.RETENTION, born)).done_at is not None


@pytest.mark.parametrize("step", STEPS)
async def test_cut_at_any_step_it_is_ended_by_the_next_start(
    house: House, gus: Patient, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    erases = erasing(house)

    def cut(*_: Any) -> Any:
        raise Cut

    with monkeypatch.context() as here:
        if step == "shred":
            here.setattr(erases._keys, "shred", cut)
        elif step == "_delete":
            here.setattr(erases, "_delete", cut)
        else:
            here.setattr(erases._work.chance, "identifier", _after(1, erases._work.chance.identifier, cut))
        with pytest.raises(Cut):
            await erases.erase(gus.id, Ground.MISTAKE, gus.birth_date)
    assert await erasing(house).finish_all() == 1
    assert await erasing(house).finish_all() == 0
    async with house.assembled.opened.storage.reading() as uow:
        with pytest.raises(Erased):
            await uow.patients.get(gus.id)
    assert [action for action, _, _ in await entries(house, gus)] == ["patient:erase", "patient:erase:done"]


def _after(times: int, whole: Any, cut: Any) -> Any:
    """Something that goes well so many times, and is cut then."""
    left = [times]

    def called(*given: Any) -> Any:
        if not left[0]:
            return cut()
        left[0] -= 1
        return whole(*given)

    return called


async def test_what_a_backup_brings_back_of_the_erased_is_cleared_again(house: House, gus: Patient) -> None:
    opened = house.assembled.opened
    booked = await house.book(patient=gus)
    house.clock.pass_by(days=1)
    opened.custody.keyring.shred(gus.id)
    opened.custody.keyring.shred("signer:somebody")
    assert await left_of(house, gus) == {"patient_index", "visit_link", "outbox"}
    assert await erasing(house).finish_all() == 1
    assert await left_of(house, gus) == set()
    async with opened.storage.reading() as uow:
        known, row = await uow.erasures.get(gus.id), await uow.visits.row(booked.visit_id)
    assert known is not None
    assert known.done_at is not None
    assert replace(known, done_at=None).because is Ground.RETENTION
    assert row is not None, "that there was a visit is no secret of theirs"
    assert row.link is None


async def left_of(house: House, patient: Patient) -> set[str]:
    """The tables in which anything still leads to a patient."""
    own = select(visits.c.id).where(visits.c.patient_id == patient.id)
    async with house.assembled.opened.storage.engines[1].connect() as connection:
        counted = {
            table.name: (
                await connection.execute(select(func.count()).select_from(table).where(theirs))
            ).scalar()
            for table, theirs in (
                (patient_index, patient_index.c.patient_id == patient.id),
                (visit_link, visit_link.c.visit_id.in_(own)),
                (visit_session, visit_session.c.visit_id.in_(own)),
                (outbox, outbox.c.person_id == patient.id),
            )
        }
    return {name for name, count in counted.items() if count}


async def test_erasing_twice_keeps_when_it_was_and_takes_what_came_back(house: House, gus: Patient) -> None:
    erases = erasing(house)
    done = await erases.erase(gus.id, Ground.MISTAKE, gus.birth_date)
    house.clock.pass_by(days=1)
    spool = house.assembled.opened.config.exports / "an-export"
    spool.mkdir(parents=True)
    assert await erases.erase(gus.id, Ground.COURT, None) == done
    assert not spool.exists()
    async with house.assembled.opened.storage.reading() as uow:
        assert await uow.erasures.get(gus.id) == done
    assert [action for action, _, _ in await entries(house, gus)] == ["patient:erase", "patient:erase:done"]
    with pytest.raises(NotErased, match="nothing left"):
        await erases.hold(gus.id, "a court asks for it")


async def test_one_that_cannot_be_ended_keeps_no_other_waiting(
    house: House, gus: Patient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    erases, keys = erasing(house), house.assembled.opened.custody.keyring
    whole = keys.shred

    def broken(owner: str) -> int:
        if owner == gus.id:
            raise Cut
        return whole(owner)

    house.clock.pass_by(days=1)
    async with house.assembled.opened.storage.writing() as uow:
        for at, each in enumerate((gus, house.bo)):
            begun = house.clock.now() + timedelta(minutes=at)
            await uow.erasures.add(Erasure(each.id, each.organization_id, Ground.COURT, begun))
    with monkeypatch.context() as here:
        here.setattr(keys, "shred", broken)
        assert await erases.finish_all() == 1
    assert "could not be ended" in caplog.text
    async with house.assembled.opened.storage.reading() as uow:
        assert [each.patient_id for each in await uow.erasures.unfinished()] == [gus.id]
    assert await erases.finish_all() == 1
