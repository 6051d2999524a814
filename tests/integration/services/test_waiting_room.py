"""The honest waiting room: what the clinic says reaches who waits, once, and survives a restart."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.app import assemble
from telehealth.domain.audit import AuditAction
from telehealth.domain.clinic_message import Prepared, Words
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, VisitClosed, WrongState
from telehealth.domain.notices import MessageLeft, RunningChanged
from telehealth.domain.outbox import Channel
from telehealth.domain.queue import Priority, Reason, TextMe, Why
from telehealth.domain.visiting import GRACE
from telehealth.services.trail import Once
from tests.cast import AMARA, CARLA, CY, HOSPITAL, MONDAY, NOOR, House
from tests.integration.services.waiting import SLOT, Waiting, actions, line, pushed, view

NEARLY = Words(Prepared.NEARLY)


async def test_who_is_admitted_moves_the_others_up_and_only_they_are_told(house: House) -> None:
    bo, di, ed = await line(house, 3)
    await house.assembled.announcer.lines.settle()
    assert [place.ahead for place in pushed(house)] == [0, 1, 2]
    house.heard.notices.clear()
    await house.assembled.services.consulting.admit(AMARA, bo.visit_id)
    await house.assembled.announcer.lines.settle()
    assert {place.visit_id: place.ahead for place in pushed(house)} == {di.visit_id: 0, ed.visit_id: 1}
    house.heard.notices.clear()
    await house.assembled.announcer.lines.tick()
    await house.assembled.announcer.lines.settle()
    assert pushed(house) == [], "what has not changed is not told again"


async def test_who_is_urgent_goes_first_and_the_others_learn_why(house: House) -> None:
    bo, di = await line(house, 2)
    await house.assembled.announcer.lines.settle()
    await house.assembled.services.waiting.line.prioritize(AMARA, di.visit_id, Priority.URGENT)
    await house.assembled.announcer.lines.settle()
    assert (await view(house, bo)).place.ahead == 1
    assert (await view(house, bo)).place.why is Why.URGENT_FIRST
    assert (await view(house, di)).place.ahead == 0
    assert AuditAction.VISIT_PRIORITIZED in await actions(house)


async def test_staff_of_a_clinic_concerned_may_say_who_is_urgent_and_no_stranger(house: House) -> None:
    (bo,) = await line(house, 1)
    desk = house.assembled.services.waiting.line
    for stranger, refusal in ((CY, NotFound), (NOOR, NotFound), (CARLA, NotPermitted)):
        with pytest.raises(refusal):
            await desk.prioritize(stranger, bo.visit_id, Priority.URGENT)
    assert (
        await desk.prioritize(replace(NOOR, organization_id=HOSPITAL), bo.visit_id, Priority.URGENT)
    ).priority is Priority.URGENT
    await house.assembled.services.consulting.admit(AMARA, bo.visit_id)
    await house.assembled.services.consulting.end(AMARA, bo.visit_id)
    with pytest.raises(VisitClosed):
        await desk.prioritize(AMARA, bo.visit_id, Priority.ROUTINE)


async def test_late_and_paused_are_told_with_the_reason_and_survive_a_restart(house: House) -> None:
    (bo,) = await line(house, 1)
    running = house.assembled.services.waiting.running
    await running.late(AMARA, 20, Reason.EMERGENCY)
    assert (await view(house, bo)).place.late == 20
    paused = await running.pause(AMARA, Reason.TECHNICAL)
    assert (await view(house, bo)).place.paused
    assert (await view(house, bo)).place.why is Why.TECHNICAL
    after_a_restart = assemble(house.assembled.opened).services.attending
    assert (await after_a_restart.view(bo.visitor)).place.paused
    assert paused.late_minutes == 20
    assert [n.late_minutes for n in house.heard.notices if isinstance(n, RunningChanged)] == [20, 20]
    await running.resume(AMARA)
    await running.resume(AMARA)
    assert not (await view(house, bo)).place.paused
    kept = await actions(house)
    assert kept.count(AuditAction.CLINIC_RESUMED) == 1, "a second press changes nothing"
    assert {AuditAction.CLINIC_LATE, AuditAction.CLINIC_PAUSED} <= set(kept)


@pytest.mark.parametrize("how", ["admit", "phone"])
async def test_who_calls_somebody_is_back_from_the_break(house: House, how: str) -> None:
    bo, di = await line(house, 2)
    running, consulting = house.assembled.services.waiting.running, house.assembled.services.consulting
    await running.late(AMARA, 20, Reason.LONGER)
    await running.pause(AMARA, Reason.BREAK)
    assert (await view(house, di)).place.paused
    house.heard.notices.clear()
    await getattr(consulting, how)(AMARA, bo.visit_id)
    await house.assembled.announcer.lines.settle()
    place = (await view(house, di)).place
    assert (place.paused, place.late, place.why) == (False, 20, Why.LONGER)
    assert [n.paused for n in house.heard.notices if isinstance(n, RunningChanged)] == [False]
    assert [place.paused for place in pushed(house)] == [False]
    await getattr(consulting, how)(AMARA, bo.visit_id)
    assert (await actions(house)).count(AuditAction.CLINIC_RESUMED) == 1


async def test_a_new_day_begins_without_yesterdays_word(house: House) -> None:
    running = house.assembled.services.waiting.running
    await running.pause(AMARA, Reason.BREAK)
    house.clock.pass_by(hours=24)
    assert (await house.assembled.services.clinic.day(AMARA)).running is None
    await running.late(AMARA, 10, Reason.NONE)
    state = (await house.assembled.services.clinic.day(AMARA)).running
    assert state is not None
    assert (state.late_minutes, state.paused) == (10, False)


async def test_a_message_is_left_once_however_often_it_is_sent(house: House) -> None:
    bo, di = await line(house, 2)
    messages, key = house.assembled.services.waiting.messages, Once(AMARA.id, "one-key-of-a-page", bytes(32))
    own = Words(Prepared.OWN, "  Please bring the Holter.  ", "en")
    for _ in range(2):
        assert await messages.send(AMARA, bo.visit_id, own, key) == 1
    [left] = (await view(house, bo)).messages
    assert (left.text, left.language, left.prepared) == ("Please bring the Holter.", "en", Prepared.OWN)
    assert (await view(house, di)).messages == []
    told = [notice.visit_id for notice in house.heard.notices if isinstance(notice, MessageLeft)]
    assert set(told) == {bo.visit_id}
    assert AuditAction.CLINIC_MESSAGE_LEFT in await actions(house)


async def test_a_message_to_all_reaches_everybody_who_waits(house: House) -> None:
    bo, di = await line(house, 2)
    booked = await house.book(MONDAY + 5 * SLOT)
    key = Once(AMARA.id, "another-key-of-a-page", bytes(32))
    for _ in range(2):
        assert await house.assembled.services.waiting.messages.send_all(AMARA, NEARLY, key) == 2
    assert [each.prepared for each in (await view(house, bo)).messages] == [Prepared.NEARLY]
    assert len((await view(house, di)).messages) == 1
    with pytest.raises(WrongState):
        await house.assembled.services.waiting.messages.send(AMARA, booked.visit_id, NEARLY)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
async def test_a_message_says_something_and_not_too_much(house: House, text: str) -> None:
    (bo,) = await line(house, 1)
    words = Words(Prepared.OWN, text, "en")
    with pytest.raises(BadInput):
        await house.assembled.services.waiting.messages.send(AMARA, bo.visit_id, words)
    with pytest.raises(BadInput):
        await house.assembled.services.waiting.messages.send_all(AMARA, words)


async def test_who_asked_for_a_message_gets_one_when_one_is_before_them(house: House) -> None:
    bo, di, ed = await line(house, 3)
    attending = house.assembled.services.attending
    await attending.text_me(ed.visitor, wanted=True)
    await house.assembled.announcer.lines.settle()
    assert (await view(house, ed)).text_me is TextMe.WANTED
    assert await nearly(house, ed) == 0
    await house.assembled.services.consulting.admit(AMARA, bo.visit_id)
    for _ in range(3):
        await house.assembled.announcer.lines.tick()
        await house.assembled.announcer.lines.settle()
    assert await nearly(house, ed) == 1
    assert (await view(house, ed)).text_me is TextMe.SENT
    await attending.text_me(ed.visitor, wanted=True)
    await house.assembled.announcer.lines.settle()
    assert await nearly(house, ed) == 1, "once is enough"
    assert await nearly(house, di) == 0


async def test_who_is_called_before_anybody_looked_gets_the_message_with_the_call(
    house: House,
) -> None:
    (bo,) = await line(house, 1)
    await house.assembled.services.attending.text_me(bo.visitor, wanted=True)
    await house.assembled.services.consulting.admit(AMARA, bo.visit_id)
    assert await nearly(house, bo) == 1


async def test_a_wish_for_a_message_can_be_taken_back_and_needs_the_waiting_room(house: House) -> None:
    bo, di, ed = await line(house, 3)
    attending = house.assembled.services.attending
    await attending.text_me(ed.visitor, wanted=True)
    await attending.text_me(ed.visitor, wanted=False)
    await house.assembled.services.consulting.admit(AMARA, bo.visit_id)
    await house.assembled.announcer.lines.settle()
    assert await nearly(house, ed) == 0
    await attending.step_out(di.visitor)
    with pytest.raises(WrongState):
        await attending.text_me(di.visitor, wanted=True)


async def test_who_did_not_attend_is_out_and_coming_after_all_undoes_it(house: House) -> None:
    booked = await house.book()
    desk = house.assembled.services.waiting.line
    for stranger, refusal in ((CY, NotFound), (NOOR, NotPermitted)):
        with pytest.raises(refusal):
            await desk.miss(stranger, booked.visit_id)
    house.clock.at = booked.appointment.start + GRACE - timedelta(seconds=1)
    with pytest.raises(WrongState):
        await desk.miss(AMARA, booked.visit_id)
    house.clock.at += timedelta(seconds=1)
    assert (await desk.miss(AMARA, booked.visit_id)).status is VisitStatus.MISSED
    bo = await house.wait(booked)
    assert (await house.assembled.services.attending.view(bo)).visit.status is VisitStatus.WAITING
    with pytest.raises(WrongState):
        await desk.miss(AMARA, booked.visit_id)


async def test_a_stranger_says_nothing_in_another_clinic(house: House) -> None:
    (bo,) = await line(house, 1)
    waiting = house.assembled.services.waiting
    with pytest.raises(NotFound):
        await waiting.messages.send(CY, bo.visit_id, NEARLY)
    assert await waiting.messages.send_all(CY, NEARLY) == 0
    await waiting.running.pause(CY, Reason.BREAK)
    assert not (await view(house, bo)).place.paused, "Cy pauses the own clinic only"
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: waiting.running.pause(NOOR, Reason.BREAK),
        lambda: waiting.running.late(CARLA, 5, Reason.NONE),
        lambda: waiting.messages.send_all(NOOR, NEARLY),
    ]
    for step in steps:
        with pytest.raises(NotPermitted):
            await step()


async def nearly(house: House, booked: Waiting) -> int:
    """Return how many short messages say that it is nearly their turn."""
    async with house.assembled.opened.work.units.reading() as uow:
        written = [(each.template, each.channel) for each in await uow.outbox.of_visit(booked.visit_id)]
    return written.count(("visit-nearly", Channel.SMS))
