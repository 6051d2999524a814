"""Pictures and documents for a record: what they are by their own bytes, without what nobody meant to send.

A camera writes into its pictures where and when they were taken, and by what. Browsers of ours send none of
it; here it is taken away again, for what is kept must not depend on what somebody's page did.
"""

import zlib
from collections.abc import Iterator
from enum import StrEnum

from telehealth.domain.errors import BadInput, FieldProblem

LARGEST_FILE = 6 * 1024 * 1024
"""Bytes of one file."""
MOST_PIXELS = 60_000_000
"""A picture of more would fill the memory of whoever opens it."""
MOST_FILES = 1000
"""Documents of one patient; beyond it none is kept from a visit."""


class FileKind(StrEnum):
    """What is taken, by its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


SOI, EOI, SOS, FILL = 0xD8, 0xD9, 0xDA, 0xFF
RESTARTS = frozenset({0x00, *range(0xD0, 0xD8)})
"""Behind 0xFF within the coded picture: a byte of its own, or a mark to go on from; no segment."""
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NOTES = frozenset(range(0xE1, 0xF0)) - {0xEE} | {0xFE}
"""Segments without a picture: Exif, XMP, previews, comments. JFIF's, Adobe's stay: they tell colours."""
PNG_START = b"\x89PNG\r\n\x1a\n"
DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM"})
PDF_END_WITHIN = 1024


def bare(raw: bytes, kind: FileKind) -> bytes:
    """Return a file without notes about its making; raises BadInput where it is not what it says it is."""
    try:
        return {FileKind.JPEG: _jpeg, FileKind.PNG: _png, FileKind.PDF: _pdf}[kind](raw)
    except (IndexError, ValueError) as error:
        raise BadInput(FieldProblem("file", "unreadable", "This is no picture or document.")) from error


def _sized(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(width, height)


def _jpeg(raw: bytes) -> bytes:
    if raw[:2] != bytes((FILL, SOI)):
        raise ValueError(raw[:2])
    kept, framed = bytearray(raw[:2]), False
    for marker, at, end in _segments(raw):
        if marker in FRAMES:
            _sized(int.from_bytes(raw[at + 5 : at + 7]), int.from_bytes(raw[at + 7 : at + 9]))
            framed = True
        if marker not in NOTES:
            kept += raw[at:end]
    if not framed:
        raise ValueError(len(raw))
    return bytes(kept)


def _segments(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each segment's marker, beginning and end, up to the end of the picture."""
    at = 2
    while raw[at + 1] != EOI:
        if raw[at] != FILL:
            raise ValueError(at)
        if raw[at + 1] == FILL:
            at += 1
            continue
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4])
        if end < at + 4 or end > len(raw):
            raise ValueError(end)
        end = _scanned(raw, end) if raw[at + 1] == SOS else end
        yield raw[at + 1], at, end
        at = end
    yield EOI, at, at + 2


def _scanned(raw: bytes, at: int) -> int:
    """Return where the coded picture ends and the next segment begins."""
    at = raw.index(FILL, at)
    while raw[at + 1] in RESTARTS:
        at = raw.index(FILL, at + 2)
    return at


def _png(raw: bytes) -> bytes:
    if raw[:8] != PNG_START or raw[12:16] != b"IHDR":
        raise ValueError(raw[:8])
    _sized(int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24]))
    kept, at = bytearray(PNG_START), 8
    while True:
        name, end = raw[at + 4 : at + 8], at + 12 + int.from_bytes(raw[at : at + 4])
        if end > len(raw) or zlib.crc32(raw[at + 4 : end - 4]) != int.from_bytes(raw[end - 4 : end]):
            raise ValueError(name)
        if name in DRAWN:
            kept += raw[at:end]
        if name == b"IEND":
            return bytes(kept)
        at = end


def _pdf(raw: bytes) -> bytes:
    if raw[:5] != b"%PDF-" or b"%%EOF" not in raw[-PDF_END_WITHIN:]:
        raise ValueError(raw[:5])
    return raw
