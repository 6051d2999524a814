"""Feedback and line tracks as rows, one contract for fake and real: versions, and counts without names."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.consultation import Connection
from telehealth.domain.errors import StaleVersion
from telehealth.domain.feedback import Answer, Counted, Feedback, Track, Trouble
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, BO, CY, NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

BOS = Feedback(
    "visit-1", BO.id, AMARA.id, AMARA.organization_id, Answer.PARTLY, (Trouble.SOUND, Trouble.WAITING), NOW
)
TRACK = Track("visit-1", Connection.POOR, NOW, version=1)


async def test_an_answer_comes_back_and_is_changed_over_its_version(units: Units) -> None:
    async with units.writing() as uow:
        assert await uow.feedback.given(["visit-1"]) == {}
        await uow.feedback.put(BOS)
        changed = replace(BOS, answer=Answer.YES, troubles=(), version=2)
        await uow.feedback.put(changed)
    async with units.reading() as uow:
        assert await uow.feedback.given(["visit-1", "other"]) == {"visit-1": changed}


@pytest.mark.parametrize("version", [1, 3])
async def test_an_answer_over_any_other_version_is_refused(units: Units, version: int) -> None:
    async with units.writing() as uow:
        await uow.feedback.put(BOS)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.feedback.put(replace(BOS, answer=Answer.NO, version=version))
    async with units.reading() as uow:
        assert await uow.feedback.given(["visit-1"]) == {"visit-1": BOS}


async def test_a_track_comes_back_and_is_changed_over_its_version(units: Units) -> None:
    following = TRACK.then(Connection.GOOD, NOW + timedelta(minutes=2))
    async with units.writing() as uow:
        await uow.feedback.put_track(TRACK)
        await uow.feedback.put_track(following)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.feedback.put_track(following)
    async with units.reading() as uow:
        assert await uow.feedback.tracks(["visit-1", "other"]) == {"visit-1": following}


async def test_counts_name_nobody_and_leave_tests_and_others_out(units: Units) -> None:
    async with units.writing() as uow:
        for name, test in (("2", False), ("3", True)):
            booked = cast.appointment(name, NOW + timedelta(hours=int(name)), CY)
            await uow.appointments.book(booked, cast.claims(booked))
            await uow.visits.add(replace(cast.visit(booked, name), test=test))
            cys = replace(BOS, visit_id=f"visit-{name}", patient_id=CY.id)
            await uow.feedback.put(replace(cys, answer=Answer.PARTLY))
        await uow.feedback.put(BOS)
        counted = await uow.feedback.counted(AMARA.organization_id, NOW)
        assert counted == [Counted(Answer.PARTLY, BOS.troubles, 2)]
        assert await uow.feedback.counted("elsewhere", NOW) == []
        assert await uow.feedback.counted(AMARA.organization_id, NOW + timedelta(seconds=1)) == []
