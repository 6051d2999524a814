"""What is written in a call is kept once, in order, for the members of that call and nobody else."""

import asyncio
from dataclasses import replace

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.conversation import UTTERANCE_LIMIT, Kind, Phrase, Speech, Utterance
from telehealth.domain.errors import NotFound, NotPermitted, OtherDevice, VisitClosed, WrongState
from telehealth.domain.seating import Seat
from telehealth.services import conversation
from telehealth.services.conversation import PAGE, Conversation
from tests.cast import ADA, AMARA, CARLA, CY, NOOR, House
from tests.integration.services.waiting import actions


def caption(key: str, text: str = "How long have you had the cough?") -> Speech:
    return Speech(key, Kind.CAPTION, Phrase.OWN, text)


YES = Speech("a-yes", Kind.CHAT, Phrase.YES, "")


class Call:
    """Bo and Dr Amara in their call."""

    def __init__(self, house: House, visit_id: str, bo: Actor) -> None:
        self.desk: Conversation = house.assembled.services.conversation
        self.house, self.visit_id, self.bo = house, visit_id, bo

    async def amara_says(self, speech: Speech) -> Utterance:
        return await self.desk.say(AMARA, self.visit_id, speech, self.seat("s", "Dr Amara Diallo"))

    async def bo_says(self, speech: Speech) -> Utterance:
        return await self.desk.say(self.bo, self.visit_id, speech, self.seat("p", "Bo"))

    def seat(self, who: str = "s", name: str = "Cy") -> Seat:
        return Seat(self.visit_id, who, "", name, polite=True, relay_only=False)

    async def heard_by(self, actor: Actor) -> list[str]:
        heard = await self.desk.hear(actor, self.visit_id, 0)
        return [each.text or each.phrase for each in heard.said]


@pytest.fixture
async def call(house: House) -> Call:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.admit(booked)
    return Call(house, booked.visit_id, bo)


async def test_both_hear_the_same_in_the_same_order(call: Call) -> None:
    assert (await call.amara_says(caption("1", "Do you hear me?"))).seq == 1
    assert (await call.bo_says(YES)).seq == 2
    assert await call.heard_by(call.bo) == await call.heard_by(AMARA) == ["Do you hear me?", "yes"]
    [last] = (await call.desk.hear(call.bo, call.visit_id, 1)).said
    assert (last.sender, last.name, last.seq) == ("p", "Bo", 2)


async def test_what_is_said_again_under_its_key_was_said_once(call: Call) -> None:
    first = await call.amara_says(caption("1"))
    assert await call.amara_says(caption("1")) == first
    assert (await call.bo_says(caption("1", "About two weeks"))).seq == 2, "Bo's keys are Bo's own"
    assert len(await call.heard_by(AMARA)) == 2
    assert (await actions(call.house)).count(AuditAction.VISIT_SAID) == 2


async def test_many_at_once_get_each_a_number_of_their_own(call: Call) -> None:
    every = [call.bo_says(caption(str(n))) for n in range(5)]
    every += [call.amara_says(caption(str(n))) for n in range(5)]
    said = await asyncio.gather(*every)
    assert sorted(each.seq for each in said) == list(range(1, 11))


async def test_who_wrote_and_when_is_entered_and_not_what(call: Call) -> None:
    await call.bo_says(caption("1", "My ankles swell"))
    async with call.house.assembled.opened.storage.reading() as uow:
        [entry] = [each for each in await uow.audit.entries() if each.action is AuditAction.VISIT_SAID]
    assert (entry.actor_id, entry.entity_id, entry.reason) == (call.bo.id, call.visit_id, "caption")
    assert "ankles" not in str(entry)


async def test_more_than_a_page_is_told_in_pages(call: Call) -> None:
    for n in range(PAGE + 2):
        await call.bo_says(caption(str(n), f"line {n}"))
    first = await call.desk.hear(AMARA, call.visit_id, 0)
    rest = await call.desk.hear(AMARA, call.visit_id, first.last)
    assert (len(first.said), first.last, first.more) == (PAGE, PAGE, True)
    assert (len(rest.said), rest.last, rest.more) == (2, PAGE + 2, False)
    assert (await call.desk.hear(AMARA, call.visit_id, rest.last)).last == rest.last


@pytest.mark.parametrize(
    "stranger,refusal", [(CY, NotFound), (NOOR, NotPermitted), (CARLA, NotPermitted), (ADA, NotPermitted)]
)
async def test_a_stranger_is_refused(call: Call, stranger: Actor, refusal: type[Exception]) -> None:
    await call.bo_says(YES)
    foreign = replace(call.bo, id="cy", visit_id="visit-of-cy")
    for actor, kind in ((stranger, refusal), (foreign, NotFound)):
        with pytest.raises(kind):
            await call.desk.say(actor, call.visit_id, YES, call.seat())
        with pytest.raises(kind):
            await call.desk.hear(actor, call.visit_id, 0)
    for actor in (stranger, call.bo):
        with pytest.raises((NotFound, NotPermitted)):
            await call.desk.of_visit(actor, call.visit_id)


async def test_another_device_of_the_patient_hears_nothing(call: Call) -> None:
    elsewhere = replace(call.bo, session_id="session-of-another-phone")
    with pytest.raises(OtherDevice):
        await call.desk.say(elsewhere, call.visit_id, YES, call.seat("p"))
    with pytest.raises(OtherDevice):
        await call.desk.hear(elsewhere, call.visit_id, 0)


async def test_nothing_is_said_before_the_call_or_after_it_but_the_specialist_may_read(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    call = Call(house, booked.visit_id, bo)
    for actor in (AMARA, bo):
        with pytest.raises(VisitClosed):
            await call.desk.hear(actor, call.visit_id, 0)
    await house.admit(booked)
    await call.amara_says(caption("1"))
    await house.assembled.services.consulting.end(AMARA, call.visit_id)
    with pytest.raises(VisitClosed):
        await call.bo_says(YES)
    assert [each.key for each in await call.desk.of_visit(AMARA, call.visit_id)] == ["1"]
    assert AuditAction.CONVERSATION_READ in await actions(house)


async def test_a_conversation_has_an_end(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert UTTERANCE_LIMIT == 1000
    monkeypatch.setattr(conversation, "UTTERANCE_LIMIT", 1)
    await call.bo_says(YES)
    with pytest.raises(WrongState, match="No more can be written"):
        await call.bo_says(caption("2"))
    assert (await call.bo_says(YES)).seq == 1, "what was said before is acknowledged all the same"
