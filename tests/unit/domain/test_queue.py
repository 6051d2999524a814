"""The line: right under any order of arrivals, leavings, pauses and priority; waits told honestly."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from telehealth.domain.queue import (
    ENOUGH,
    OVERRUN_LIMIT,
    Line,
    Place,
    Priority,
    Reason,
    Running,
    Stand,
    Why,
    in_order,
    late_minutes,
    places,
    usual,
)

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TWENTY = timedelta(minutes=20)
QUARTERS = (timedelta(minutes=15),) * ENOUGH
TODAY = Running("amara", "hospital", date(2026, 11, 23), NINE + timedelta(hours=14))


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def stand(name: str, start: float = 0, waiting: float = -5, priority: Priority = Priority.ROUTINE) -> Stand:
    return Stand(name, priority, at(start), at(waiting))


def told(line: Line, minute: float, before: Mapping[str, Place] | None = None) -> dict[str, Place]:
    return {each.visit_id: each for each in places(line, at(minute), before or {})}


def test_the_line_goes_by_priority_then_time_then_arrival() -> None:
    urgent = stand("urgent", 60, priority=Priority.URGENT)
    line = [stand("late", 20), stand("second", 0, -1), stand("first", 0, -9), urgent]
    assert [each.visit_id for each in in_order(line)] == ["urgent", "first", "second", "late"]


def test_with_few_consultations_only_the_place_is_told() -> None:
    line = Line((stand("bo"), stand("cy", 20)), durations=QUARTERS[1:])
    assert [(each.ahead, each.minutes) for each in places(line, at(0), {})] == [(0, None), (1, None)]


def test_the_estimate_is_the_median_for_each_person_ahead() -> None:
    longest = (timedelta(minutes=90), *QUARTERS, timedelta(seconds=20))
    line = Line((stand("bo"), stand("cy"), stand("di")), durations=longest)
    assert [each.minutes for each in places(line, at(0), {})] == [5, 15, 30]


def test_what_is_left_of_the_call_comes_before_everybody() -> None:
    line = Line((stand("bo"), stand("cy")), called_at=at(0), durations=QUARTERS)
    assert [each.minutes for each in places(line, at(4), {})] == [15, 30]
    assert [each.minutes for each in places(line, at(14), {})] == [5, 20]


def test_a_call_that_takes_longer_is_told_as_that() -> None:
    line = Line((stand("bo"),), called_at=at(0), durations=QUARTERS)
    before = told(line, 14)
    after = told(line, 27, before)
    assert (before["bo"].minutes, before["bo"].why) == (5, Why.NONE)
    assert (after["bo"].minutes, after["bo"].why) == (15, Why.LONGER)


def test_a_call_that_nobody_ended_delays_by_an_hour_at_most() -> None:
    line = Line((stand("bo"),), called_at=at(-600), durations=QUARTERS)
    assert told(line, 0)["bo"].minutes == OVERRUN_LIMIT.total_seconds() // 60


def test_nobody_is_promised_a_time_before_the_agreed_one() -> None:
    line = Line((stand("bo", 30), stand("cy", 50)), durations=QUARTERS)
    assert [each.minutes for each in places(line, at(0), {})] == [30, 50]
    urgent = replace(line, waiting=(*line.waiting, stand("di", 90, priority=Priority.URGENT)))
    assert [each.minutes for each in places(urgent, at(0), {})] == [5, 30, 50]


def test_a_clinic_that_says_it_runs_late_is_believed() -> None:
    late = TODAY.late(30, Reason.EMERGENCY)
    line = Line((stand("bo", 0),), durations=QUARTERS, running=late)
    assert told(line, 0)["bo"] == Place("bo", 0, 30, 30, Why.EMERGENCY, paused=False)
    assert told(replace(line, running=late.late(30, Reason.NONE)), 0)["bo"].why is Why.LONGER
    assert late.late(0, Reason.EMERGENCY).late_reason is Reason.NONE


def test_when_nobody_says_anything_the_clock_does() -> None:
    punctual, tardy = stand("bo", 0, -5), stand("cy", 0, 11)
    assert late_minutes(Line((punctual,)), at(14)) == 10
    assert late_minutes(Line((tardy,)), at(14)) == 0, "who came late does not make the clinic late"
    assert late_minutes(Line((stand("di", 60),)), at(14)) == 0


def test_a_pause_tells_its_reason_and_no_minutes_and_ends() -> None:
    paused = TODAY.pause(Reason.TECHNICAL, at(3))
    line = Line((stand("bo"), stand("cy", 20)), durations=QUARTERS, running=paused)
    assert told(line, 4)["cy"] == Place("cy", 1, None, 0, Why.TECHNICAL, paused=True)
    again = told(replace(line, running=paused.resume()), 5, told(line, 4))
    assert (again["cy"].minutes, again["cy"].why, again["cy"].paused) == (15, Why.NONE, False)


def test_a_second_press_changes_nothing_and_keeps_the_first_moment() -> None:
    paused = TODAY.pause(Reason.BREAK, at(3))
    assert paused.pause(Reason.BREAK, at(9)) is paused
    assert paused.pause(Reason.EMERGENCY, at(9)).paused_at == at(3)
    assert TODAY.resume() is TODAY
    assert (TODAY.version, paused.version, paused.resume().version) == (0, 1, 2)


def test_longer_calls_make_a_longer_wait_and_are_told_as_that() -> None:
    line = Line((stand("bo"), stand("cy", 20)), durations=QUARTERS)
    longer = replace(line, durations=(timedelta(minutes=40),) * ENOUGH * 2)
    before, after = told(line, 25), told(longer, 25, told(line, 25))
    assert (before["cy"].minutes, before["cy"].why) == (15, Why.NONE)
    assert (after["cy"].minutes, after["cy"].why) == (40, Why.LONGER)


def test_who_is_overtaken_learns_why_and_it_stays_until_it_gets_better() -> None:
    line = Line((stand("bo", 0, -5), stand("cy", 20)), durations=QUARTERS)
    before = told(line, 25)
    sooner = replace(line, waiting=(*line.waiting, stand("di", 60, priority=Priority.URGENT)))
    after = told(sooner, 25, before)
    assert (after["cy"].ahead, after["cy"].why) == (2, Why.URGENT_FIRST)
    assert told(sooner, 26, after)["cy"].why is Why.URGENT_FIRST
    assert told(line, 27, after)["cy"].why is Why.NONE
    earlier = replace(line, waiting=(*line.waiting, stand("ed", 10, 24)))
    assert told(earlier, 25, before)["cy"].why is Why.EARLIER_FIRST


@pytest.mark.parametrize("count", [0, ENOUGH - 1, ENOUGH])
def test_the_median_needs_enough_calls(count: int) -> None:
    assert (usual([TWENTY] * count) is not None) == (count >= ENOUGH)


@given(st.lists(st.integers(1, 120).map(lambda m: timedelta(minutes=m)), min_size=ENOUGH, max_size=40))
def test_the_median_is_one_of_the_newest_calls_or_between_two(durations: list[timedelta]) -> None:
    newest = durations[:20]
    assert min(newest) <= (usual(durations) or timedelta(0)) <= max(newest)


@dataclass
class Everybody:
    """What the machine below knows of the people, kept apart from the line's own order."""

    here: dict[str, Stand] = field(default_factory=dict)
    count: int = 0


class AnyDay(RuleBasedStateMachine):
    """A day in any order: places stay 0, 1, 2 …, nobody is lost, more minutes never come without a reason."""

    @initialize(durations=st.lists(st.integers(1, 60), max_size=12))
    def begin(self, durations: list[int]) -> None:
        self.people, self.minute, self.before = Everybody(), 0.0, dict[str, Place]()
        self.line = Line((), durations=tuple(timedelta(minutes=each) for each in durations), running=TODAY)

    @rule(start=st.integers(-30, 180))
    def arrives(self, start: int) -> None:
        self.people.count += 1
        name = f"visit-{self.people.count:02}"
        self.people.here[name] = stand(name, start, self.minute)
        self.look()

    @rule(which=st.integers(0, 30))
    def goes(self, which: int) -> None:
        """Steps out, is cancelled, or did not attend after all: for the line it is one."""
        if self.people.here:
            del self.people.here[sorted(self.people.here)[which % len(self.people.here)]]
        self.look()

    @rule(which=st.integers(0, 30), priority=st.sampled_from(Priority))
    def matters(self, which: int, priority: Priority) -> None:
        if self.people.here:
            name = sorted(self.people.here)[which % len(self.people.here)]
            self.people.here[name] = replace(self.people.here[name], priority=priority)
        self.look()

    @rule()
    def is_called(self) -> None:
        if self.people.here:
            del self.people.here[in_order(list(self.people.here.values()))[0].visit_id]
            self.line = replace(self.line, called_at=at(self.minute))
        self.look()

    @rule(took=st.integers(1, 90))
    def call_ends(self, took: int) -> None:
        durations = (timedelta(minutes=took), *self.line.durations)
        self.line = replace(self.line, called_at=None, durations=durations)
        self.look()

    @rule(minutes=st.sampled_from([0, 10, 45]), reason=st.sampled_from(Reason))
    def is_late(self, minutes: int, reason: Reason) -> None:
        self.line = replace(self.line, running=(self.line.running or TODAY).late(minutes, reason))
        self.look()

    @rule(reason=st.sampled_from(Reason), on=st.booleans())
    def pauses(self, reason: Reason, on: bool) -> None:
        state = self.line.running or TODAY
        now = at(self.minute)
        self.line = replace(self.line, running=state.pause(reason, now) if on else state.resume())
        self.look()

    @rule(span=st.floats(0.1, 20))
    def time_passes(self, span: float) -> None:
        self.minute += span
        self.look()

    def look(self) -> None:
        """Tell everybody, and hold what they are told now against what they were told before."""
        self.line = replace(self.line, waiting=tuple(self.people.here.values()))
        found = told(self.line, self.minute, self.before)
        for name, place in found.items():
            before = self.before.get(name)
            if before and (place.minutes or 0) > (before.minutes or place.minutes or 0):
                assert place.why is not Why.NONE, f"{before} became {place}"
        self.before = found

    @invariant()
    def everybody_has_one_place(self) -> None:
        assert set(self.before) == set(self.people.here)
        assert sorted(each.ahead for each in self.before.values()) == list(range(len(self.before)))

    @invariant()
    def nobody_is_ahead_of_somebody_who_comes_first(self) -> None:
        for one in self.people.here.values():
            first = sum(comes_first(other, one) for other in self.people.here.values())
            assert self.before[one.visit_id].ahead == first

    @invariant()
    def who_stands_further_back_is_told_no_shorter_wait(self) -> None:
        waits = [each.minutes for each in sorted(self.before.values(), key=lambda each: each.ahead)]
        known = [each for each in waits if each is not None]
        assert known in ([], sorted(waits, key=lambda each: each or 0))
        assert all(each % 5 == 0 and each >= 5 for each in known)


def comes_first(other: Stand, one: Stand) -> bool:
    """The rule in its own words: urgent before routine, else the earlier time, else who came first."""
    if other is one:
        return False
    if other.priority is not one.priority:
        return other.priority is Priority.URGENT
    return (other.start, other.waiting_at, other.visit_id) < (one.start, one.waiting_at, one.visit_id)


AnyDay.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_any_day = AnyDay.TestCase
