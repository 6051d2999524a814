"""FHIR R4's primitive types (datatypes.html#primitive): what may stand in a JSON value of each."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

LOWEST, HIGHEST = -(2**31), 2**31 - 1
LONGEST_STRING = 1024 * 1024
YEAR = r"(?!0000)\d{4}"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
DATE = re.compile(rf"{YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
DATE_TIME = re.compile(rf"{YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T{CLOCK}{ZONE})?)?)?", re.ASCII)
INSTANT = re.compile(rf"{YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T{CLOCK}{ZONE}", re.ASCII)
TIME = re.compile(CLOCK, re.ASCII)
WHOLE_DAY = 10
"""Characters of a date with its day."""
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no string may hold: control characters but tab and line breaks, and halves of characters."""
PATTERNS = {
    "uri": re.compile(r"\S+"),
    "url": re.compile(r"\S+"),
    "canonical": re.compile(r"\S+"),
    "oid": re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+", re.ASCII),
    "uuid": re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "code": re.compile(r"\S+( \S+)*"),
    "id": re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII),
    "string": re.compile(r".*\S.*", re.DOTALL),
    "markdown": re.compile(r".*\S.*", re.DOTALL),
    "xhtml": re.compile(r".*\S.*", re.DOTALL),
}
DATES = {"date": DATE, "dateTime": DATE_TIME, "instant": INSTANT}


def _whole(lowest: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and lowest <= value <= HIGHEST


def _decimal(value: object) -> bool:
    return type(value) in {int, Decimal}


def _time(value: object) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def _bytes(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return bool(base64.b64decode("".join(value.split()), validate=True))
    except (binascii.Error, ValueError):
        return False


def _dated(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return isinstance(value, str) and pattern.fullmatch(value) is not None and _in_calendar(value)

    return fits


def _in_calendar(text: str) -> bool:
    """Whether a day that is named exists: there is no 30th of February."""
    if len(text) < WHOLE_DAY:
        return True
    try:
        date.fromisoformat(text[:WHOLE_DAY])
    except ValueError:
        return False
    return True


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return (
            isinstance(value, str)
            and len(value) <= LONGEST_STRING
            and pattern.fullmatch(value) is not None
            and UNREADABLE.search(value) is None
        )

    return fits


FITS: dict[str, Callable[[object], bool]] = {
    "boolean": lambda value: type(value) is bool,
    "integer": _whole(LOWEST),
    "unsignedInt": _whole(0),
    "positiveInt": _whole(1),
    "decimal": _decimal,
    "time": _time,
    "base64Binary": _bytes,
    **{name: _dated(pattern) for name, pattern in DATES.items()},
    **{name: _text(pattern) for name, pattern in PATTERNS.items()},
}
"""Whether a JSON value is one of a type; numbers with a point come as Decimal."""
PRIMITIVES = frozenset(FITS)
