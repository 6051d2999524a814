"""Readers of single values: what may stand in a field, and its JSON Schema."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Protocol

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.sentences import say
from telehealth.domain.words import UNREADABLE_IN_A_LINE, UNREADABLE_IN_A_TEXT

WORDS_OF_TRUTH = {"true": True, "false": False, "1": True, "0": False, "on": True}
EARLIEST_YEAR = 1880
LATEST_YEAR = 2200


class Reader(Protocol):
    """Turns one untrusted value into a domain value."""

    def read(self, value: object, field: str) -> Any:
        """Return the value; raise BadInput naming `field`."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what `read` takes."""


def refuse(field: str, code: str, detail: str) -> BadInput:
    """Return the refusal of one field."""
    return BadInput(FieldProblem(field, code, detail))


@dataclass(frozen=True, slots=True)
class Text:
    """Text of `shortest` to `longest` characters; `lines` allows breaks; `pattern` matches all of it."""

    longest: int
    shortest: int = 0
    lines: bool = False
    trim: bool = True
    pattern: str = ""

    def read(self, value: object, field: str) -> str:
        """Return the text without space around it, unless `trim` is off."""
        if not isinstance(value, str):
            raise refuse(field, "not-text", "Text is expected here.")
        text = value.strip() if self.trim else value
        if len(text) < self.shortest:
            raise refuse(field, "missing" if not text else "too-short", "Please fill this in.")
        if len(text) > self.longest:
            raise refuse(field, "too-long", say("At most {count} characters, please.", count=self.longest))
        if (UNREADABLE_IN_A_TEXT if self.lines else UNREADABLE_IN_A_LINE).search(text):
            raise refuse(field, "control-character", "There is an unreadable character in here.")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise refuse(field, "malformed", "This does not look right.")
        return text

    def schema(self) -> dict[str, Any]:
        """Return a string's schema."""
        found: dict[str, Any] = {"type": "string", "maxLength": self.longest}
        if self.shortest:
            found["minLength"] = self.shortest
        if self.pattern:
            found["pattern"] = f"^{self.pattern}$"
        return found


IDENTIFIER = Text(64, 1, pattern=r"[A-Za-z0-9.-]+")
OPTIONAL_IDENTIFIER = Text(64, pattern=r"[A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Instant:
    """A date and time with its offset (RFC 3339), read as UTC."""

    def read(self, value: object, field: str) -> datetime:
        """Return the instant in UTC; times without an offset mean nothing and are refused."""
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or "T" not in str(value) or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            raise refuse(field, "not-an-instant", "Write date and time as 2026-11-23T09:30:00+01:00.")
        if found.tzinfo is None:
            raise refuse(field, "no-offset", "The time must carry its offset, such as +01:00 or Z.")
        return found.astimezone(UTC)

    def schema(self) -> dict[str, Any]:
        """Return an instant's schema."""
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, YYYY-MM-DD."""

    def read(self, value: object, field: str) -> date:
        """Return the day."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            try:
                found = date.fromisoformat(value)
            except ValueError:
                found = date.min
            if EARLIEST_YEAR <= found.year <= LATEST_YEAR:
                return found
        raise refuse(field, "not-a-date", "Write the date as 1955-02-03: year, month, day.")

    def schema(self) -> dict[str, Any]:
        """Return a day's schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class WallTime:
    """What a clock on the wall shows, HH:MM."""

    def read(self, value: object, field: str) -> time:
        """Return the time of day."""
        if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
            return time.fromisoformat(value)
        raise refuse(field, "not-a-time", "Write the time as 08:30: hours and minutes.")

    def schema(self) -> dict[str, Any]:
        """Return a time of day's schema."""
        return {"type": "string", "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$"}


@dataclass(frozen=True, slots=True)
class WallSpan:
    """Two times of day, HH:MM/HH:MM, as ISO 8601 writes a span."""

    def read(self, value: object, field: str) -> tuple[time, time]:
        """Return both."""
        if not isinstance(value, str) or value.count("/") != 1:
            raise refuse(field, "not-a-span", "Write both times as 12:00/12:45.")
        start, _, end = value.partition("/")
        return WallTime().read(start, field), WallTime().read(end, field)

    def schema(self) -> dict[str, Any]:
        """Return a span's schema."""
        wall = "([01]\\d|2[0-3]):[0-5]\\d"
        return {"type": "string", "pattern": f"^{wall}/{wall}$"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of an enumeration's values."""

    of: type[StrEnum]

    def read(self, value: object, field: str) -> StrEnum:
        """Return the member."""
        if isinstance(value, str) and value in {member.value for member in self.of}:
            return self.of(value)
        raise refuse(field, "not-a-choice", "Please choose one of those offered.")

    def schema(self) -> dict[str, Any]:
        """Return the enumeration's schema."""
        return {"type": "string", "enum": [member.value for member in self.of]}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between `low` and `high`, both included; in queries it comes as digits."""

    low: int
    high: int

    def read(self, value: object, field: str) -> int:
        """Return the number."""
        if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse(field, "not-a-number", "A whole number is expected here.")
        if not self.low <= value <= self.high:
            raise refuse(
                field,
                "out-of-range",
                say("It must be between {low} and {high}.", low=self.low, high=self.high),
            )
        return value

    def schema(self) -> dict[str, Any]:
        """Return the number's schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


VERSION = Whole(0, 2**31 - 1)
"""The version of a row that was read; databases count no further."""


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false; in forms and queries as a word."""

    def read(self, value: object, field: str) -> bool:
        """Return the truth."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in WORDS_OF_TRUTH:
            return WORDS_OF_TRUTH[value]
        raise refuse(field, "not-a-flag", "True or false is expected here.")

    def schema(self) -> dict[str, Any]:
        """Return a boolean's schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Many:
    """Up to `most` values of one kind, as a tuple."""

    each: Reader
    most: int

    def read(self, value: object, field: str) -> tuple[Any, ...]:
        """Return the values."""
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise refuse(field, "not-a-list", "A list is expected here.")
        if len(value) > self.most:
            raise refuse(field, "too-many", say("At most {count}, please.", count=self.most))
        return tuple(self.each.read(item, f"{field}[{number}]") for number, item in enumerate(value))

    def schema(self) -> dict[str, Any]:
        """Return the list's schema."""
        return {"type": "array", "items": self.each.schema(), "maxItems": self.most}
