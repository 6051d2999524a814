"""A tape: records sealed one after another as they are written, under a key of their recording alone.

length 4 | time 4 | flags 1 | sealed, per record (big endian). Number, time and flags are bound into the seal,
so that no record can be moved, repeated, or put into another tape; a tail that was never written whole is
left out. README.md, step 16.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from telehealth.crypto.chance import Chance
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.seal import NONCE, OVERHEAD, SALT, seal, unseal

HEAD = Struct(">IIB")
KEYFRAME, PICTURE = 1, 2
"""Flags: the record begins with a whole picture, and it holds pictures at all."""
LARGEST = 8 * 1024 * 1024
"""Bytes of one record that a reader believes in."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a record stands: its number, what it says of itself in clear, and its place in the file."""

    number: int
    time: int
    flags: int
    at: int
    sealed: int

    @property
    def size(self) -> int:
        """The bytes of what was sealed."""
        return self.sealed - OVERHEAD


@dataclass(frozen=True, slots=True)
class Tape:
    """One tape of a recording, or one file of an export; `key` is 32 secret bytes, of it alone."""

    key: bytes
    recording: str
    name: str
    purpose: Purpose = Purpose.TAPE

    def seal(self, number: int, time: int, flags: int, plaintext: bytes, chance: Chance) -> bytes:
        """Return record `number` (from 0) as it is written; `time` is in ms from the recording's start."""
        salt, nonce = chance.token(SALT), chance.token(NONCE)
        bound = self._bound(number, time, flags)
        sealed = seal(self.key, self.purpose, bound, plaintext, salt=salt, nonce=nonce)
        return HEAD.pack(len(sealed), time, flags) + sealed

    def open(self, mark: Mark, file: BinaryIO) -> bytes:
        """Return what was sealed; raises SealBroken for what was changed or stands in another place."""
        file.seek(mark.at)
        return unseal(
            self.key, self.purpose, self._bound(mark.number, mark.time, mark.flags), file.read(mark.sealed)
        )

    def _bound(self, number: int, time: int, flags: int) -> tuple[str, ...]:
        return (self.recording, self.name, str(number), str(time), str(flags))


def marks(file: BinaryIO) -> Iterator[Mark]:
    """Walk over the records of a file, without opening any; what was cut off at the end is left out."""
    end = file.seek(0, 2)
    at = number = 0
    while at + HEAD.size <= end:
        file.seek(at)
        length, time, flags = HEAD.unpack(file.read(HEAD.size))
        at += HEAD.size
        if not OVERHEAD <= length <= LARGEST or at + length > end:
            return
        yield Mark(number, time, flags, at, length)
        at, number = at + length, number + 1
