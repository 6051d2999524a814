"""JSON from outside: one object, or a sentence that says what else it is."""

from decimal import Decimal

import pytest

from telehealth.domain.errors import BadInput
from telehealth.domain.untrusted import json_object


def test_an_object_is_read_with_the_numbers_that_are_wanted() -> None:
    assert json_object(b'{"x": [{"y": 72.50}]}', 3) == {"x": [{"y": 72.5}]}
    assert str(json_object(b'{"x": 72.50}', 1, Decimal)["x"]) == "72.50"


@pytest.mark.parametrize(
    "raw, word",
    [
        (b'{"x": "\xff"}', "not well-formed"),
        (b'{"x": 1,}', "not well-formed"),
        (b'{"x": ' + b"[" * 100_000, "not well-formed"),
        (b'{"x": 1e99999999999999999999999}', "not well-formed"),
        (b"[]", "object is expected"),
        (b'{"x": {"y": 1, "y": 2}}', "stands twice"),
        (b'{"x": -Infinity}', "-Infinity is not JSON"),
        (b'{"x": [{"y": []}]}', "nested too deeply"),
    ],
)
def test_what_is_none_is_refused_with_a_sentence(raw: bytes, word: str) -> None:
    with pytest.raises(BadInput) as refused:
        json_object(raw, 3, Decimal)
    assert word in refused.value.detail
