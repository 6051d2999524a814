"""A visit's life is a table: every state meets every event, and nothing else moves a visit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.consultation import (
    CLOSED,
    TRANSITIONS,
    Confirmation,
    Consultation,
    VisitEvent,
    VisitStatus,
)
from telehealth.domain.errors import IdentityNotConfirmed, WrongState

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CONFIRMED = Confirmation(("name", "birth-date"), "at home", "+15551234", "amara", NOW)


def visit(status: VisitStatus, confirmation: Confirmation | None = CONFIRMED) -> Consultation:
    return Consultation("v", "a", "o", "bo", "amara", status, NOW, confirmation=confirmation)


@pytest.mark.parametrize("status", list(VisitStatus))
@pytest.mark.parametrize("event", list(VisitEvent))
def test_every_state_meets_every_event(status: VisitStatus, event: VisitEvent) -> None:
    expected = TRANSITIONS.get((status, event))
    if expected is None:
        with pytest.raises(WrongState):
            visit(status).step(event, LATER)
    else:
        before = visit(status)
        after = before.step(event, LATER)
        assert after.status is expected
        assert after.version == (0 if after == before else 1)
        assert after.since == (NOW if expected is status else LATER)


def test_a_reload_keeps_the_place_in_line() -> None:
    waiting = visit(VisitStatus.ARRIVED).step(VisitEvent.WAIT, NOW)
    again = waiting.step(VisitEvent.ARRIVE, LATER).step(VisitEvent.WAIT, LATER)
    assert again.waiting_at == NOW
    assert again.status is VisitStatus.WAITING


def test_a_repeated_step_leaves_the_visit_as_it_is() -> None:
    arrived = visit(VisitStatus.BOOKED).step(VisitEvent.ARRIVE, NOW)
    waiting = arrived.step(VisitEvent.WAIT, NOW)
    admitted = waiting.step(VisitEvent.ADMIT, NOW)
    assert arrived.step(VisitEvent.ARRIVE, LATER) is arrived
    assert waiting.step(VisitEvent.WAIT, LATER) is waiting
    assert admitted.step(VisitEvent.ADMIT, LATER) is admitted


def test_stepping_out_and_back_keeps_the_first_moment_of_waiting() -> None:
    out = visit(VisitStatus.ARRIVED).step(VisitEvent.WAIT, NOW).step(VisitEvent.STEP_OUT, LATER)
    assert out.status is VisitStatus.ARRIVED
    assert out.step(VisitEvent.WAIT, LATER).waiting_at == NOW


def test_nobody_is_admitted_who_does_not_wait() -> None:
    with pytest.raises(WrongState):
        visit(VisitStatus.ARRIVED).step(VisitEvent.ADMIT, NOW)


def test_signing_needs_a_confirmed_patient() -> None:
    with pytest.raises(IdentityNotConfirmed):
        visit(VisitStatus.IN_PROGRESS, confirmation=None).step(VisitEvent.SIGN, NOW)


def test_a_visit_signed_during_the_call_is_complete_when_it_ends() -> None:
    signed = visit(VisitStatus.IN_PROGRESS).step(VisitEvent.SIGN, NOW)
    assert signed.status is VisitStatus.IN_PROGRESS
    ended = signed.step(VisitEvent.END, LATER)
    assert ended.status is VisitStatus.COMPLETED
    assert ended.signed_at == NOW
    assert ended.ended_at == LATER


def test_a_visit_ended_unsigned_waits_for_its_note() -> None:
    ended = visit(VisitStatus.IN_PROGRESS).step(VisitEvent.END, NOW)
    assert ended.status is VisitStatus.FINISHED
    assert ended.step(VisitEvent.SIGN, LATER).status is VisitStatus.COMPLETED


def test_ending_twice_keeps_the_first_end() -> None:
    ended = visit(VisitStatus.IN_PROGRESS).step(VisitEvent.END, NOW).step(VisitEvent.END, LATER)
    assert ended.ended_at == NOW


def test_closed_visits_never_open_again() -> None:
    for status in CLOSED:
        for event in VisitEvent:
            after = TRANSITIONS.get((status, event))
            assert after is None or after in CLOSED


def test_a_step_changes_nothing_else() -> None:
    before = visit(VisitStatus.WAITING)
    after = before.step(VisitEvent.ADMIT, LATER)
    assert replace(after, status=before.status, since=before.since, version=0, admitted_at=None) == before


@pytest.mark.parametrize(
    "came, left, status",
    [
        (-9, -5, "missed"),  # gone before it was their time
        (-9, 0, "missed"),
        (-9, 1, "unseen"),
        (5, 30, "unseen"),
        (19, 25, "unseen"),
        (20, 25, "missed"),  # came when the time was over
    ],
)
def test_who_waited_in_the_hours_of_the_visit_did_not_miss_it(came: int, left: int, status: str) -> None:
    at = [NOW + timedelta(minutes=each) for each in (came, left)]
    gone = replace(visit(VisitStatus.ARRIVED), waiting_at=at[0], since=at[1])
    assert gone.lapse(NOW, NOW + timedelta(minutes=20), NOW + timedelta(hours=3)).status == status
