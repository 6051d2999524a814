"""A tone and a moving picture, made from arithmetic: what probe peers send, and how they know they got it."""

import asyncio
import math
import time
import zlib
from array import array
from fractions import Fraction

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame

RATE = 48_000
"""Samples a second, Opus' own."""
BLOCK = RATE // 50
"""Samples of 20 ms, mono."""
PITCH = 500
"""Hertz; whole periods fill a block, so that every block is the same."""
LOUDNESS = 8_000
HEARD = 500
"""A block whose loudest sample is below this is silence. Full scale is 32767."""

WIDTH, HEIGHT, PICTURES = 320, 240, 15
"""Pixels and pictures a second."""
SPEED = 8
"""Pixels that the pattern moves with each picture."""
GREY = 128


class Paced(MediaStreamTrack):
    """A track that hands out a frame each `interval` seconds of real time."""

    interval = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._sent = 0
        self._began = 0.0

    async def next_turn(self) -> int:
        """Wait until the next frame is due; return its number, from 0."""
        if self.readyState != "live":
            raise MediaStreamError
        now = time.monotonic()
        if not self._sent:
            self._began = now
        number = self._sent
        self._sent += 1
        await asyncio.sleep(max(0.0, self._began + number * self.interval - now))
        return number


class Tone(Paced):
    """A steady tone."""

    kind = "audio"
    interval = BLOCK / RATE

    def __init__(self) -> None:
        super().__init__()
        turn = 2 * math.pi * PITCH / RATE
        self._block = array("h", (round(LOUDNESS * math.sin(turn * at)) for at in range(BLOCK))).tobytes()

    async def recv(self) -> AudioFrame:
        """Return 20 ms."""
        number = await self.next_turn()
        frame = AudioFrame(format="s16", layout="mono", samples=BLOCK)
        frame.planes[0].update(self._block)
        frame.sample_rate = RATE
        frame.pts, frame.time_base = number * BLOCK, Fraction(1, RATE)
        return frame


class Picture(Paced):
    """Grey stripes that move: no two pictures in a row are alike."""

    kind = "video"
    interval = 1 / PICTURES

    def __init__(self) -> None:
        super().__init__()
        self._row = bytes(32 + (at * 4) % 192 for at in range(WIDTH))

    async def recv(self) -> VideoFrame:
        """Return one picture."""
        number = await self.next_turn()
        shift = number * SPEED % WIDTH
        row = self._row[shift:] + self._row[:shift]
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma, *chroma = frame.planes
        luma.update(row.ljust(luma.line_size, b"\0") * HEIGHT)
        for plane in chroma:
            plane.update(bytes((GREY,)) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, PICTURES)
        return frame


def audible(frame: AudioFrame) -> bool:
    """Whether there is sound in a decoded block (16-bit samples)."""
    samples = memoryview(bytes(frame.planes[0])).cast("h")
    return max(samples, default=0) >= HEARD


def fingerprint(frame: VideoFrame) -> int:
    """Return a number that changes when the picture does."""
    return zlib.crc32(bytes(frame.planes[0]))
