"""How a call's line was stands beside what the patient said: kept from word to word, on either database."""

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.consultation import Connection, Device
from telehealth.domain.feedback import Answer, Track, Trouble
from telehealth.services.feedback import Said
from tests.cast import AMARA, MONDAY, House

WORDS = (
    (Connection.POOR, 60),
    (Connection.AUDIO_ONLY, 120),
    (Connection.AWAY, 150),
    (Connection.GOOD, 170),
    (Connection.FAIR, 200),
)
"""Each word of the line, and how many seconds after Admit it came."""


async def called(house: House, *words: tuple[Connection, int], seconds: int) -> tuple[str, Actor]:
    """Bo's call with its line's words, so many seconds long."""
    booked = await house.book()
    bo = await house.wait(booked)
    services = house.assembled.services
    await services.attending.device(bo, Device.READY)
    await services.attending.connection(bo, Connection.GOOD)
    await house.admit(booked)
    passed = 0
    for word, at in words:
        house.clock.pass_by(seconds=at - passed)
        await services.attending.connection(bo, word)
        passed = at
    house.clock.pass_by(seconds=seconds - passed)
    await services.consulting.end(AMARA, booked.visit_id)
    return booked.visit_id, bo


async def looked_back(house: House) -> Said:
    (said,) = (await house.assembled.services.overview.feedback.day(AMARA, MONDAY.date())).visits
    return said


def figures(track: Track | None) -> tuple[int, int, int, int]:
    assert track is not None
    return track.slow, track.sound_only, track.lost, track.breaks


async def test_the_seconds_of_every_bad_word_stand_beside_the_answer(house: House) -> None:
    visit, bo = await called(house, *WORDS, seconds=600)
    await house.assembled.services.after.say(bo, Answer.PARTLY, [Trouble.SOUND])
    said = await looked_back(house)
    assert (said.row.visit.id, figures(said.track)) == (visit, (60, 30, 20, 1))
    assert said.feedback is not None
    assert said.feedback.answer is Answer.PARTLY


async def test_a_call_whose_word_never_changed_was_good_all_along(house: House) -> None:
    await called(house, seconds=600)
    said = await looked_back(house)
    assert said.feedback is None
    assert said.track is not None
    assert said.track.good


async def test_a_page_that_was_loaded_again_stands_as_no_drop(house: House) -> None:
    await called(house, (Connection.RECONNECTING, 100), (Connection.GOOD, 104), seconds=600)
    track = (await looked_back(house)).track
    assert figures(track) == (0, 0, 0, 0)
    assert track is not None
    assert track.good


async def test_who_went_before_the_end_and_never_came_back_is_told_apart(house: House) -> None:
    await called(house, (Connection.AWAY, 300), seconds=600)
    track = (await looked_back(house)).track
    assert figures(track) == (0, 0, 0, 0)
    assert track is not None
    assert track.gone


@pytest.mark.parametrize("word", [Connection.POOR, Connection.AWAY])
async def test_what_the_line_was_like_in_the_waiting_room_does_not_count(
    house: House, word: Connection
) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    for each in (word, Connection.GOOD):
        await house.assembled.services.attending.connection(bo, each)
        house.clock.pass_by(seconds=60)
    await house.admit(booked)
    house.clock.pass_by(seconds=60)
    await house.assembled.services.consulting.end(AMARA, booked.visit_id)
    track = (await looked_back(house)).track
    assert track is not None
    assert track.good
