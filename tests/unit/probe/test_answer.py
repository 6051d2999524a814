"""Reading answers: whatever is missing or of another kind is named with its place."""

import pytest

from telehealth.probe.answer import Answer
from telehealth.probe.trouble import Trouble

ANSWER = Answer({"visit": {"id": "v1", "version": 3, "rows": [{"n": 1}]}}, "GET /x")


def test_what_stands_there_is_returned() -> None:
    assert ANSWER.text("visit", "id") == "v1"
    assert ANSWER.number("visit", "version") == 3
    assert [each.number("n") for each in ANSWER.items("visit", "rows")] == [1]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Trouble, match=r"the answer to GET /x has no 'visit.status'"):
        ANSWER.text("visit", "status")
    with pytest.raises(Trouble, match=r"has no 'visit.id.deeper'"):
        ANSWER.at("visit", "id", "deeper")


def test_a_value_of_another_kind_is_named() -> None:
    with pytest.raises(Trouble, match=r"no text in 'visit.version'"):
        ANSWER.text("visit", "version")
    with pytest.raises(Trouble, match=r"no whole number in 'visit.id'"):
        ANSWER.number("visit", "id")
    with pytest.raises(Trouble, match=r"no list in 'visit'"):
        ANSWER.items("visit")


def test_another_value_than_expected_is_told_with_both() -> None:
    ANSWER.expect("v1", "visit", "id")
    with pytest.raises(Trouble, match=r"in the answer to GET /x, 'visit.version' is 3 and not 4"):
        ANSWER.expect(4, "visit", "version")
