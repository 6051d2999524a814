"""What was sent is kept to the letter: only id, version and date become ours."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.errors import BadInput
from telehealth.fhir.received import DEEPEST, MOST_MEMBERS, received, stamped

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS = '"meta":{"versionId":"2","lastUpdated":"2026-11-23T09:00:00.000Z"'


def sent_back(text: str) -> str:
    return stamped(received(text.encode()).text, id_="new", version=2, at=AT)


@pytest.mark.parametrize(
    "text, back",
    [
        (
            '{ "value" : 72.50 , "resourceType":"Observation","n":1E2}\n',
            '{ "value" : 72.50 , "resourceType":"Observation","id":"new",' + OURS + '},"n":1E2}\n',
        ),
        (
            '{"id" : "theirs", "resourceType": "Observation", "text": "\\u0042\\/ \\"id\\": 1"}',
            '{"id" : "new", "resourceType": "Observation",' + OURS + '}, "text": "\\u0042\\/ \\"id\\": 1"}',
        ),
        (
            '{"resourceType":"X","meta":{ "tag" : [ 1.0 ],"versionId":"7", "source":"s"},"id":"a"}',
            '{"resourceType":"X",' + OURS + ',"tag":[ 1.0 ],"source":"s"},"id":"new"}',
        ),
        (
            '{"resourceType":"X","meta":{"lastUpdated":"2020-01-01T00:00:00Z","_versionId":{}}}',
            '{"resourceType":"X","id":"new",' + OURS + "}}",
        ),
    ],
)
def test_only_three_members_become_ours(text: str, back: str) -> None:
    assert sent_back(text) == back


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inside: (
        st.lists(inside) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inside)
    ),
    max_leaves=8,
)


@given(json_values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_whatever_else_is_there_stays(value: object, indent: int | str | None, ascii_only: bool) -> None:
    whole = {"a": value, "resourceType": "X", "id": "i", "meta": {"z": value}, "": value}
    back = json.loads(sent_back(json.dumps(whole, indent=indent, ensure_ascii=ascii_only)))
    ours = {"versionId": "2", "lastUpdated": "2026-11-23T09:00:00.000Z"}
    assert back == whole | {"id": "new", "meta": {"z": value} | ours}


def test_numbers_keep_their_digits() -> None:
    assert received(b'{"x": 72.50}').resource["x"] == Decimal("72.50")
    assert str(received(b'{"x": 72.50}').resource["x"]) == "72.50"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": 1,}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xff"}',
        b'{"a": ' + b"[" * DEEPEST + b"]" * DEEPEST + b"}",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": [' + b"1," * MOST_MEMBERS + b"1]}",
        b'{"a": 1e99999999999999999999999}',
    ],
)
def test_what_is_no_resource_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        received(raw)
    assert refused.value.problems == ()
