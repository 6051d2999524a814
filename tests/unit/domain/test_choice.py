"""Until when an invitation to choose a time is good, when it is sent once more, and how it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from telehealth.domain.choice import Choice, ChoiceState, ends, reminded_at
from telehealth.domain.errors import BadInput, WrongState

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LAST = date(2026, 11, 30)
CHOICE = Choice("c", "o", "o", "s", "p", "", False, NOW, NOW + timedelta(days=7), b"d", b"c")


@pytest.mark.parametrize(
    "zone, end",
    [
        ("Europe/Berlin", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 30, 10, tzinfo=UTC)),
    ],
)
def test_it_ends_with_the_last_day_where_the_patient_is(zone: str, end: datetime) -> None:
    assert ends(LAST, zone, NOW) == end


@pytest.mark.parametrize(
    "last, code", [(date(2026, 11, 22), "past"), (date(2026, 11, 23), ""), (date(2027, 5, 27), "too-far")]
)
def test_a_last_day_that_cannot_be_is_refused(last: date, code: str) -> None:
    if not code:
        assert ends(last, "Europe/Berlin", NOW) > NOW
        return
    with pytest.raises(BadInput) as refused:
        ends(last, "Europe/Berlin", NOW)
    assert [each.code for each in refused.value.problems] == [code]


@pytest.mark.parametrize("days, due", [(7, datetime(2026, 11, 28, 9, tzinfo=UTC)), (4, None)])
def test_two_days_before_the_last_one_it_is_sent_again_where_that_is_later(
    days: int, due: datetime | None
) -> None:
    end = ends(NOW.date() + timedelta(days=days), "Europe/Berlin", NOW)
    assert reminded_at(end, "Europe/Berlin", NOW) == due


def test_it_is_expired_from_its_end_on_and_what_has_ended_stays() -> None:
    end = CHOICE.expires_at
    assert CHOICE.standing(end - timedelta(seconds=1)) is ChoiceState.OPEN
    assert CHOICE.standing(end) is ChoiceState.EXPIRED
    booked = CHOICE.book("v")
    assert (booked.standing(end), booked.visit_id) == (ChoiceState.BOOKED, "v")
    for state in ChoiceState:
        with pytest.raises(WrongState):
            booked.close(state)
