"""The life of a guest as a table: every state meets every event, and one browser opens the link."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.errors import OtherDevice, WrongState
from telehealth.domain.guests import NEVER, TRANSITIONS, Guest, GuestEvent, GuestKind, GuestState

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def guest(state: GuestState, session: bytes | None = None) -> Guest:
    facts = ("v", "bo", "hospital", 1, GuestKind.RELATIVE, "Lina", "bo", b"digest", NOW)
    return Guest("g", *facts, state, NOW, session)


@pytest.mark.parametrize("state", list(GuestState))
@pytest.mark.parametrize("event", list(GuestEvent))
def test_every_state_meets_every_event(state: GuestState, event: GuestEvent) -> None:
    expected = TRANSITIONS.get((state, event))
    if expected is None:
        with pytest.raises(WrongState):
            guest(state).step(event, LATER)
        return
    before = guest(state)
    after = before.step(event, LATER)
    moved = expected is not state
    assert (after.state, after.version, after.since) == (expected, int(moved), LATER if moved else NOW)


def test_nobody_comes_back_from_being_removed() -> None:
    assert {after for (state, _), after in TRANSITIONS.items() if state is GuestState.REMOVED} == {
        GuestState.REMOVED
    }


def test_nobody_is_in_the_call_who_did_not_wait_and_agree() -> None:
    ways = {state for (state, event), after in TRANSITIONS.items() if after is GuestState.ADMITTED}
    assert ways == {GuestState.WAITING, GuestState.ADMITTED}
    assert guest(GuestState.OPENED).step(GuestEvent.WAIT, LATER).agreed_at == LATER


def test_of_what_is_written_a_guest_reads_what_comes_after_they_were_let_in() -> None:
    assert guest(GuestState.WAITING).hears_after == NEVER
    admitted = guest(GuestState.WAITING).let_in(7, LATER)
    assert (admitted.state, admitted.hears_after, admitted.version) == (GuestState.ADMITTED, 7, 1)
    assert admitted.let_in(9, LATER) is admitted, "pressed again, nothing is hidden that they have read"
    again = admitted.step(GuestEvent.LEAVE, LATER).step(GuestEvent.WAIT, LATER)
    assert again.let_in(12, LATER).hears_after == 12
    with pytest.raises(WrongState):
        guest(GuestState.OPENED).let_in(0, LATER)


def test_who_leaves_has_to_be_let_in_again() -> None:
    assert guest(GuestState.ADMITTED).step(GuestEvent.LEAVE, LATER).state is GuestState.OPENED


def test_the_first_browser_is_the_guests_and_no_other() -> None:
    opened = guest(GuestState.INVITED).open(b"first", LATER)
    assert (opened.state, opened.session_digest, opened.version) == (GuestState.OPENED, b"first", 1)
    assert opened.open(b"first", LATER) is opened
    with pytest.raises(OtherDevice):
        opened.open(b"second", LATER)


def test_the_seat_is_the_number_of_the_invitation() -> None:
    assert guest(GuestState.INVITED).participant == "g1"
