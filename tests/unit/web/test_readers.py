"""What untrusted values become, and which are refused with which code."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from telehealth.domain.errors import BadInput
from web.readers import Choice, Day, Flag, Instant, Many, Text, Whole
from web.reading import parse, read, schema


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Everything:
    name: Annotated[str, Text(10, 1)]
    at: Annotated[datetime | None, Instant()] = None
    day: Annotated[date | None, Day()] = None
    colour: Annotated[Colour, Choice(Colour)] = Colour.RED
    count: Annotated[int, Whole(1, 9)] = 1
    on: Annotated[bool, Flag()] = False
    tags: Annotated[tuple[str, ...], Many(Text(5), 2)] = ()


GOOD: list[tuple[Any, Any, Any]] = [
    (Text(5), " abc ", "abc"),
    (Text(5, trim=False), " ab ", " ab "),
    (Text(9, lines=True), "a\nb\tc", "a\nb\tc"),
    (Text(9), "Łódź 東京", "Łódź 東京"),
    (Text(9), "علی\u200cرضا", "علی\u200cرضا"),
    (Text(9, lines=True), "\u2068Bo\u2069\u2028", "\u2068Bo\u2069"),
    (Instant(), "2026-11-23T09:30:00+01:00", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
    (Instant(), "2026-11-23T09:30:00Z", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
    (Day(), "1955-02-03", date(1955, 2, 3)),
    (Choice(Colour), "blue", Colour.BLUE),
    (Whole(1, 9), 3, 3),
    (Whole(1, 9), "3", 3),
    (Flag(), False, False),
    (Flag(), "on", True),
    (Many(Text(3), 2), ["a", "b"], ("a", "b")),
]
BAD: list[tuple[Any, Any, str]] = [
    (Text(5), None, "not-text"),
    (Text(5), 5, "not-text"),
    (Text(5), "abcdef", "too-long"),
    (Text(5, 1), "  ", "missing"),
    (Text(5, 3), "ab", "too-short"),
    (Text(5), "a\nb", "control-character"),
    (Text(5), "a\x00b", "control-character"),
    (Text(5), "a\x7fb", "control-character"),
    (Text(5), "a\ud800", "control-character"),
    (Text(5), "a\x85b", "control-character"),
    (Text(5), "a\x9bb", "control-character"),
    (Text(5), "a\u2028b", "control-character"),
    (Text(5), "a\u2029b", "control-character"),
    (Text(5), "a\u202eb", "control-character"),
    (Text(5), "a\u202ab", "control-character"),
    (Text(5), "a\u2066b", "control-character"),
    (Text(5), "a\u2069b", "control-character"),
    (Text(5, lines=True), "a\u202eb", "control-character"),
    (Text(5, lines=True), "a\x9bb", "control-character"),
    (Text(5, pattern="[a-z]+"), "A", "malformed"),
    (Instant(), "2026-11-23T09:30:00", "no-offset"),
    (Instant(), "2026-11-23", "not-an-instant"),
    (Instant(), "0001-01-01T00:00:00+14:00", "not-an-instant"),
    (Instant(), 1764000000, "not-an-instant"),
    (Day(), "2026-02-30", "not-a-date"),
    (Day(), "20260203", "not-a-date"),
    (Day(), "1026-02-03", "not-a-date"),
    (Choice(Colour), "green", "not-a-choice"),
    (Choice(Colour), ["red"], "not-a-choice"),
    (Whole(1, 9), True, "not-a-number"),
    (Whole(1, 9), 1.5, "not-a-number"),
    (Whole(1, 9), "1e3", "not-a-number"),
    (Whole(1, 9), 10, "out-of-range"),
    (Flag(), 1, "not-a-flag"),
    (Many(Text(3), 2), "ab", "not-a-list"),
    (Many(Text(3), 2), ["a", "b", "c"], "too-many"),
    (Many(Text(3), 2), [1], "not-text"),
]


@pytest.mark.parametrize("reader,value,expected", GOOD)
def test_a_good_value_is_read(reader: Any, value: Any, expected: Any) -> None:
    assert reader.read(value, "field") == expected


@pytest.mark.parametrize("reader,value,code", BAD)
def test_a_bad_value_names_its_field_and_why(reader: Any, value: Any, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        reader.read(value, "field")
    assert refused.value.problems[0].code == code
    assert refused.value.problems[0].field.startswith("field")


def test_fields_with_defaults_may_be_left_out() -> None:
    assert read(Everything, {"name": "Bo"}) == Everything("Bo")


def test_the_schema_says_what_the_readers_take() -> None:
    told = schema(Everything)
    assert told["required"] == ["name"]
    assert told["additionalProperties"] is False
    assert told["properties"]["colour"] == {"type": "string", "enum": ["red", "blue"]}
    assert told["properties"]["count"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert told["properties"]["tags"]["items"] == {"type": "string", "maxLength": 5}


values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
)


@given(
    some.dictionaries(some.sampled_from(["name", "at", "day", "colour", "count", "on", "tags", "x"]), values)
)
def test_whatever_comes_is_read_or_refused(body: dict[str, Any]) -> None:
    with suppress(BadInput):
        assert isinstance(read(Everything, body).name, str)


@given(some.binary(max_size=200))
def test_whatever_bytes_come_are_parsed_or_refused(raw: bytes) -> None:
    with suppress(BadInput):
        assert isinstance(parse(raw), dict)
