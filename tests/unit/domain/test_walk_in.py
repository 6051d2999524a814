"""The queue of those who come without an appointment: its order, its places, and their life as a table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from telehealth.domain.errors import WrongState
from telehealth.domain.walk_in import (
    LEVELS,
    WALK_IN_TRANSITIONS,
    Triage,
    WalkIn,
    WalkInEvent,
    WalkInStatus,
    in_turn,
    standings,
)

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WAITS = WalkInStatus.WAITING
CLINICS, SERVICES = ("org", "org-2"), ("svc", "svc-2")


def walk_in(number: int, triage: Triage = Triage.STANDARD, minute: int = 0) -> WalkIn:
    came = NINE + timedelta(minutes=minute)
    return WalkIn(f"walk-in-{number:04}", "org", "svc", f"pat-{number}", triage, came, WAITS, came)


@pytest.mark.parametrize("status", WalkInStatus)
@pytest.mark.parametrize("event", WalkInEvent)
def test_every_step_is_in_the_table_or_refused(status: WalkInStatus, event: WalkInEvent) -> None:
    one = WalkIn("one", "org", "svc", "bo", Triage.URGENT, NINE, status, NINE)
    later = NINE + timedelta(minutes=1)
    after = WALK_IN_TRANSITIONS.get((status, event))
    if after is None:
        with pytest.raises(WrongState):
            one.step(event, later)
    elif after is status:
        assert one.step(event, later) is one
    else:
        stepped = one.step(event, later)
        assert (stepped.status, stepped.since, stepped.version) == (after, later, 2)
        assert stepped.arrived_at == NINE


def test_who_was_called_is_assessed_no_more() -> None:
    one = walk_in(1)
    assert one.assessed(Triage.STANDARD, "same") is one
    with pytest.raises(WrongState):
        one.called("visit", NINE).assessed(Triage.URGENT, "pale")


def test_the_more_urgent_goes_first_and_the_earlier_among_equals() -> None:
    late, early, urgent = walk_in(1, minute=9), walk_in(2, minute=3), walk_in(3, Triage.URGENT, 20)
    assert in_turn([late, early, urgent]) == [urgent, early, late]
    places = [(each.walk_in, each.minutes) for each in standings([late, early, urgent], 20)]
    assert places == [
        (urgent, 0),
        (early, 20),
        (late, 40),
    ]


def test_who_is_sent_on_keeps_triage_and_arrival_and_is_in_one_queue() -> None:
    one = walk_in(1, Triage.URGENT, 3)
    sent = one.sent("org-2", "svc-2", "Needs an X-ray")
    assert (sent.organization_id, sent.service_id, sent.from_organization_id) == ("org-2", "svc-2", "org")
    assert (sent.triage, sent.arrived_at, sent.status, sent.version) == (one.triage, one.arrived_at, WAITS, 2)
    other = sent.sent("org-2", "svc-3", "Wrong service")
    assert (other.from_organization_id, other.because) == ("org", "Wrong service")
    assert other.sent("org-2", "svc-3", "again") is other
    with pytest.raises(WrongState):
        one.step(WalkInEvent.LEAVE, NINE).sent("org-2", "svc", "gone")


class AMorning(RuleBasedStateMachine):
    """People come, are assessed, sent on, leave, return and are called in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[WalkIn] = []
        self.came: list[int] = []
        self.minute = 0

    @rule(triage=st.sampled_from(LEVELS), together=st.booleans())
    def come(self, triage: Triage, together: bool) -> None:
        self.minute += not together
        self.came.append(self.minute)
        self.people.append(walk_in(len(self.people), triage, self.minute))

    @rule(which=st.integers(0), triage=st.sampled_from(LEVELS))
    def assess(self, which: int, triage: Triage) -> None:
        self.change(which, WalkInStatus.WAITING, lambda one: one.assessed(triage, "worse"))

    @rule(which=st.integers(0))
    def leave(self, which: int) -> None:
        self.change(which, WalkInStatus.WAITING, lambda one: one.step(WalkInEvent.LEAVE, one.since))

    @rule(which=st.integers(0))
    def come_back(self, which: int) -> None:
        self.change(which, WalkInStatus.LEFT, lambda one: one.step(WalkInEvent.RETURN, one.since))

    @rule(which=st.integers(0), clinic=st.sampled_from(CLINICS), service=st.sampled_from(SERVICES))
    def send(self, which: int, clinic: str, service: str) -> None:
        self.change(which, WalkInStatus.WAITING, lambda one: one.sent(clinic, service, "nearer home"))

    @rule(service=st.sampled_from(SERVICES))
    def call(self, service: str) -> None:
        for first in in_turn(self.waiting(service))[:1]:
            self.people[self.people.index(first)] = first.called("visit", NINE)

    def change(self, which: int, status: WalkInStatus, step: Callable[[WalkIn], WalkIn]) -> None:
        found = [one for one in self.people if one.status is status]
        if found:
            before = found[which % len(found)]
            self.people[self.people.index(before)] = step(before)

    def waiting(self, service: str) -> list[WalkIn]:
        waits = WalkInStatus.WAITING
        return [one for one in self.people if (one.status, one.service_id) == (waits, service)]

    @invariant()
    def everybody_who_waits_is_in_one_queue(self) -> None:
        places = [place.walk_in.id for each in SERVICES for place in standings(self.waiting(each), 15)]
        waits = [one.id for one in self.people if one.status is WalkInStatus.WAITING]
        assert sorted(places) == sorted(waits)

    @invariant()
    def nobody_loses_what_they_have_waited(self) -> None:
        for number, one in enumerate(self.people):
            assert one.arrived_at == NINE + timedelta(minutes=self.came[number])

    @invariant()
    def everybody_who_waits_has_the_place_that_counting_gives(self) -> None:
        for service in SERVICES:
            self.places_are_right(self.waiting(service))

    def places_are_right(self, waiting: list[WalkIn]) -> None:
        for place in standings(waiting, 15):
            own = place.walk_in
            sooner = [
                one
                for one in waiting
                if LEVELS.index(one.triage) < LEVELS.index(own.triage)
                or (one.triage is own.triage and (one.arrived_at, one.id) < (own.arrived_at, own.id))
            ]
            assert (place.ahead, place.minutes) == (len(sooner), 15 * len(sooner))
        assert len(standings(waiting, 15)) == len(waiting)


TestAMorning = AMorning.TestCase
