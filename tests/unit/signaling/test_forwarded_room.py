"""When a room's media go through the forwarding server, and what everybody is told."""

from dataclasses import replace

import pytest

from signaling.carried import Carried
from signaling.effects import Effect, Forward
from signaling.forwarded import ForwardedRoom
from signaling.forwarding import Carry, Drop, Hand, Order, Spoken
from signaling.held import Held
from signaling.messages import Description, Enter, Quality
from telehealth.domain.seating import Seat
from tests.unit.signaling.rooms import (
    AMARA,
    BO,
    NOW,
    VISIT,
    accepted,
    after,
    candidate,
    fresh,
    offer,
    refusal,
    relayed,
    rosters,
)

GUESTS = [Seat(VISIT, f"g{n}", "guest", "Lina", polite=True, relay_only=False) for n in (1, 2, 3)]
ANSWER = Description("answer", "k1", "v=0\r\n")


def room_of(guests: int) -> ForwardedRoom:
    """Return a room of Bo (b1), Dr Amara (a1) and guests (c1, c2, c3)."""
    room = ForwardedRoom(VISIT, seats=8)
    room.enter("b1", BO, fresh(), NOW)
    room.enter("a1", AMARA, fresh(), NOW)
    for number, seat in enumerate(GUESTS[:guests], 1):
        room.enter(f"c{number}", seat, fresh(), NOW)
    return room


def forwarded() -> ForwardedRoom:
    room = room_of(3)
    room.consider(NOW, forwards=True)
    return room


def orders(effects: list[Effect]) -> list[Order]:
    return [effect.order for effect in effects if isinstance(effect, Forward)]


def everybody_gets_everybody(room: ForwardedRoom) -> None:
    people = {"b1": "p", "a1": "s", "c1": "g1", "c2": "g2", "c3": "g3"}
    for connection, who in people.items():
        if who in room.participants():
            feeds = frozenset((other, 1) for other in room.participants() - {who})
            accepted(room.carried(connection, Carried(1, feeds)))


def test_more_than_a_mesh_carries_goes_through_the_forwarding_server() -> None:
    room = room_of(2)
    assert room.consider(NOW, forwards=True) == []
    room.enter("c3", GUESTS[2], fresh(), NOW)
    effects = room.consider(NOW, forwards=True)
    assert orders(effects) == [Carry(VISIT, who, 1, 1) for who in ("g1", "g2", "g3", "p", "s")]
    told = rosters(effects)["b1"]
    assert (told.via, told.carried) == ("sfu", ())
    assert {(pair.other, pair.polite) for pair in told.pairs} >= {("up", False), ("down", True)}
    assert room.consider(NOW, forwards=True) == []


def test_without_a_forwarding_server_everybody_stays_directly_connected() -> None:
    room = room_of(3)
    assert room.consider(NOW, forwards=False) == []
    assert room.roster("p").via == ""


def test_a_weak_line_among_three_sends_once_only() -> None:
    room = room_of(1)
    room.quality("c1", Quality("poor"))
    assert room.consider(after(0), forwards=True) == room.consider(after(4), forwards=True) == []
    assert orders(room.consider(after(5), forwards=True))
    room.quality("c1", Quality("good"))
    assert room.consider(after(60), forwards=True) == [], "it is better because it sends once"


def test_a_weak_line_of_two_stays_direct() -> None:
    room = room_of(0)
    room.quality("b1", Quality("poor"))
    assert room.consider(after(0), forwards=True) == room.consider(after(60), forwards=True) == []


def test_what_a_member_says_goes_to_the_forwarding_server_and_its_answer_comes_back() -> None:
    room = forwarded()
    said = replace(offer(1, 1), to="up")
    assert orders(room.signal("b1", said)) == [Hand(VISIT, "p", "up", 1, said.content)]
    [answered] = relayed(room.spoken(Spoken(VISIT, "p", "up", 1, ANSWER)), "b1")
    assert (answered.sender, answered.epoch, answered.seq, answered.content) == ("up", 1, 2, ANSWER)
    room.connection_lost("b1", NOW)
    again = room.enter("b2", BO, Enter(None, 1, 0, pairs=(Held("up", 1, 1), Held("down", 1, 0))), NOW)
    assert [each.sender for each in relayed(again, "b2")] == ["up"], "what was missed is said again"


def test_who_reloads_gets_new_connections_and_what_is_late_goes_nowhere() -> None:
    room = forwarded()
    room.signal("b1", replace(offer(1, 1), to="up"))
    everybody_gets_everybody(room)
    assert room.roster("p").carried == ("g1", "g2", "g3", "s")
    effects = room.enter("b2", BO, fresh(), NOW)
    assert orders(effects) == [Carry(VISIT, "p", 2, 1)]
    assert rosters(effects)["b2"].carried == (), "the old feed is nobody's any more"
    assert room.spoken(Spoken(VISIT, "p", "up", 1, ANSWER)) == []


def test_each_is_told_who_gets_them_through_the_forwarding_server() -> None:
    room = forwarded()
    effects = room.carried("a1", Carried(1, frozenset({("p", 1)})))
    assert rosters(effects)["b1"].carried == ("s",)
    assert rosters(effects)["c1"].carried == ()
    assert rosters(room.carried("a1", Carried(1, frozenset())))["b1"].carried == (), "it stopped coming in"
    assert rosters(room.carried("a1", Carried(9, frozenset({("p", 1)}))))["b1"].carried == ()


def test_when_the_forwarding_server_dies_all_send_directly_and_it_begins_anew() -> None:
    room = forwarded()
    everybody_gets_everybody(room)
    told = rosters(room.consider(NOW, forwards=False))["b1"]
    assert (told.via, told.carried) == ("", ())
    assert {pair.other for pair in told.pairs} == {"g1", "g2", "g3"}
    again = room.consider(NOW, forwards=True)
    assert orders(again)[0] == Carry(VISIT, "g1", 2, 2)


def test_when_few_are_left_it_goes_back_in_two_steps() -> None:
    room = forwarded()
    everybody_gets_everybody(room)
    room.leave("c3")
    assert room.consider(after(0), forwards=True) == room.consider(after(30), forwards=True) == []
    assert orders(room.leave("c2")) == [Drop(VISIT, "g2")]
    assert room.consider(after(31), forwards=True) == room.consider(after(40), forwards=True) == []
    told = rosters(room.consider(after(41), forwards=True))["b1"]
    assert (told.via, told.carried) == ("mesh", ())
    assert room.consider(after(43), forwards=True) == []
    end = room.consider(after(44), forwards=True)
    assert orders(end) == [Drop(VISIT)]
    assert rosters(end)["b1"].via == ""


def test_after_a_restart_of_the_server_old_connections_are_never_taken_for_new_ones() -> None:
    room = forwarded()
    seat = Seat(VISIT, "g4", "guest", "Cy", polite=True, relay_only=False)
    held = Held("up", 3, 9), Held("down", 1, 2)
    entered = accepted(room.enter("d1", seat, Enter(None, 0, 0, pairs=held), NOW))
    told = entered["pairs"]
    assert isinstance(told, dict)
    assert (told["up"]["epoch"], told["down"]["epoch"]) == (4, 2)


@pytest.mark.parametrize("to", ["up", "down"])
def test_a_stranger_is_refused(to: str) -> None:
    room = forwarded()
    assert refusal(room.signal("z1", replace(offer(1, 1), to=to))) == "not-a-member"
    assert refusal(room.carried("z1", Carried(1, frozenset()))) == "not-a-member"
    waiting = forwarded()
    waiting.leave("b1")
    waiting.enter("b1", BO, Enter(None, 0, 0, prepared=True), NOW)
    assert refusal(waiting.signal("b1", replace(offer(2, 1), to=to))) == "stale-epoch"
    assert refusal(waiting.carried("b1", Carried(1, frozenset()))) == "not-admitted"


def test_hidden_addresses_are_hidden_from_the_forwarding_server_too() -> None:
    room = ForwardedRoom(VISIT, seats=8)
    room.enter("b1", replace(BO, relay_only=True), fresh(), NOW)
    room.enter("a1", AMARA, fresh(), NOW)
    for number, seat in enumerate(GUESTS, 1):
        room.enter(f"c{number}", seat, fresh(), NOW)
    room.consider(NOW, forwards=True)
    assert orders(room.signal("b1", replace(candidate(1, 1), to="up"))) == []


def test_the_end_of_the_visit_is_the_end_of_its_forwarding() -> None:
    assert orders(forwarded().end("ended")) == [Drop(VISIT)]
