"""Who sits in the room, who is told what, and the whole table of a seat's life."""

from collections.abc import Callable

import pytest

from signaling.announcements import Ended, Replaced
from signaling.effects import Accept, Close, Gone, Refuse, Send
from signaling.messages import Media, Quality
from signaling.room import Room
from signaling.seats import TRANSITIONS, SeatEvent, SeatState
from tests.unit.signaling.rooms import (
    AMARA,
    BO,
    CY,
    LINA,
    NOOR,
    NOW,
    VISIT,
    accepted,
    after,
    call,
    fresh,
    offer,
    refusal,
    rosters,
    with_epoch,
)


def bring(state: SeatState) -> Room:
    """Return a room where Dr Amara is here and Bo is in `state`."""
    room = Room(VISIT)
    room.enter("a1", AMARA, fresh(), NOW)
    if state is not SeatState.OUT:
        room.enter("b1", BO, fresh(), NOW)
    if state is SeatState.AWAY:
        room.connection_lost("b1", NOW)
    return room


APPLY: dict[SeatEvent, Callable[[Room], object]] = {
    SeatEvent.ENTER: lambda room: room.enter("b2", BO, fresh(), NOW),
    SeatEvent.SPEAK: lambda room: room.media("b1", Media(audio=False, video=False)),
    SeatEvent.LOSE: lambda room: room.connection_lost("b1", NOW),
    SeatEvent.LEAVE: lambda room: room.leave("b1"),
    SeatEvent.EXPIRE: lambda room: room.tick(after(61)),
    SeatEvent.REMOVE: lambda room: room.remove("p", "revoked"),
}


@pytest.mark.parametrize("event", list(SeatEvent))
@pytest.mark.parametrize("state", list(SeatState))
def test_every_state_takes_every_event_as_the_table_says(state: SeatState, event: SeatEvent) -> None:
    room = bring(state)
    APPLY[event](room)
    assert room.state("p") is TRANSITIONS.get((state, event), state)
    assert room.state("s") is SeatState.HERE


@pytest.mark.parametrize("state", [SeatState.OUT, SeatState.AWAY])
def test_who_is_not_here_is_refused_and_nobody_else_notices(state: SeatState) -> None:
    for ask in (
        lambda room: room.signal("b1", offer(1, 1)),
        lambda room: room.media("b1", Media(audio=True, video=True)),
        lambda room: room.quality("b1", Quality("good")),
        lambda room: room.leave("b1"),
    ):
        assert refusal(ask(bring(state))) == "not-a-member"


def test_the_first_to_enter_is_told_all_about_the_room() -> None:
    ack = accepted(Room(VISIT).enter("b1", BO, fresh(), NOW))
    member = {"id": "p", "role": "patient", "name": "Bo L.", "here": True, "audio": True, "video": True}
    member["away"] = False
    assert ack == {
        "epoch": 1,
        "you": "p",
        "role": "patient",
        "polite": True,
        "relayOnly": False,
        "resumed": True,
        "since": 0,
        "roster": [{**member, "connection": "unknown"}],
    }


def test_both_see_the_roster_when_the_second_enters() -> None:
    room = Room(VISIT)
    room.enter("b1", BO, fresh(), NOW)
    effects = room.enter("a1", AMARA, fresh(), NOW)
    told = rosters(effects)
    assert set(told) == {"a1", "b1"}
    assert [(member.id, member.here) for member in told["b1"].members] == [("p", True), ("s", True)]
    assert isinstance(effects[0], Accept)


def test_a_third_guest_finds_the_room_full_until_something_else_carries_the_call() -> None:
    room = call()
    room.enter("l1", LINA, fresh(), NOW)
    accepted(room.enter("c1", CY, fresh(), NOW))
    assert refusal(room.enter("n1", NOOR, fresh(), NOW)) == "room-full"
    assert room.participants() == {"p", "s", "g1", "g2"}
    room.seats = 5
    accepted(room.enter("n1", NOOR, fresh(), NOW))


def test_everybody_is_told_whose_hands_speak() -> None:
    room = call()
    told = rosters(room.enter("n1", NOOR, fresh(), NOW))["b1"].wire()["members"]
    assert isinstance(told, list)
    assert {each["id"]: each.get("pinned") for each in told} == {"g3": True, "p": None, "s": None}


def test_a_seat_that_is_away_is_still_taken() -> None:
    room = call()
    room.enter("l1", LINA, fresh(), NOW)
    room.enter("n1", NOOR, fresh(), NOW)
    room.connection_lost("l1", NOW)
    assert refusal(room.enter("c1", CY, fresh(), NOW)) == "room-full"


def test_guests_take_neither_the_patients_seat_nor_the_specialists() -> None:
    room = Room(VISIT)
    for each in (LINA, NOOR):
        accepted(room.enter(each.participant, each, fresh(), NOW))
    assert refusal(room.enter("c1", CY, fresh(), NOW)) == "room-full"
    accepted(room.enter("b1", BO, fresh(), NOW))
    accepted(room.enter("a1", AMARA, fresh(), NOW))


def test_a_lost_socket_is_away_and_never_left() -> None:
    room = call()
    told = rosters(room.connection_lost("b1", NOW))
    assert set(told) == {"a1"}
    [bo, amara] = told["a1"].members
    assert (bo.id, bo.here, bo.connection) == ("p", False, "reconnecting")
    assert amara.here


def test_the_grace_lasts_sixty_seconds_to_the_second() -> None:
    room = call()
    room.connection_lost("b1", NOW)
    assert room.tick(after(59.9)) == []
    effects = room.tick(after(60))
    assert effects[0] == Gone(VISIT, "p", on_purpose=False)
    assert [member.id for member in rosters(effects)["a1"].members] == ["s"]


def test_coming_back_within_the_grace_keeps_everything() -> None:
    room = call()
    room.media("b1", Media(audio=False, video=True))
    room.connection_lost("b1", NOW)
    ack = accepted(room.enter("b2", BO, with_epoch(1), after(59)))
    assert ack["epoch"] == 1
    assert ack["roster"][0]["audio"] is False  # type: ignore[index]
    assert room.tick(after(120)) == []


def test_a_second_connection_replaces_the_older_and_is_no_leave() -> None:
    room = call()
    effects = room.enter("b2", BO, fresh(), NOW)
    assert effects[1:3] == [Send("b1", Replaced()), Close("b1", "replaced")]
    assert all(len(told.members) == 2 for told in rosters(effects).values())
    assert room.connection_lost("b1", NOW) == []
    assert room.state("p") is SeatState.HERE


def test_entering_again_on_the_same_connection_replaces_nothing() -> None:
    effects = call().enter("b1", BO, fresh(), NOW)
    assert not any(isinstance(effect, Close) for effect in effects)


def test_leaving_gives_up_the_seat_at_once() -> None:
    room = call()
    effects = room.leave("b1")
    assert effects[:2] == [Accept({}), Gone(VISIT, "p", on_purpose=True)]
    assert [member.id for member in rosters(effects)["a1"].members] == ["s"]


def test_a_withdrawn_right_tells_the_one_and_shows_the_other() -> None:
    room = call()
    effects = room.remove("p", "revoked")
    assert effects[0] == Send("b1", Ended(VISIT, "revoked"))
    assert set(rosters(effects)) == {"a1"}


def test_somebody_who_is_away_can_be_removed_too() -> None:
    room = call()
    room.connection_lost("b1", NOW)
    assert set(rosters(room.remove("p", "revoked"))) == {"a1"}


def test_the_end_is_told_to_all_and_the_room_stays_closed() -> None:
    room = call()
    assert room.end("ended") == [
        Send("b1", Ended(VISIT, "ended")),
        Send("a1", Ended(VISIT, "ended")),
    ]
    assert room.empty
    assert refusal(room.enter("b1", BO, fresh(), NOW)) == "wrong-state"
    assert refusal(room.signal("a1", offer(1, 1))) == "not-a-member"


def test_mute_and_quality_are_told_once() -> None:
    room = call()
    muted = rosters(room.media("b1", Media(audio=False, video=True)))
    assert [member.audio for member in muted["a1"].members] == [False, True]
    assert room.media("b1", Media(audio=False, video=True)) == [Accept({})]
    poor = rosters(room.quality("b1", Quality("poor")))
    assert poor["a1"].members[0].connection == "poor"
    assert room.quality("b1", Quality("poor")) == [Accept({})]


def test_who_looks_at_another_app_is_told_as_away_until_they_enter_again() -> None:
    room = call()
    away = rosters(room.media("b1", Media(audio=True, video=True, away=True)))
    assert [member.away for member in away["a1"].members] == [True, False]
    assert room.media("b1", Media(audio=True, video=True, away=True)) == [Accept({})]
    back = rosters(room.enter("b2", BO, fresh(), NOW))
    assert not back["a1"].members[0].away


def test_what_is_shared_is_told_until_it_is_not_over_a_lost_socket_too() -> None:
    room = call()
    sharing = Media(audio=True, video=True, shares=(("one", "screen"),))
    told = rosters(room.media("a1", sharing))
    assert [member.shares for member in told["b1"].members] == [(), (("one", "screen"),)]
    assert room.media("a1", sharing) == [Accept({})]
    back = rosters(room.enter("a2", AMARA, with_epoch(1), NOW))
    assert back["b1"].members[1].shares, "nobody's picture flickers because of a socket"
    ended = rosters(room.media("a2", Media(audio=True, video=True)))
    assert not ended["b1"].members[1].shares


def test_a_silent_member_is_shown_as_reconnecting_until_heard() -> None:
    room = call()
    room.heard("b1", NOW, beat=True)
    assert room.tick(after(19.9)) == []
    silent = rosters(room.tick(after(20)))
    assert silent["a1"].members[0].connection == "reconnecting"
    assert silent["a1"].members[0].here
    assert room.tick(after(21)) == []
    assert rosters(room.heard("b1", after(22)))["a1"].members[0].connection == "unknown"


def test_who_never_sent_a_probe_may_be_silent() -> None:
    room = call()
    room.heard("b1", NOW)
    room.heard("nobody", NOW)
    assert room.tick(after(3600)) == []


def test_a_refused_stranger_changes_nothing() -> None:
    room = call()
    before = room.roster()
    assert room.signal("c1", offer(1, 1)) == [Refuse("not-a-member")]  # type: ignore[arg-type]
    assert room.remove("x", "revoked") == []
    assert room.roster() == before
