"""Reading one field of an untrusted JSON object: type, range and size, or Misread naming the field."""

from collections.abc import Collection, Mapping

from signaling.refusals import Code, Misread
from telehealth.domain.words import UNREADABLE_IN_A_LINE

MAX_DEPTH = 4
MAX_WHOLE = 2**31 - 1

Body = Mapping[str, object]


def shallow(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether `value` nests at most `depth` lists and objects."""
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(shallow(item, depth - 1) for item in inner)


def as_object(value: object) -> Body:
    """Return `value` as a JSON object of limited depth."""
    if not isinstance(value, dict) or not shallow(value):
        raise Misread("The message must be one JSON object, not deeper than four.")
    return value


def whole(body: Body, name: str, low: int = 0) -> int:
    """Return a whole number between `low` and 2³¹ - 1. True and 1.0 are not whole numbers here."""
    value = body.get(name)
    if type(value) is not int or not low <= value <= MAX_WHOLE:
        raise Misread(f"'{name}' must be a whole number from {low}.")
    return value


def flag(body: Body, name: str) -> bool:
    """Return true or false."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise Misread(f"'{name}' must be true or false.")
    return value


def word(body: Body, name: str, allowed: Collection[str]) -> str:
    """Return one of the `allowed` words."""
    value = body.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise Misread(f"'{name}' must be one of: {', '.join(sorted(allowed))}.")
    return value


def text(body: Body, name: str, most: int, least: int = 1) -> str:
    """Return one line of printable text of `least` to `most` characters."""
    value = body.get(name)
    if not isinstance(value, str) or len(value) < least or not value.isprintable():
        raise Misread(f"'{name}' must be a line of text.")
    if len(value) > most:
        raise Misread(f"'{name}' is longer than {most} characters.", Code.TOO_LARGE)
    return value


def words(body: Body, name: str, most: int) -> str:
    """Return one line as people write it in any script, joiners and marks included; it may be empty."""
    value = body.get(name)
    if not isinstance(value, str) or UNREADABLE_IN_A_LINE.search(value):
        raise Misread(f"'{name}' must be a line of text.")
    if len(value) > most:
        raise Misread(f"'{name}' is longer than {most} characters.", Code.TOO_LARGE)
    return value


def optional_text(body: Body, name: str, most: int) -> str | None:
    """Return a line of text, or None where the field is null or missing."""
    return None if body.get(name) is None else text(body, name, most)


def optional_whole(body: Body, name: str) -> int | None:
    """Return a whole number, or None where the field is null or missing."""
    return None if body.get(name) is None else whole(body, name)


def lines(body: Body, name: str, most: int) -> str:
    """Return text of several lines of at most `most` bytes of UTF-8: printable characters, CR and LF only.

    Lone surrogates are not printable, so what passes can always be encoded again.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Misread(f"'{name}' must be text.")
    if len(value) > most:
        raise Misread(f"'{name}' is larger than {most} bytes.", Code.TOO_LARGE)
    if not value.replace("\r", "").replace("\n", "").isprintable():
        raise Misread(f"'{name}' holds control characters.")
    if len(value.encode()) > most:
        raise Misread(f"'{name}' is larger than {most} bytes.", Code.TOO_LARGE)
    return value
