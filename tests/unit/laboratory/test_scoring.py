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


def stretched(sound: Sound, by: float) -> Sound:
    """Every half of a second longer or shorter by that share in turn, as jitter buffers do it."""
    half, piece = RATE // 2, RATE // 50
    parts = []
    for number, start in enumerate(range(0, len(sound) - half, half)):
        part = sound[start : start + half]
        for at in range(0, int(by * half), piece):
            where = 4 * at
            twice = part[where : where + piece] if number % 2 else np.zeros(0)
            part = np.concatenate([part[:where], twice, part[where + piece * (number % 2 == 0) :]])
        parts.append(part)
    return np.concatenate(parts)


def test_what_a_jitter_buffer_stretches_is_understood_as_people_do(
    sentences: list[Sound], round_of: Sound
) -> None:
    assert scoring.mean(scoring.scored(stretched(round_of, 0.08), sentences)) > 0.85


def test_words_of_another_sentence_are_not_laid_over_these(sentences: list[Sound], round_of: Sound) -> None:
    backwards = round_of[::-1].copy()
    assert scoring.mean(scoring.scored(backwards, sentences)) < 0.4
