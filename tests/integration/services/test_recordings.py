"""Consents to a recording and what becomes of it: who may say what, how it ends, and when it is erased."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, NotPermitted, OtherDevice, Unavailable, WrongState
from telehealth.domain.recording import Answer, Why
from telehealth.services.recordings import Recordings
from tests.cast import ADA, AMARA, CARLA, House
from tests.fakes.recordings import FakeFilm, FakeTapes
from tests.integration.services.waiting import actions


class Call:
    """Bo and Dr Amara in their call, and the service that keeps recordings of it."""

    def __init__(self, house: House, visit_id: str, bo: Actor) -> None:
        self.house, self.visit_id, self.bo = house, visit_id, bo
        self.work = house.assembled.opened.work
        self.tapes = FakeTapes()
        self.service = Recordings(work=self.work, tapes=self.tapes, offered=True, days=30)

    async def recorded(self) -> str:
        """A recording that both agreed to, and that ended."""
        asked = await self.service.ask(AMARA, self.visit_id, "s")
        await self.service.answer(self.bo, self.visit_id, asked.id, "p", Answer.AGREED)
        await self.service.begun(asked.id)
        self.tapes.films = {(asked.id, who): FakeFilm(b"webm") for who in ("p", "s")}
        await self.service.ended(asked.id, Why.STOPPED, {"p": 3, "s": 2})
        return asked.id


@pytest.fixture
async def call(house: House) -> Call:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.admit(booked)
    return Call(house, booked.visit_id, bo)


async def test_what_all_said_and_whose_pictures_there_are_is_kept(call: Call) -> None:
    recording = await call.recorded()
    async with call.work.units.reading() as uow:
        kept = await uow.recordings.get(recording)
        said = [(each.participant, each.answer) for each in await uow.recordings.answers(recording)]
    assert kept is not None
    assert sorted(said) == [("p", Answer.AGREED), ("s", Answer.AGREED)]
    assert [(each.participant, each.records) for each in kept.views] == [("p", 3), ("s", 2)]
    assert all(each.name for each in kept.views)
    [shown] = (await call.service.of_visit(AMARA, call.visit_id)).recordings
    assert shown.milliseconds
    played = await call.service.play(AMARA, recording, "p", export=False)
    assert await played.film.read(0, 4) == b"webm"
    entered = await actions(call.house)
    for action in ("ASKED", "AGREED", "STARTED", "ENDED", "LISTED", "PLAYED"):
        assert AuditAction[f"RECORDING_{action}"] in entered


async def test_where_nothing_was_written_nothing_is_kept_but_what_was_said(call: Call) -> None:
    asked = await call.service.ask(AMARA, call.visit_id, "s")
    await call.service.answer(call.bo, call.visit_id, asked.id, "p", Answer.DECLINED)
    await call.service.ended(asked.id, Why.DECLINED, {})
    async with call.work.units.reading() as uow:
        kept = await uow.recordings.get(asked.id)
    assert kept is not None
    assert (kept.key, kept.views, kept.erased_at is None) == ("", (), False)
    assert (await call.service.of_visit(AMARA, call.visit_id)).recordings == []
    with pytest.raises(WrongState):
        await call.service.answer(call.bo, call.visit_id, asked.id, "p", Answer.AGREED)


async def test_a_server_that_went_without_a_word_leaves_none_running(call: Call) -> None:
    asked = await call.service.ask(AMARA, call.visit_id, "s")
    await call.service.answer(call.bo, call.visit_id, asked.id, "p", Answer.AGREED)
    await call.service.begun(asked.id)
    await call.service.nobody_records()
    async with call.work.units.reading() as uow:
        assert await uow.recordings.unended() == []
        kept = await uow.recordings.get(asked.id)
    assert kept is not None
    assert [(each.participant, each.records) for each in kept.views] == [("p", None), ("s", None)]


async def test_it_is_erased_when_its_time_is_over_and_what_was_said_stays(call: Call) -> None:
    recording = await call.recorded()
    call.house.clock.pass_by(days=29)
    await call.service.erase_overdue()
    assert call.tapes.films
    call.house.clock.pass_by(days=1)
    await call.service.erase_overdue()
    assert call.tapes.films == {}
    async with call.work.units.reading() as uow:
        kept = await uow.recordings.get(recording)
        assert len(await uow.recordings.answers(recording)) == 2
    assert kept is not None
    assert kept.key == ""
    assert AuditAction.RECORDING_ERASED in await actions(call.house)


async def test_a_stranger_is_refused(call: Call) -> None:
    recording = await call.recorded()
    service, visit = call.service, call.visit_id
    for stranger, refused in ((CARLA, NotPermitted), (ADA, NotPermitted)):
        with pytest.raises(refused):
            await service.ask(stranger, visit, "s")
        with pytest.raises(refused):
            await service.of_visit(stranger, visit)
        with pytest.raises(refused):
            await service.play(stranger, recording, "p", export=False)
    with pytest.raises(NotFound):
        await service.ask(call.bo, visit, "p")
    with pytest.raises(NotFound):
        await service.play(call.bo, recording, "p", export=False)
    with pytest.raises(NotFound):
        await service.answer(call.bo, visit, "another", "p", Answer.AGREED)
    with pytest.raises(OtherDevice):
        await service.answer(replace(call.bo, session_id="s-2"), visit, recording, "p", Answer.AGREED)


async def test_what_is_not_offered_cannot_be_asked_for(call: Call) -> None:
    off = Recordings(work=call.work, tapes=call.tapes, offered=False, days=30)
    with pytest.raises(Unavailable):
        await off.ask(AMARA, call.visit_id, "s")
