"""The score of a recorded voice: clean is about 1, noise is low, and what was stretched is still found."""

import numpy as np
import pytest

from tests.conftest import is_missing
from tests.laboratory import scoring, voice
from tests.laboratory.voice import RATE, Sound
from tests.services import programs


@pytest.fixture(scope="module")
def sentences() -> list[Sound]:
    if programs.espeak() is None:
        is_missing("espeak-ng")
    return voice.said()


@pytest.fixture(scope="module")
def round_of(sentences: list[Sound]) -> Sound:
    """A little more than one round, from the middle of a sentence on, as recordings begin."""
    return np.concatenate([*sentences, *sentences])[RATE : RATE * 15]


def test_a_clean_recording_scores_about_one(sentences: list[Sound], round_of: Sound) -> None:
    heard = scoring.scored(round_of, sentences)
    assert len(heard) == 3
    assert min(one.score for one in heard) > 0.99


def test_noise_alone_scores_low_and_silence_nothing(sentences: list[Sound], round_of: Sound) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, len(round_of))
    assert scoring.mean(scoring.scored(noise, sentences)) < 0.5
    assert scoring.mean(scoring.scored(np.zeros(len(round_of)), sentences)) < 0.1


def test_half_of_the_sound_is_half_understood(sentences: list[Sound], round_of: Sound) -> None:
    holes = round_of.copy()
    for start in range(0, len(holes), RATE // 5):
        holes[start : start + RATE // 10] = 0
    assert 0.2 < scoring.mean(scoring.scored(holes, sentences)) < 0.75


def test_what_comes_later_and_later_is_found_all_the_same(sentences: list[Sound], round_of: Sound) -> None:
    late = np.concatenate([round_of[: 5 * RATE], np.zeros(RATE // 3), round_of[5 * RATE :]])
    heard = scoring.scored(late, sentences)
    assert heard[-1].score > 0.95
    assert scoring.mean(heard, since=heard[-1].at) == heard[-1].score
