"""The files of recordings: read as WebM without ever being written so, and deleted.

They lie in DATA/recordings/ID/PARTICIPANT.tape, sealed by the recorder; a film opens what a reader asks for
and makes the head that players need from the marks in between, which stand in clear.
"""

import asyncio
import shutil
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from telehealth.crypto.errors import SealBroken
from telehealth.crypto.tape import KEYFRAME, PICTURE, Mark, Tape, marks
from telehealth.domain import webm
from telehealth.domain.recording import Recording, View

SUFFIX = ".tape"
LAST_MS = 1000
"""How long the last record plays, about: its own length is known only once it is opened."""


@dataclass(frozen=True, slots=True)
class TapeFilm:
    """The Film Protocol over one file."""

    path: Path
    tape: Tape = field(repr=False)
    marks: tuple[Mark, ...]
    head: bytes = field(repr=False)
    starts: tuple[int, ...]
    """Where each record's cluster begins in the film."""
    whole: bool

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.starts[-1] + self.marks[-1].size

    @property
    def milliseconds(self) -> int:
        """How long it plays."""
        return _length(self.marks)

    async def read(self, start: int, length: int) -> bytes:
        """Return bytes of it; raises SealBroken where it was changed."""
        return await asyncio.to_thread(self._read, start, length)

    def _read(self, start: int, length: int) -> bytes:
        found = self.head[start : start + length]
        at = max(0, bisect_right(self.starts, start) - 1)
        with self.path.open("rb") as file:
            while len(found) < length and at < len(self.marks):
                clear = self.tape.open(self.marks[at], file)
                begin = max(0, start - self.starts[at])
                found += clear[begin : begin + length - len(found)]
                at += 1
        return found


class TapeFiles:
    """The Tapes Protocol over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def film(self, recording: Recording, view: View) -> TapeFilm | None:
        """Return one view to read, None where there is nothing of it."""
        return await asyncio.to_thread(self._film, recording, view)

    async def erase(self, recording_id: str) -> None:
        """Delete the files of a recording; harmless where there are none."""
        await asyncio.to_thread(shutil.rmtree, self._folder / recording_id, ignore_errors=True)

    def _film(self, recording: Recording, view: View) -> TapeFilm | None:
        path = self._folder / recording.id / f"{view.participant}{SUFFIX}"
        tape = Tape(bytes.fromhex(recording.key), recording.id, view.participant)
        try:
            with path.open("rb") as file:
                found = tuple(marks(file))
                picture = _size(tape, found, file)
        except FileNotFoundError:
            return None
        if not found:
            return None
        before, places = _head(found, picture)
        whole = view.records is None or len(found) == view.records
        return TapeFilm(path, tape, found, before, tuple(len(before) + each for each in places), whole)


def _head(found: tuple[Mark, ...], picture: tuple[int, int] | None) -> tuple[bytes, list[int]]:
    """Return what stands before the clusters, and where each begins after it."""
    places, at = [], 0
    for each in found:
        places.append(at)
        at += each.size
    flag = KEYFRAME if picture else 0
    cues = [
        webm.Cue(mark.time, place)
        for mark, place in zip(found, places, strict=True)
        if mark.flags & flag == flag
    ]
    return webm.head(_length(found), picture, cues, at), places


def _size(tape: Tape, found: tuple[Mark, ...], file: BinaryIO) -> tuple[int, int] | None:
    """Return the size of the first picture; None where there is none, or nothing that opens."""
    first = next((each for each in found if each.flags & PICTURE), None)
    if first is None:
        return None
    try:
        return webm.first_picture(tape.open(first, file))
    except SealBroken:
        return None


def _length(found: tuple[Mark, ...]) -> int:
    return found[-1].time + LAST_MS
