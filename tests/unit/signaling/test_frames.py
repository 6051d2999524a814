"""Frames are counted by their heads, however the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from signaling.frames import FrameCount


def frame(size: int, *, mask: bool = True) -> bytes:
    """A text frame of so many bytes, in the shortest form of its length."""
    bit = 0x80 if mask else 0
    if size < 126:
        head = bytes((0x81, bit | size))
    elif size < 65536:
        head = bytes((0x81, bit | 126)) + size.to_bytes(2)
    else:
        head = bytes((0x81, bit | 127)) + size.to_bytes(8)
    return head + (b"mask" if mask else b"") + b"\x89" * size


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70_000])
@pytest.mark.parametrize("mask", [True, False])
def test_every_length_is_understood(size: int, mask: bool) -> None:
    count = FrameCount()
    assert count.begun(frame(size, mask=mask) * 3) == 3


@given(some.lists(some.integers(0, 300), max_size=12), some.integers(1, 40))
def test_pieces_do_not_matter(sizes: list[int], piece: int) -> None:
    stream = b"".join(frame(size) for size in sizes)
    count = FrameCount()
    total = sum(count.begun(stream[at : at + piece]) for at in range(0, len(stream), piece))
    assert total == len(sizes)


def test_an_endless_frame_is_one() -> None:
    count = FrameCount()
    assert count.begun(b"\x81\xff" + b"\xff" * 8) == 1
    assert count.begun(b"\x81\x00" * 1000) == 0
