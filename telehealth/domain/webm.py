"""Writing WebM (Matroska, RFC 9559) by hand: clusters as they come, and a head once all of them are known.

Only what players need of it: one Opus track, at most one VP8 track, the duration, and where one can jump to.
What a recorder has comes in packets; a library that interleaves them would hold seconds of them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

SOUND, PICTURE = 1, 2
"""The tracks' numbers."""
OPUS_HEAD = b"OpusHead\x01" + pack("<BHIhB", 2, 0, 48000, 0, 0)
MILLISECOND = 1_000_000
VP8_HEAD = 10
"""Bytes of a whole picture's own head."""
LONGEST_CLUSTER = 32_000
"""A block's time within its cluster is a signed 16-bit number of ms."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded packet: Opus, or a VP8 picture; `time` in ms from the recording's start."""

    track: int
    time: int
    data: bytes
    key: bool = True


@dataclass(frozen=True, slots=True)
class Cue:
    """A cluster that can be jumped to: its time, and its first byte counted from the first cluster's."""

    time: int
    at: int


def cluster(time: int, packets: Sequence[Packet]) -> bytes:
    """Return one cluster that begins at `time`, none of its packets before."""
    blocks = b"".join(_block(time, each) for each in packets)
    return element(0x1F43B675, _number(0xE7, time) + blocks)


def head(duration: int, picture: tuple[int, int] | None, cues: Sequence[Cue], clusters: int) -> bytes:
    """Return all that stands before the clusters, which are `clusters` bytes together.

    `duration` is in ms; `picture` the size of the pictures, None for sound alone.
    """
    kind = element(
        0x1A45DFA3,
        _number(0x4286, 1)
        + _number(0x42F7, 1)
        + _number(0x42F2, 4)
        + _number(0x42F3, 8)
        + element(0x4282, b"webm")
        + _number(0x4287, 4)
        + _number(0x4285, 2),
    )
    info = element(
        0x1549A966,
        _number(0x2AD7B1, MILLISECOND)
        + element(0x4489, pack(">d", duration))
        + element(0x4D80, b"telehealth")
        + element(0x5741, b"telehealth"),
    )
    before = info + element(0x1654AE6B, _sound() + (_picture(*picture) if picture else b""))
    jumps = b"".join(_cue(each, len(before) + _cues_size(len(cues)), picture is not None) for each in cues)
    body = before + (element(0x1C53BB6B, jumps) if cues else b"")
    return kind + _id(0x18538067) + _length(len(body) + clusters) + body


def element(identity: int, content: bytes) -> bytes:
    """Return one EBML element; its length always takes eight bytes, so that places can be told beforehand."""
    return _id(identity) + _length(len(content)) + content


def size_of(frame: bytes) -> tuple[int, int] | None:
    """Return width and height of a VP8 picture that stands for itself (RFC 6386, 9.1), None for any other."""
    if len(frame) < VP8_HEAD or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        return None
    return int.from_bytes(frame[6:8], "little") & 0x3FFF, int.from_bytes(frame[8:10], "little") & 0x3FFF


def first_picture(clustered: bytes) -> tuple[int, int] | None:
    """Return the size of the first whole picture in one of our clusters."""
    at = len(_id(0x1F43B675)) + 8 + len(_number(0xE7, 0))
    while at < len(clustered):
        length = int.from_bytes(clustered[at + 1 : at + 9], "big") & ~(1 << 56)
        block = clustered[at + 9 : at + 9 + length]
        found = size_of(block[4:]) if block[:1] == bytes([0x80 | PICTURE]) else None
        if found:
            return found
        at += 9 + length
    return None


def _block(time: int, packet: Packet) -> bytes:
    flags = 0x80 if packet.key else 0
    return element(0xA3, pack(">BhB", 0x80 | packet.track, packet.time - time, flags) + packet.data)


def _sound() -> bytes:
    audio = element(0xE1, element(0xB5, pack(">d", 48000.0)) + _number(0x9F, 2))
    coded = element(0x86, b"A_OPUS") + element(0x63A2, OPUS_HEAD) + _number(0x56BB, 80_000_000)
    return element(0xAE, _number(0xD7, SOUND) + _number(0x73C5, SOUND) + _number(0x83, 2) + coded + audio)


def _picture(width: int, height: int) -> bytes:
    video = element(0xE0, _number(0xB0, width) + _number(0xBA, height))
    told = _number(0xD7, PICTURE) + _number(0x73C5, PICTURE) + _number(0x83, 1)
    return element(0xAE, told + element(0x86, b"V_VP8") + video)


def _cue(cue: Cue, before: int, pictured: bool) -> bytes:  # noqa: FBT001 (one of two tracks)
    track = PICTURE if pictured else SOUND
    place = element(0xB7, _number(0xF7, track) + _number(0xF1, before + cue.at))
    return element(0xBB, _number(0xB3, cue.time) + place)


def _cues_size(count: int) -> int:
    return 12 + count * len(_cue(Cue(0, 0), 0, pictured=True)) if count else 0


def _number(identity: int, value: int) -> bytes:
    return element(identity, value.to_bytes(8, "big"))


def _id(identity: int) -> bytes:
    return identity.to_bytes((identity.bit_length() + 7) // 8, "big")


def _length(length: int) -> bytes:
    return (length | 1 << 56).to_bytes(8, "big")
