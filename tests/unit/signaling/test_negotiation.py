"""Epochs, sequence, replay and glare, as the table in PROTOCOL.md has them."""

import pytest

from signaling.messages import EndOfCandidates, Signal
from signaling.negotiation import CANDIDATES, KEPT_SIGNALS, Negotiation
from signaling.room import Room
from telehealth.domain.seating import Seat
from tests.unit.signaling.rooms import (
    AMARA,
    BO,
    CY,
    NOW,
    VISIT,
    accepted,
    after,
    answer,
    call,
    candidate,
    fresh,
    offer,
    refusal,
    relayed,
    rosters,
    with_epoch,
)


def negotiated() -> Room:
    """Return a call whose offer, answer and candidates have passed: the server's numbers 1 to 4."""
    room = call()
    for connection, signal in (
        ("a1", offer(1, 1)),
        ("a1", candidate(1, 2)),
        ("b1", answer(1, 1)),
        ("b1", candidate(1, 2)),
    ):
        accepted(room.signal(connection, signal))
    return room


def test_a_signal_reaches_the_other_with_sender_and_number() -> None:
    effects = call().signal("a1", offer(1, 1))
    assert accepted(effects) == {"seq": 1}
    [got] = relayed(effects, "b1")
    assert (got.epoch, got.seq, got.sender, got.content) == (1, 1, "s", offer(1, 1).content)
    assert relayed(effects, "a1") == []


def test_glare_reaches_both() -> None:
    room = call()
    from_amara = relayed(room.signal("a1", offer(1, 1, "ka")), "b1")
    from_bo = relayed(room.signal("b1", offer(1, 1, "kb")), "a1")
    assert [from_amara[0].seq, from_bo[0].seq] == [1, 2]
    assert relayed(room.signal("b1", answer(1, 2, "ka")), "a1")


def test_an_offer_waits_for_the_one_who_comes_later() -> None:
    room = Room(VISIT)
    room.enter("a1", AMARA, fresh(), NOW)
    room.signal("a1", offer(1, 1))
    room.signal("a1", candidate(1, 2))
    effects = room.enter("b1", BO, fresh(), NOW)
    assert accepted(effects)["epoch"] == 1
    assert [got.seq for got in relayed(effects, "b1")] == [1, 2]


def test_who_comes_back_gets_what_was_missed_and_not_more() -> None:
    room = negotiated()
    room.connection_lost("b1", NOW)
    room.signal("a1", candidate(1, 3))
    effects = room.enter("b2", BO, with_epoch(1, since=2), after(5))
    ack = accepted(effects)
    assert (ack["epoch"], ack["resumed"], ack["since"]) == (1, True, 2)
    assert [(got.seq, got.sender) for got in relayed(effects, "b2")] == [(5, "s")]


def test_a_count_from_the_future_is_brought_back() -> None:
    ack = accepted(negotiated().enter("b2", BO, with_epoch(1, since=999), NOW))
    assert ack["since"] == 4


def test_a_reload_after_speaking_raises_the_epoch_for_all() -> None:
    room = negotiated()
    effects = room.enter("b2", BO, fresh(), NOW)
    assert accepted(effects)["epoch"] == 2
    assert relayed(effects, "b2") == []
    assert {told.epoch for told in rosters(effects).values()} == {2}
    assert refusal(room.signal("a1", candidate(1, 3))) == "stale-epoch"
    assert accepted(room.signal("a1", offer(2, 1, "k2"))) == {"seq": 1}


def test_a_reload_before_answering_joins_and_gets_the_offer_again() -> None:
    room = call()
    room.signal("a1", offer(1, 1))
    effects = room.enter("b2", BO, fresh(), NOW)
    assert accepted(effects)["epoch"] == 1
    assert len(relayed(effects, "b2")) == 1


def test_an_older_peer_connection_joins_the_present_epoch() -> None:
    room = negotiated()
    room.enter("a2", AMARA, fresh(), NOW)
    room.connection_lost("b1", NOW)
    assert accepted(room.enter("b2", BO, with_epoch(1, since=4), NOW))["epoch"] == 2


def test_a_number_above_the_present_raises_above_it() -> None:
    assert accepted(negotiated().enter("b2", BO, with_epoch(7), NOW))["epoch"] == 8


def test_after_a_restart_both_keep_the_epoch_they_had() -> None:
    room = Room(VISIT)
    ack = accepted(room.enter("b1", BO, with_epoch(5, since=40), NOW))
    assert (ack["epoch"], ack["resumed"], ack["since"]) == (5, False, 0)
    ack = accepted(room.enter("a1", AMARA, with_epoch(5, since=41), NOW))
    assert (ack["epoch"], ack["resumed"], ack["since"]) == (5, False, 0)
    assert accepted(room.signal("a1", offer(5, 12))) == {"seq": 1}
    ack = accepted(room.enter("b2", BO, with_epoch(5, since=0), NOW))
    assert (ack["resumed"], ack["since"]) == (True, 0)


def test_after_a_restart_an_answer_to_an_offer_from_before_passes() -> None:
    room = Room(VISIT)
    room.enter("a1", AMARA, with_epoch(5), NOW)
    room.enter("b1", BO, with_epoch(5), NOW)
    assert accepted(room.signal("b1", answer(5, 3, "from before")))


def test_a_new_page_after_a_restart_raises_the_adopted_epoch() -> None:
    room = Room(VISIT)
    room.enter("b1", BO, with_epoch(5), NOW)
    assert accepted(room.enter("a1", AMARA, fresh(), NOW))["epoch"] == 6


def test_an_absurd_number_is_no_epoch() -> None:
    assert accepted(Room(VISIT).enter("b1", BO, with_epoch(2**31 - 1), NOW))["epoch"] == 1


def test_a_stranger_to_the_epoch_never_gets_what_was_said_to_somebody_else() -> None:
    room = negotiated()
    room.leave("a1")
    effects = room.enter("c1", CY, fresh(), NOW)
    assert accepted(effects)["epoch"] == 1
    assert relayed(effects, "c1") == []


def test_who_left_and_returns_with_a_new_page_raises_the_epoch() -> None:
    room = negotiated()
    room.leave("b1")
    assert accepted(room.enter("b2", BO, fresh(), NOW))["epoch"] == 2


def test_who_returns_after_the_grace_with_the_old_peer_connection_keeps_it() -> None:
    room = negotiated()
    room.connection_lost("b1", NOW)
    room.tick(after(61))
    assert accepted(room.enter("b2", BO, with_epoch(1, since=2), after(90)))["epoch"] == 1


def test_a_repeated_signal_is_refused_and_not_forwarded() -> None:
    room = negotiated()
    assert refusal(room.signal("a1", offer(1, 1))) == "stale-sequence"
    assert refusal(room.signal("a1", candidate(1, 2))) == "stale-sequence"
    assert accepted(room.signal("a1", candidate(1, 9))) == {"seq": 5}
    assert refusal(room.signal("a1", candidate(1, 8))) == "stale-sequence"


@pytest.mark.parametrize("epoch", [2, 99])
def test_a_signal_of_another_epoch_is_refused(epoch: int) -> None:
    assert refusal(call().signal("a1", offer(epoch, 1))) == "stale-epoch"


def test_the_end_of_candidates_is_forwarded_and_kept_too() -> None:
    room = call()
    last = Signal(1, 1, EndOfCandidates("pV2q"))
    [got] = relayed(room.signal("a1", last), "b1")
    assert got.content == last.content
    assert len(relayed(room.enter("b2", BO, fresh(), NOW), "b2")) == 1


def test_an_answer_needs_an_offer_of_the_other_side() -> None:
    room = call()
    assert refusal(room.signal("b1", answer(1, 1, "never made"))) == "wrong-state"
    room.signal("b1", offer(1, 1, "mine"))
    assert refusal(room.signal("b1", answer(1, 2, "mine"))) == "wrong-state"
    assert accepted(room.signal("a1", answer(1, 1, "mine")))


def test_candidates_are_counted_for_each_description() -> None:
    room = call()
    room.signal("a1", offer(1, 1))
    for seq in range(2, CANDIDATES + 2):
        accepted(room.signal("a1", candidate(1, seq)))
    assert refusal(room.signal("a1", candidate(1, CANDIDATES + 2))) == "too-fast"
    accepted(room.signal("a1", offer(1, CANDIDATES + 3, "again")))
    assert accepted(room.signal("a1", candidate(1, CANDIDATES + 4)))


def test_what_is_no_longer_kept_raises_the_epoch_instead_of_leaving_a_hole() -> None:
    room = call()
    for seq in range(1, KEPT_SIGNALS + 2):
        accepted(room.signal("a1", offer(1, seq, f"k{seq}")))
    assert accepted(room.enter("b2", BO, with_epoch(1, since=1), NOW))["epoch"] == 1
    assert accepted(room.enter("b3", BO, with_epoch(1, since=0), NOW))["epoch"] == 2


def test_the_kept_signals_are_limited_in_bytes_too() -> None:
    kept = Negotiation()
    kept.arrive("s", 0, 0, {"s"})
    for seq in range(1, 30):
        signal = offer(1, seq, "x" * 40_000)
        kept.take("s", signal, signal.content)
    assert kept.size <= 512 * 1024
    assert kept.forgotten == 29 - len(kept.log)


def test_a_new_page_does_not_join_what_has_a_hole() -> None:
    room = call()
    for seq in range(1, KEPT_SIGNALS + 2):
        room.signal("a1", offer(1, seq, f"k{seq}"))
    assert accepted(room.enter("b2", BO, fresh(), NOW))["epoch"] == 2


def test_hidden_addresses_are_stripped_for_both_and_acknowledged() -> None:
    hidden = Seat(VISIT, "p", "patient", "Bo L.", polite=True, relay_only=True)
    room = Room(VISIT)
    room.enter("b1", hidden, fresh(), NOW)
    room.enter("a1", AMARA, fresh(), NOW)
    room.signal("b1", offer(1, 1))
    effects = room.signal("b1", candidate(1, 2))
    assert accepted(effects) == {"seq": 1}
    assert relayed(effects, "a1") == []
    relay = "candidate:3 1 udp 4 203.0.113.9 61000 typ relay raddr 198.51.100.7 rport 5"
    [got] = relayed(room.signal("b1", candidate(1, 3, relay)), "a1")
    assert "198.51.100.7" not in str(got)
    assert refusal(room.signal("b1", candidate(1, 2))) == "stale-sequence"
