"""A room that is only being prepared: signals pass, and nothing else is known or told."""

from dataclasses import replace

from signaling.announcements import Prepare, Relayed, Replaced
from signaling.effects import Accept, Close, Send
from signaling.messages import Description, Enter, Media
from signaling.refusals import Code
from signaling.room import Room
from tests.unit.signaling.rooms import (
    AMARA,
    BO,
    NOW,
    SAID,
    VISIT,
    accepted,
    after,
    answer,
    fresh,
    offer,
    refusal,
    relayed,
    rosters,
    with_epoch,
)

READY = Enter(None, 0, 0, prepared=True)
OFF = Prepare(VISIT, on=False)


def prepared() -> Room:
    """Bo (on b1) and Dr Amara (on a1), not admitted, in epoch 1."""
    room = Room(VISIT)
    room.enter("a1", AMARA, READY, NOW)
    room.enter("b1", BO, READY, NOW)
    return room


def test_nobody_learns_who_else_prepares() -> None:
    room = Room(VISIT)
    room.enter("a1", AMARA, READY, NOW)
    effects = room.enter("b1", BO, READY, NOW)
    assert accepted(effects)["roster"] == []
    assert rosters(effects) == {}
    assert room.roster().members == ()


def test_what_was_offered_before_the_other_came_is_there_for_them() -> None:
    room = Room(VISIT)
    room.enter("a1", AMARA, READY, NOW)
    assert room.signal("a1", offer(1, 1)) == [Accept({"seq": 1})]
    assert relayed(room.enter("b1", BO, READY, NOW), "b1") == [Relayed(1, 1, "s", offer(1, 1).content)]
    assert relayed(room.signal("b1", answer(1, 1)), "a1") == [Relayed(1, 2, "p", answer(1, 1).content)]


def test_microphone_and_camera_are_nobodys_business_yet() -> None:
    assert refusal(prepared().media("b1", Media(audio=True, video=True))) == Code.NOT_ADMITTED


def test_what_is_said_reaches_the_admitted_only() -> None:
    room = prepared()
    assert room.tell(SAID) == []
    assert room.member("a1") == room.member("b1") == Code.NOT_ADMITTED
    room.enter("a1", AMARA, with_epoch(1), NOW)
    assert room.tell(SAID) == [Send("a1", SAID)]
    assert room.member("a1") == AMARA
    assert room.member("stranger") == Code.NOT_A_MEMBER


def test_admission_keeps_the_epoch_and_shows_each_who_has_entered() -> None:
    room = prepared()
    room.signal("a1", offer(1, 1))
    first = room.enter("a1", AMARA, with_epoch(1, 0), NOW)
    assert accepted(first)["epoch"] == 1
    assert accepted(first)["resumed"]
    assert [each.id for each in rosters(first)["a1"].members] == ["s"]
    assert "b1" not in rosters(first)
    second = room.enter("b1", BO, with_epoch(1, 1), NOW)
    assert set(rosters(second)) == {"a1", "b1"}
    assert [each.id for each in room.roster().members] == ["p", "s"]


def test_who_is_in_the_call_prepares_no_more() -> None:
    room = prepared()
    room.enter("a1", AMARA, with_epoch(1), NOW)
    assert refusal(room.enter("a1", AMARA, READY, NOW)) == Code.WRONG_STATE


def test_putting_away_tells_both_and_leaves_an_empty_room() -> None:
    room = prepared()
    assert room.put_away() == [Send("b1", OFF), Send("a1", OFF)]
    assert room.empty
    assert room.put_away() == []


def test_putting_away_leaves_alone_who_has_been_admitted() -> None:
    room = prepared()
    room.enter("a1", AMARA, with_epoch(1), NOW)
    assert room.put_away() == [Send("b1", OFF)]
    assert room.participants() == {"s"}


def test_a_lost_connection_has_no_grace_and_ends_it_for_the_other() -> None:
    room = prepared()
    assert room.connection_lost("b1", NOW) == [Send("a1", OFF)]
    assert room.empty


def test_giving_up_is_no_leave_that_anybody_is_told_of() -> None:
    room = prepared()
    assert room.leave("b1") == [Accept({}), Send("b1", OFF), Send("a1", OFF)]


def test_another_window_takes_the_call_and_the_older_one_goes_on_with_its_other_work() -> None:
    room = prepared()
    effects = room.enter("a2", AMARA, fresh(), NOW)
    told = [effect for effect in effects if isinstance(effect, Send) and effect.to == "a1"]
    assert told == [Send("a1", OFF)]
    assert not any(isinstance(effect, Close) for effect in effects)
    assert not any(isinstance(effect, Send) and isinstance(effect.message, Replaced) for effect in effects)


def test_time_alone_tells_nobody_anything() -> None:
    room = prepared()
    room.heard("b1", NOW, beat=True)
    assert room.tick(after(30)) == []


def test_an_offer_that_comes_along_with_enter_is_the_first_signal_of_the_new_epoch() -> None:
    room = Room(VISIT)
    first = offer(1, 1)
    assert isinstance(first.content, Description)
    bringing = replace(READY, offer=first.content)
    assert accepted(room.enter("a1", AMARA, bringing, NOW))["epoch"] == 1
    assert refusal(room.signal("a1", offer(1, 1))) == Code.STALE_SEQUENCE
    assert relayed(room.enter("b1", BO, READY, NOW), "b1") == [Relayed(1, 1, "s", first.content)]
    again = room.enter("a2", AMARA, bringing, NOW)
    assert accepted(again)["epoch"] == 2
    assert relayed(again, "b1") == [Relayed(2, 1, "s", first.content)]


def test_what_was_sent_while_preparing_is_not_sent_again_on_the_same_connection() -> None:
    room = prepared()
    room.signal("a1", offer(1, 1))
    assert relayed(room.enter("b1", BO, with_epoch(1), NOW), "b1") == []
    room = prepared()
    room.signal("a1", offer(1, 1))
    assert len(relayed(room.enter("b1", BO, fresh(), NOW), "b1")) == 1  # another peer connection
    room = prepared()
    room.signal("a1", offer(1, 1))
    assert len(relayed(room.enter("b2", BO, with_epoch(1), NOW), "b2")) == 1  # another window
