"""Erasing a patient over real storage and keys: refused with reason, cut at every step and ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telehealth.background import erasing_of
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.erasure import Ground
from telehealth.domain.errors import BadInput, Erased, NotFound
from telehealth.domain.people import Patient
from telehealth.services.erasing import Erasing, NotErased
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
    opened.custody.keyring.shred(gus.id)
    opened.custody.keyring.shred("signer:somebody")
    assert await erasing(house).finish_all() == 1
    async with opened.storage.reading() as uow:
        known = await uow.erasures.get(gus.id)
    assert known is not None
    assert known.done_at is not None
    assert replace(known, done_at=None).because is Ground.RETENTION
