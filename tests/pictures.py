"""Pictures made byte by byte, with what cameras write into theirs."""

import struct
import zlib

PLACE = b"48.137N 11.575E, a camera of Bo's"
"""What nobody means to send."""


def chunk(name: bytes, content: bytes) -> bytes:
    """A piece of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*more: bytes, width: int = 1, height: int = 1) -> bytes:
    """A grey PNG; `more` stands before its picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + drawn + chunk(b"IEND", b"")


def segment(marker: int, content: bytes) -> bytes:
    """A piece of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(*more: bytes, width: int = 8, height: int = 8, after: bytes = b"") -> bytes:
    """What has the frame of a JPEG; `more` stands before it, `after` behind its end."""
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return b"\xff\xd8" + jfif + b"".join(more) + frame + scan + b"\xff\xd9" + after


EXIF = segment(0xE1, b"Exif\0\0" + PLACE)
COMMENT = segment(0xFE, PLACE)
PNG = png()
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
