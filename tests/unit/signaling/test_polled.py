"""News of one connection: whatever gets lost on the way, each arrives, in order, and is told no more."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.limits import Rate, bucket
from signaling.polled import Polled
from signaling.refusals import Misread

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def polled() -> Polled:
    return Polled("name", "session-bo", b"mark", bucket(Rate(1, 1), 0), NOW)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30))
def test_every_news_arrives_once_and_in_order_over_a_line_that_loses_answers(
    rounds: list[tuple[int, bool]],
) -> None:
    connection, told, heard = polled(), 0, []
    for fresh, arrives in [*rounds, (0, True)]:
        for _ in range(fresh):
            told += 1
            connection.tell(event="message", body={"number": told})
        connection.arrived(len(heard))
        if arrives:
            heard += [each for each in connection.news() if each["n"] > len(heard)]  # type: ignore[operator]
    assert [each["n"] for each in heard] == [each["body"]["number"] for each in heard]  # type: ignore[index]
    assert len(heard) == told
    connection.arrived(told)
    assert connection.unread == 0


def test_a_number_that_no_news_has_had_is_refused() -> None:
    connection = polled()
    connection.tell(event="message", body={})
    with pytest.raises(Misread):
        connection.arrived(2)
    assert connection.unread == 1
