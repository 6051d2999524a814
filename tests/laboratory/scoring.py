"""How well a recorded voice is understood: each sentence is found in the recording and scored by STOI.

A jitter buffer stretches and squeezes what it plays while it finds its depth. Nobody hears that, but STOI
compares moment by moment: 50 ms of it would count as another word. As PESQ does (ITU-T P.862), each piece is
therefore laid over its own place first, whoever's call it is.
"""

import warnings
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from pystoi import stoi
from scipy.signal import correlate

from tests.laboratory.voice import RATE, Sound

SEARCH = 0.6
"""Seconds around the expected place in which a sentence is looked for: jitter buffers stretch and squeeze."""
STEP, MARGIN, DRIFT = int(0.2 * RATE), int(0.15 * RATE), int(0.1 * RATE)
"""Samples of a piece, of what is around it to find its place, and how far it lies from the last one's."""
SURE = 0.25
"""From this likeness on (0 to 1) the place of a sentence is believed, and the next one expected after it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence as it came through: when it began, seconds into the recording, and its STOI, 0 to 1."""

    at: float
    score: float


def scored(recording: Sound, sentences: list[Sound]) -> list[Heard]:
    """Return every whole sentence of a recording in which they are said over and over."""
    place, first = _beginning(recording, sentences)
    found: list[Heard] = []
    order = cycle(sentences[first:] + sentences[:first])
    while place + len(sentence := next(order)) <= len(recording):
        lag, likeness = _nearby(recording, sentence, place, int(SEARCH * RATE))
        if likeness >= SURE:
            place += lag
        heard, drift = _evened(recording, sentence, place)
        found.append(Heard(place / RATE, _stoi(sentence, heard)))
        place += len(sentence) + drift
    return found


def mean(heard: list[Heard], since: float = 0.0) -> float:
    """Return the mean score of what was said from a moment on; 0 when nothing was."""
    scores = [one.score for one in heard if one.at >= since]
    return sum(scores) / len(scores) if scores else 0.0


def _stoi(clean: Sound, heard: Sound) -> float:
    """STOI of a sentence; sound that was hardly there at all is not understood."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of too few frames, and answers a score of nearly 0
        return max(0.0, float(stoi(clean, heard, RATE))) if len(heard) == len(clean) else 0.0


def _beginning(recording: Sound, sentences: list[Sound]) -> tuple[int, int]:
    """Return where the first whole sentence of a recording begins, and which it is."""
    whole = np.concatenate(sentences)
    round_long, twice = len(whole), np.concatenate([whole, whole])
    # By the stretch of one round that is most like the voice: a call's first seconds may be anything.
    stretches = range(0, max(1, len(recording) - round_long + 1), round_long)
    peaks = [(at, *_peak(recording[at : at + round_long], twice)) for at in stretches]
    at, offset, _ = max(peaks, key=lambda one: one[2])
    phase = (offset - at) % round_long
    starts = np.cumsum([0, *[len(one) for one in sentences]])
    index = int(np.searchsorted(starts, phase))
    return int(starts[index]) - phase, index % len(sentences)


def _nearby(recording: Sound, sentence: Sound, place: int, reach: int) -> tuple[int, float]:
    """Return by how much a sentence or a piece lies beside its expected place, and how alike it is there."""
    start = max(0, min(place - reach, len(recording) - len(sentence)))
    lag, likeness = _peak(sentence, recording[start : place + len(sentence) + reach])
    lag = min(start + lag, len(recording) - len(sentence)) - place
    return lag, likeness


def _evened(recording: Sound, sentence: Sound, place: int) -> tuple[Sound, int]:
    """Return a sentence as it was heard, each piece at its own place, and by how much its end is late."""
    lag, heard = 0, np.zeros(len(sentence))
    for start in range(0, len(sentence), STEP):
        before = max(0, start - MARGIN)
        around = sentence[before : start + STEP + MARGIN]
        drift, likeness = _nearby(recording, around, place + lag + before, DRIFT)
        lag += drift if likeness >= SURE else 0
        its = max(0, place + lag + start)
        piece = recording[its : its + min(STEP, len(sentence) - start)]
        heard[start : start + len(piece)] = piece
    return heard, lag


def _peak(short: Sound, long: Sound) -> tuple[int, float]:
    """Return where in `long` `short` fits best, and the correlation there, 0 to 1."""
    found = correlate(long, short, mode="valid", method="fft")
    power = np.cumsum(np.concatenate([[0.0], long**2]))
    local = np.sqrt(np.maximum(power[len(short) :] - power[: -len(short)], 1e-9))
    likeness = found / (local * (np.sqrt(np.sum(short**2)) + 1e-9))
    at = int(np.argmax(likeness))
    return at, float(likeness[at])
