"""Who is offered what: whoever has waited longest and wishes it, by day, and nothing twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.errors import BadInput, WrongState
from telehealth.domain.waitlist import (
    EVERY_DAY,
    KEPT,
    SHORTEST,
    Chance,
    Offer,
    OfferState,
    Waiting,
    WaitStatus,
    answer_by,
    at_night,
    check_wish,
    fits,
    in_order,
    left_for,
    resting,
    tired,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
HOUR = timedelta(hours=1)
FIRST, LAST = date(2026, 11, 24), date(2026, 12, 4)
BO = Waiting("w1", "house", "house", "service", "bo", "", FIRST, LAST, EVERY_DAY, 24, NOW)
FREE = Chance("amara", NOW + 30 * HOUR, BERLIN)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"practitioner_id": "cy"},
        {"first": date(2026, 11, 25)},
        {"last": date(2026, 11, 23)},
        {"weekdays": (1, 3, 4, 5, 6, 7)},
        {"notice_hours": 31},
    ],
)
def test_a_time_fits_who_wishes_it_and_nobody_else(changes: dict[str, object]) -> None:
    assert fits(BO, FREE, NOW)
    assert fits(replace(BO, practitioner_id="amara", weekdays=(2,), notice_hours=30), FREE, NOW)
    assert not fits(replace(BO, **changes), FREE, NOW)  # type: ignore[arg-type]


def test_the_day_is_the_sites() -> None:
    late = Chance("amara", datetime(2026, 11, 24, 23, 30, tzinfo=UTC), BERLIN)
    assert fits(replace(BO, weekdays=(3,)), late, NOW)
    assert not fits(replace(BO, last=date(2026, 11, 24)), late, NOW)


people = st.builds(
    lambda number, since, who, days, notice: replace(
        BO,
        id=f"w{number}",
        since=NOW - since * HOUR,
        practitioner_id=who,
        weekdays=tuple(sorted(days)),
        notice_hours=notice,
    ),
    st.integers(0, 99),
    st.integers(0, 5),
    st.sampled_from(["", "amara", "cy"]),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 100),
)
chances = st.builds(
    lambda who, hours: Chance(who, NOW + hours * HOUR, BERLIN),
    st.sampled_from(["amara", "cy"]),
    st.integers(1, 200),
)


@given(
    st.lists(people, max_size=8, unique_by=lambda one: one.id),
    st.lists(chances, max_size=8, unique=True),
    st.data(),
)
def test_nobody_is_passed_over_and_nothing_is_given_twice(
    waiting: list[Waiting], free: list[Chance], data: st.DataObject
) -> None:
    free.sort(key=lambda each: (each.start, each.practitioner_id))
    every = [(one.id, each.place) for one in waiting for each in free]
    refused = data.draw(st.sets(st.sampled_from(every))) if every else set()
    got: dict[str, Chance] = {}
    for one in in_order(waiting):
        gone = {each.place for each in got.values()} | {place for whose, place in refused if whose == one.id}
        for each in left_for(one, free, gone, NOW)[:1]:
            got[one.id] = each
    assert len(got) == len({each.place for each in got.values()})

    def wants(one: Waiting, each: Chance) -> bool:
        return fits(one, each, NOW) and (one.id, each.place) not in refused

    rank = {one.id: (one.since, one.id) for one in waiting}
    for one in waiting:
        mine = got.get(one.id)
        assert mine is None or wants(one, mine)
        for each in free:
            sooner = mine is None or free.index(each) < free.index(mine)
            if wants(one, each) and sooner:
                assert any(got[other] == each and rank[other] < rank[one.id] for other in got)


@pytest.mark.parametrize(
    "now, latest, until",
    [
        (NOW, NEVER, NOW + KEPT),
        (NOW, NOW + HOUR, NOW + HOUR),
        (NOW, NOW + SHORTEST, NOW + SHORTEST),
        (NOW, NOW + SHORTEST - timedelta(seconds=1), None),
        # 20:30 in Berlin: half an hour before the night, one and a half after it.
        (
            datetime(2026, 11, 23, 19, 30, tzinfo=UTC),
            NEVER,
            datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
        ),
        # The night in which clocks are put back.
        (
            datetime(2026, 10, 24, 18, 30, tzinfo=UTC),
            NEVER,
            datetime(2026, 10, 25, 8, 30, tzinfo=UTC),
        ),
    ],
)
def test_an_offer_is_kept_two_hours_of_the_day(
    now: datetime, latest: datetime, until: datetime | None
) -> None:
    assert answer_by(now, BERLIN, latest) == until


@pytest.mark.parametrize("hour, night", [(6, True), (7, False), (19, False), (20, True)])
def test_nobody_is_written_to_at_night(hour: int, night: bool) -> None:
    assert at_night(NOW.replace(hour=hour), BERLIN) is night


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"last": date(2026, 11, 23)}, "upside-down"),
        ({"first": date(2026, 11, 1), "last": date(2026, 11, 22)}, "past"),
        ({"last": date(2028, 1, 1)}, "too-far"),
        ({"weekdays": ()}, "missing"),
        ({"weekdays": (0,)}, "missing"),
        ({"notice_hours": -1}, "out-of-range"),
        ({"notice_hours": 337}, "out-of-range"),
    ],
)
def test_a_wish_that_cannot_come_true_is_refused(changes: dict[str, object], code: str) -> None:
    check_wish(BO, NOW.date())
    with pytest.raises(BadInput) as refused:
        check_wish(replace(BO, **changes), NOW.date())  # type: ignore[arg-type]
    assert [each.code for each in refused.value.problems] == [code]


def test_who_is_off_the_list_does_not_leave_it_again() -> None:
    left = BO.end(WaitStatus.LEFT)
    assert (left.status, left.version) == (WaitStatus.LEFT, 1)
    with pytest.raises(WrongState):
        left.end(WaitStatus.BOOKED)


def test_what_is_answered_is_not_answered_again() -> None:
    taken = Offer("one", BO.id, "bo", "hold", "amara", NEVER, NEVER, NOW, b"", b"").close(OfferState.TAKEN)
    assert (taken.state, taken.version) == (OfferState.TAKEN, 1)
    with pytest.raises(WrongState):
        taken.close(OfferState.DECLINED)


@pytest.mark.parametrize(
    "states, unreached, over",
    [
        ("EEE", "", True),
        ("EE", "", False),
        ("EEED", "", False),
        ("EEWE", "", False),
        ("DEEE", "", True),
        ("EDEEE", "", True),
        ("EEE", "1", False),
        ("EEEE", "1", True),
        ("EEO", "", False),
    ],
)
def test_only_misses_in_a_row_that_reached_somebody_tire(states: str, unreached: str, over: bool) -> None:
    assert tired(offers_of(states)[::-1], set(unreached)) is over


@pytest.mark.parametrize(
    "states, unreached, hours, rests",
    [
        ("EEE", "012", 3, True),
        ("EEE", "012", 26, False),
        ("EEE", "12", 3, False),
        ("EE", "01", 3, False),
        ("DEEE", "123", 4, True),
        ("EEEE", "012", 4, False),
    ],
)
def test_whom_nothing_reached_is_left_alone_for_a_day(
    states: str, unreached: str, hours: int, *, rests: bool
) -> None:
    assert resting(offers_of(states), set(unreached), NOW + hours * HOUR) is rests


def offers_of(states: str) -> list[Offer]:
    """Offers an hour apart, by the first letters of how they ended."""
    of = {"E": OfferState.EXPIRED, "D": OfferState.DECLINED, "W": OfferState.WITHDRAWN, "O": OfferState.OPEN}
    return [
        Offer(str(at), BO.id, "bo", "hold", "amara", NEVER, NEVER, NOW + at * HOUR, b"", b"", of[state])
        for at, state in enumerate(states)
    ]
