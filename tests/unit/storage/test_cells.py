"""What a backup holds of a value is the value again, and every column of ours can be held."""

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Float

from telehealth.storage.cells import KINDS, cell, kind_of, value
from telehealth.storage.rows import metadata

TEXTS = st.text(st.characters(codec="utf-8"))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "bytes": st.binary(),
    "integer": st.integers(),
    "boolean": st.booleans(),
    "instant": st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])),
    "date": st.dates(),
    "time": st.times(),
}


@given(st.data())
def test_every_value_comes_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(VALUES)))
    one = data.draw(VALUES[kind])
    assert value(kind, cell(kind, one)) == one


def test_every_kind_is_tried_and_null_is_null() -> None:
    assert set(VALUES) == set(KINDS)
    assert {value(kind, cell(kind, None)) for kind in KINDS} == {None}


def test_every_column_can_be_held() -> None:
    kinds = {kind_of(column) for table in metadata.sorted_tables for column in table.columns}
    assert kinds == set(KINDS)


def test_a_column_of_a_new_type_is_a_mistake_that_is_told() -> None:
    with pytest.raises(TypeError, match="cells"):
        kind_of(Column("share", Float))
