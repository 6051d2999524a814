"""Three in a room: every two have a connection of their own, and a guest touches nobody else's."""

from dataclasses import replace

from signaling.announcements import Pair
from signaling.effects import Send
from signaling.held import Held
from signaling.messages import Enter, Signal
from signaling.pairs import rank
from signaling.room import Room
from signaling.speech import Said
from telehealth.domain.conversation import Kind, Phrase
from telehealth.domain.guests import GuestKind
from tests.unit.signaling.rooms import (
    AMARA,
    BO,
    LINA,
    NOW,
    SAID,
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


def to(other: str, signal: Signal) -> Signal:
    return replace(signal, to=other)


def three() -> Room:
    """Return a call of three in which every two have negotiated."""
    room = call()
    accepted(room.signal("a1", offer(1, 1)))
    accepted(room.signal("b1", answer(1, 1)))
    room.enter("l1", LINA, fresh(), NOW)
    accepted(room.signal("a1", to("g1", offer(1, 1, "ka"))))
    accepted(room.signal("l1", answer(1, 1, "ka")))
    accepted(room.signal("b1", to("g1", offer(1, 1, "kb"))))
    accepted(room.signal("l1", to("p", answer(1, 1, "kb"))))
    return room


def holding(epoch: int, since: int = 0, **pairs: tuple[int, int]) -> Enter:
    return Enter(None, epoch, since, pairs=tuple(Held(other, *facts) for other, facts in pairs.items()))


def test_the_order_of_offers_is_specialist_patient_guests_by_number() -> None:
    assert sorted(["g12", "p", "g2", "s", "g1"], key=rank) == ["s", "p", "g1", "g2", "g12"]


def test_a_guest_who_comes_leaves_the_others_as_they_were() -> None:
    room = call()
    accepted(room.signal("a1", offer(1, 1)))
    effects = room.enter("l1", LINA, fresh(), NOW)
    ack = accepted(effects)
    assert (ack["you"], ack["epoch"], ack["polite"]) == ("g1", 1, True)
    assert ack["pairs"] == {"p": {"epoch": 1, "polite": True, "resumed": True, "since": 0}}
    assert relayed(effects, "l1") == []
    told = rosters(effects)
    assert {who: (each.epoch, each.pairs) for who, each in told.items()} == {
        "a1": (1, (Pair("g1", 1, polite=False),)),
        "b1": (1, (Pair("g1", 1, polite=False),)),
        "l1": (1, (Pair("p", 1, polite=True),)),
    }
    assert accepted(room.signal("b1", answer(1, 1))) == {"seq": 2}


def test_a_signal_reaches_the_other_of_its_pair_and_nobody_else() -> None:
    room = three()
    effects = room.signal("b1", to("g1", candidate(1, 2)))
    [got] = relayed(effects, "l1")
    assert (got.epoch, got.seq, got.sender) == (1, 3, "p")
    assert relayed(effects, "a1") == []
    effects = room.signal("a1", candidate(1, 2))
    assert len(relayed(effects, "b1")) == 1
    assert relayed(effects, "l1") == []


def test_without_a_name_a_guest_speaks_to_the_specialist() -> None:
    effects = three().signal("l1", candidate(1, 2))
    assert [got.sender for got in relayed(effects, "a1")] == ["g1"]
    assert relayed(effects, "b1") == []


def test_a_guest_who_reloads_raises_their_own_pairs_only() -> None:
    effects = three().enter("l2", LINA, fresh(), NOW)
    assert accepted(effects)["epoch"] == 2
    told = rosters(effects)
    for who in ("a1", "b1"):
        assert (told[who].epoch, told[who].pairs) == (1, (Pair("g1", 2, polite=False),))


def test_a_patient_who_reloads_leaves_specialist_and_guest_alone() -> None:
    room = three()
    effects = room.enter("b2", BO, fresh(), NOW)
    ack = accepted(effects)
    assert (ack["epoch"], ack["pairs"]["g1"]["epoch"]) == (2, 2)  # type: ignore[index]
    told = rosters(effects)
    assert (told["a1"].epoch, told["a1"].pairs) == (2, (Pair("g1", 1, polite=False),))
    assert accepted(room.signal("a1", to("g1", candidate(1, 2))))


def test_who_comes_back_gets_what_was_missed_in_each_pair() -> None:
    room = three()
    room.connection_lost("b1", NOW)
    room.signal("a1", candidate(1, 2))
    room.signal("l1", to("p", candidate(1, 2)))
    effects = room.enter("b2", BO, holding(1, 2, g1=(1, 1)), after(5))
    ack = accepted(effects)
    assert ack["pairs"]["g1"] == {"epoch": 1, "polite": False, "resumed": True, "since": 1}  # type: ignore[index]
    assert [(got.sender, got.seq) for got in relayed(effects, "b2")] == [("s", 3), ("g1", 2), ("g1", 3)]


def test_after_a_guest_has_gone_their_pairs_begin_anew() -> None:
    room = three()
    told = rosters(room.leave("l1"))
    assert {who: (each.epoch, each.pairs) for who, each in told.items()} == {"a1": (1, ()), "b1": (1, ())}
    assert refusal(room.signal("a1", to("g1", candidate(1, 2)))) == "stale-epoch"
    effects = room.enter("l2", LINA, fresh(), NOW)
    assert accepted(effects)["epoch"] == 2
    assert relayed(effects, "l2") == []
    assert accepted(room.signal("a1", to("g1", offer(2, 1, "kc")))) == {"seq": 1}


def test_who_missed_that_a_guest_had_gone_is_told_by_the_epoch() -> None:
    room = three()
    room.connection_lost("b1", NOW)
    room.remove("g1", "revoked")
    assert "pairs" not in accepted(room.enter("b2", BO, holding(1, 2, g1=(1, 2)), NOW))
    room.connection_lost("b2", NOW)
    room.enter("l2", LINA, fresh(), NOW)
    ack = accepted(room.enter("b3", BO, holding(1, 2, g1=(1, 2)), NOW))
    assert ack["pairs"]["g1"]["epoch"] == 2  # type: ignore[index]


def test_after_a_restart_all_three_keep_what_they_had() -> None:
    room = Room(VISIT)
    ack = accepted(room.enter("b1", BO, holding(5, 9, g1=(3, 4)), NOW))
    kept = {"epoch": 3, "polite": False, "resumed": False, "since": 0}
    assert (ack["epoch"], ack["pairs"]) == (5, {"g1": kept})
    ack = accepted(room.enter("l1", LINA, holding(2, 4, p=(3, 6)), NOW))
    assert (ack["epoch"], ack["pairs"]) == (2, {"p": kept | {"polite": True}})
    ack = accepted(room.enter("a1", AMARA, holding(5, 9, g1=(2, 4)), NOW))
    assert (ack["epoch"], ack["pairs"]) == (5, {"g1": kept | {"epoch": 2}})


def test_what_is_written_reaches_a_guest_with_no_more_of_the_patients_name_than_they_read() -> None:
    whole = Said(1, "k", "p", "Bo Lindqvist", Kind.CHAT, Phrase.OWN, "For two weeks.", NOW)
    told = three().tell(whole, "Bo L.")
    assert {each.to: each.message for each in told if isinstance(each, Send)} == {
        "a1": whole,
        "b1": whole,
        "l1": replace(whole, name="Bo L."),
    }
    assert Send("l1", SAID) in three().tell(SAID), "the specialist is called the same by everybody"


def test_what_was_written_before_a_guest_was_let_in_is_not_told_them_when_it_is_sent_again() -> None:
    room = call()
    room.enter("l1", replace(LINA, hears_after=1), fresh(), NOW)
    assert room.tell(SAID) == [Send("b1", SAID), Send("a1", SAID)]
    after_it = replace(SAID, seq=2)
    assert Send("l1", after_it) in room.tell(after_it)


def test_the_roster_says_what_a_guest_is_in_the_visit() -> None:
    room = call()
    room.enter("l1", replace(LINA, part=GuestKind.INTERPRETER), fresh(), NOW)
    assert {each.id: each.part for each in room.roster("p").members} == {
        "g1": GuestKind.INTERPRETER,
        "p": None,
        "s": None,
    }


def test_a_guest_reads_less_of_the_patients_name_than_the_others() -> None:
    room = Room(VISIT)
    bo = replace(BO, name="Bo Lindqvist", guarded="Bo L.")
    for connection, seat in (("a1", AMARA), ("b1", bo), ("l1", LINA)):
        room.enter(connection, seat, fresh(), NOW)
    names = {
        who: {member.id: member.name for member in room.roster(who).members}["p"] for who in ("s", "p", "g1")
    }
    assert names == {"s": "Bo Lindqvist", "p": "Bo Lindqvist", "g1": "Bo L."}


def test_nobody_speaks_to_themselves_or_to_whom_they_never_met() -> None:
    room = call()
    for other in ("p", "g1", "g7"):
        assert refusal(room.signal("b1", to(other, offer(1, 1)))) == "stale-epoch"


def test_a_guest_learns_nothing_of_a_call_that_is_only_prepared() -> None:
    room = Room(VISIT)
    room.enter("b1", BO, Enter(None, 0, 0, prepared=True), NOW)
    effects = room.enter("l1", LINA, fresh(), NOW)
    ack = accepted(effects)
    assert [member["id"] for member in ack["roster"]] == ["g1"]  # type: ignore[attr-defined]
    assert "pairs" not in ack
    assert accepted(room.enter("b1", BO, with_epoch(1), NOW))["pairs"]
