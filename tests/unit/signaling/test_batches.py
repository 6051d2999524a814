"""What a page without a websocket sends is never trusted; what passes comes out as it went in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.batches import Batch, format_news, parse_batch, parse_name, parse_since
from signaling.fields import MAX_WHOLE
from signaling.messages import PARSERS
from signaling.refusals import Misread

MOST = 4
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
events = st.tuples(st.sampled_from(sorted(PARSERS)), values)
batches = st.builds(
    Batch,
    st.integers(0, MAX_WHOLE),
    st.integers(1, MAX_WHOLE),
    st.lists(events, min_size=1, max_size=MOST).map(tuple),
)


@given(batches)
def test_events_come_out_as_they_went_in(batch: Batch) -> None:
    assert parse_batch(json.dumps(batch.wire()).encode(), MOST) == batch


@given(values)
def test_anything_else_is_refused_and_nothing_crashes(value: object) -> None:
    for text in (json.dumps(value).encode(), json.dumps({"since": 0, "first": 1, "events": value}).encode()):
        with pytest.raises(Misread):
            parse_batch(text, MOST)


@given(st.binary(max_size=40))
def test_what_is_no_json_is_refused(text: bytes) -> None:
    for parse in (parse_name, lambda given: parse_batch(given, MOST)):
        with pytest.raises(Misread):
            parse(text)


def test_an_event_may_come_without_a_body() -> None:
    batch = parse_batch(b'{"since": 0, "first": 1, "events": [["watch"]]}', MOST)
    assert batch.events == (("watch", None),)


@given(st.integers(0, MAX_WHOLE))
def test_the_number_in_an_address_is_read(number: int) -> None:
    assert parse_since(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "x", "²", "٣", str(MAX_WHOLE + 1), "9" * 5000])
def test_any_other_text_in_an_address_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        parse_since(text)


def test_news_are_told_as_they_are() -> None:
    assert format_news([{"n": 1}], over=True) == {"news": [{"n": 1}], "over": True}
