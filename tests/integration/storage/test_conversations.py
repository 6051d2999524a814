"""What was said in writing as rows, one contract for fake and real: in order, each key and number once."""

import pytest

from telehealth.domain.conversation import Utterance
from telehealth.domain.errors import StaleVersion
from telehealth.domain.guests import GuestKind
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]


async def said(units: Units, *utterances: Utterance) -> None:
    async with units.writing() as uow:
        for each in utterances:
            await uow.conversations.add(each)


async def test_what_was_said_comes_back_in_order_and_to_the_letter(units: Units) -> None:
    first = cast.utterance(1)
    second = cast.utterance(2, text="¿Le duele? \u200f\u0646\u0639\u0645", part=GuestKind.INTERPRETER)
    await said(units, second, first)
    async with units.reading() as uow:
        assert await uow.conversations.since("visit-1", 0, 10) == [first, second]
        assert await uow.conversations.since("visit-1", 1, 10) == [second]
        assert await uow.conversations.since("visit-1", 0, 1) == [first]
        assert await uow.conversations.since("another", 0, 10) == []
        assert await uow.conversations.last("visit-1") == 2
        assert await uow.conversations.last("another") == 0


async def test_a_speaker_is_found_by_the_own_key_and_by_nobody_elses(units: Units) -> None:
    mine = cast.utterance(1, key="one")
    his = cast.utterance(2, key="one", author_id=cast.BO.id)
    await said(units, mine, his)
    async with units.reading() as uow:
        assert await uow.conversations.by_key("visit-1", cast.AMARA.id, "one") == mine
        assert await uow.conversations.by_key("visit-1", cast.BO.id, "one") == his
        assert await uow.conversations.by_key("visit-1", cast.AMARA.id, "two") is None
        assert await uow.conversations.by_key("another", cast.AMARA.id, "one") is None


@pytest.mark.parametrize("again", [cast.utterance(1, id="2", key="2"), cast.utterance(2, key="key-1")])
async def test_a_number_and_a_key_are_taken_once(units: Units, again: Utterance) -> None:
    await said(units, cast.utterance(1))
    with pytest.raises(StaleVersion):
        await said(units, again)
