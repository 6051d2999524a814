"""What a member sends beside face and voice: ids of streams, and what each is (PROTOCOL.md, media)."""

from signaling.fields import Body, as_object, text, word
from signaling.refusals import Misread

KINDS = frozenset({"screen", "camera", "body"})
"""A shared screen, a second camera, and the sounds of a body: heart, lung, bowel."""
MOST = 4
MAX_STREAM = 64

Shares = tuple[tuple[str, str], ...]
"""Pairs of stream id and kind, in the order of the ids."""


def parse_shares(body: Body) -> Shares:
    """Read the optional `shares` of a body."""
    told = as_object(body.get("shares", {}))
    if len(told) > MOST:
        raise Misread(f"At most {MOST} streams can be shared.")
    return tuple(sorted((_stream(stream), word(told, stream, KINDS)) for stream in told))


def format_shares(shares: Shares) -> dict[str, object]:
    """Write what `parse_shares` reads; nothing for none."""
    return {"shares": dict(shares)} if shares else {}


def _stream(name: str) -> str:
    return text({"a stream's id": name}, "a stream's id", MAX_STREAM)
