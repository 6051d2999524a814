"""How a line was during a call is reckoned from its words; troubles are kept once each."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.consultation import Connection
from telehealth.domain.feedback import BLINK, COUNTED, LOST, Track, Trouble, in_order

BEGUN = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def test_a_call_without_a_bad_word_was_good_all_along() -> None:
    track = Track("v", Connection.GOOD, BEGUN).then(Connection.FAIR, after(60)).until(after(600))
    assert track.good
    assert (track.slow, track.sound_only, track.lost) == (0, 0, 0)


def test_each_bad_word_is_counted_until_the_next_one() -> None:
    track = Track("v", Connection.GOOD, BEGUN)
    for word, at in (
        (Connection.POOR, 10),
        (Connection.AUDIO_ONLY, 40),
        (Connection.RECONNECTING, 100),
        (Connection.AWAY, 105),
        (Connection.GOOD, 125),
        (Connection.AWAY, 200),
    ):
        track = track.then(word, after(at))
    over = track.over(after(230))
    assert (over.slow, over.sound_only, over.lost, over.breaks) == (30, 60, 25, 1)
    assert over.gone
    assert not over.good


def test_the_last_word_counts_until_the_end() -> None:
    over = Track("v", Connection.GOOD, BEGUN).then(Connection.POOR, after(10)).over(after(70))
    assert (over.slow, over.gone, over.good) == (60, False, False)


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    track = Track("v", Connection.POOR, BEGUN).until(after(-30))
    assert (track.slow, track.since) == (0, BEGUN)


@pytest.mark.parametrize("words", [(Connection.RECONNECTING,), (Connection.RECONNECTING, Connection.AWAY)])
@pytest.mark.parametrize("gap, breaks", [(4, 0), (9.9, 0), (10, 1), (30, 1)])
def test_a_page_that_was_loaded_again_is_no_drop_and_a_longer_gap_is_one(
    words: tuple[Connection, ...], gap: float, breaks: int
) -> None:
    track = Track("v", Connection.GOOD, BEGUN)
    for number, word in enumerate(words):
        track = track.then(word, after(60 + number * gap / 2))
    track = track.then(Connection.GOOD, after(60 + gap))
    assert (track.breaks, track.lost, track.good) == (breaks, round(gap) * breaks, not breaks)
    assert track.since == after(60 + gap)


@given(st.lists(st.tuples(st.sampled_from(Connection), st.integers(0, 500))))
def test_no_second_is_lost_or_counted_twice(words: list[tuple[Connection, int]]) -> None:
    track, at, expected, gap = Track("v", Connection.GOOD, BEGUN), 0, 0, 0
    word = Connection.GOOD
    for following, seconds in words:
        at += seconds
        gap = gap + seconds if word in LOST else 0
        if word not in LOST:
            expected += seconds if word in COUNTED else 0
        elif following not in LOST and timedelta(seconds=gap) >= BLINK:
            expected += gap
        track, word = track.then(following, after(at)), following
    assert track.slow + track.sound_only + track.lost == expected
    assert track.version == len(words)
    assert track.breaks <= sum(each in LOST for each, _ in words)


@given(st.lists(st.sampled_from(Trouble)))
def test_troubles_are_named_once_each_and_in_one_order(troubles: list[Trouble]) -> None:
    named = in_order(troubles)
    assert set(named) == set(troubles)
    assert named == in_order(reversed(troubles))
